/** What one client of the real product receives at an event rate: the messages, and every byte on its wire. */
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { TICK_MS } from '#server/hub/board.ts';
import { startCity, startTraffic, type Traffic } from './city.ts';

export interface Recording {
	/** as the server made them; the first is the snapshot of the join */
	readonly messages: readonly Buffer[];
	/** from the opening of the connection to its end: handshake, snapshot, frames, all framing */
	readonly wireBytes: number;
	/** what was sent to the stream meanwhile */
	readonly sent: Traffic['sent'];
	readonly seconds: number;
	readonly stations: number;
}

const WARM_UP_MS = 5000;

const done = new Map<string, Promise<Recording>>();

/** Records once per rate and length, however many measurements ask. */
export function recordCity(eventsPerSecond: number, seconds: number): Promise<Recording> {
	const key = `${eventsPerSecond}/${seconds}`;
	const recording = done.get(key) ?? record(eventsPerSecond, seconds);
	done.set(key, recording);
	return recording;
}

async function record(eventsPerSecond: number, seconds: number): Promise<Recording> {
	const city = await startCity();
	const traffic = startTraffic(city.redis, city.codes, eventsPerSecond);
	try {
		await delay(WARM_UP_MS);
		const before = { ...traffic.sent };
		const extraHeaders = { ...city.person.headers };
		const socket = io(city.url, { path: '/live', transports: ['websocket'], reconnection: false, extraHeaders });
		// Nobody would notice a recording of nothing before it is played.
		socket.on('connect_error', (error) => {
			throw error;
		});
		const messages: Buffer[] = [];
		socket.on('frame', (message: Buffer) => messages.push(Buffer.from(message)));
		socket.on('hello', () => socket.emit('join', 'city', null));
		await delay(seconds * 1000);
		const sent = difference(traffic.sent, before);
		await traffic.stop();
		await city.untilTaken(traffic.sent.events);
		// The last events are framed by the next tick.
		await delay(2 * TICK_MS);
		const wireBytes = bytesRead(socket);
		socket.disconnect();
		return { messages, wireBytes, sent, seconds, stations: city.codes.length };
	} finally {
		await city.stop();
	}
}

function difference(after: Traffic['sent'], before: Traffic['sent']): Traffic['sent'] {
	return {
		events: after.events - before.events,
		jsonBytes: after.jsonBytes - before.jsonBytes,
		messageBytes: after.messageBytes - before.messageBytes
	};
}

/** Every byte that the client's TCP socket took in. Untyped on the way there: Engine.IO's transport, the ws object in it. */
function bytesRead({ io: manager }: Socket): number {
	const { transport } = manager.engine as unknown as { transport: { ws: { _socket: { bytesRead: number } } } };
	return transport.ws._socket.bytesRead;
}
