/** The three ways of giving one binary message to everybody that the fan-out measurement compares. */
import type { Server as HttpServer } from 'node:http';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import { emptyState, setRegistry } from '#domain/state.ts';
import { Board } from '#server/hub/board.ts';
import { LiveServer } from '#server/push/live-server.ts';
import { testAccess } from '#test/support/access.ts';
import { benchAreas, benchSites } from './world.ts';

export const SENDERS = ['live', 'ws', 'emit'] as const;
export type SenderName = (typeof SENDERS)[number];

export type FanoutServerQuestion =
	/** answers the port */
	| { readonly do: 'listen'; readonly sender: SenderName }
	| { readonly do: 'load'; readonly messages: readonly Uint8Array[] }
	/** sends so many messages, then answers what it cost; none: one stretch of `everyMs` without sending */
	| { readonly do: 'play'; readonly messages: number; readonly everyMs: number };

export interface PlayAnswer {
	/** user and system time of the process */
	readonly cpuUs: number;
	readonly ms: number;
}

/** Gives a message to every connected client. */
export type Sender = (message: Buffer) => void;

export function openSender(name: SenderName, http: HttpServer): Sender {
	switch (name) {
		case 'live':
			return openLive(http);
		case 'ws':
			return openBareWs(http);
		case 'emit':
			return openEmit(http);
	}
}

/** The product's own delivery on a real board; only the messages come from the recording. */
function openLive(http: HttpServer): Sender {
	const state = emptyState(Date.now());
	setRegistry(state, benchSites(801), benchAreas);
	const live = new LiveServer({
		http,
		build: 'bench',
		epoch: 'bench',
		now: Date.now,
		origin: null,
		...testAccess().options
	});
	const board = new Board({
		state,
		shards: [],
		sourcePeriods: () => new Map(),
		epoch: 'bench',
		isDemo: () => true,
		deliver: () => undefined
	});
	const topic = board.open('city', Date.now());
	if (!topic) throw new Error('the board has no city');
	live.attach(board);
	let { seq } = topic;
	return (bytes) => live.deliver(topic, { seq: ++seq, sentAt: Date.now(), bytes });
}

function openBareWs(http: HttpServer): Sender {
	const server = new WebSocketServer({ server: http, path: '/live', perMessageDeflate: false });
	return (bytes) => {
		for (const client of server.clients) client.send(bytes);
	};
}

function openEmit(http: HttpServer): Sender {
	const server = new SocketIoServer(http, { path: '/live', transports: ['websocket'], serveClient: false });
	return (bytes) => {
		for (const socket of server.sockets.sockets.values()) socket.emit('frame', bytes);
	};
}
