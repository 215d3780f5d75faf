/**
 * Helper of the fan-out measurement: raw WebSocket clients that only count binary messages. The same program stands
 * before every server, so that only the servers differ; to a Socket.IO server it says the few words of that protocol
 * by hand (Engine.IO 4: `2` ping, `3` pong, `4…` message; Socket.IO 5: `40` connect, `420[…]` event with ack 0).
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { answerQuestions } from './helper.ts';

export type FanoutClientsQuestion =
	| { readonly do: 'connect'; readonly port: number; readonly clients: number; readonly speaks: 'ws' | 'socket.io' }
	/** answers how many binary messages arrived since it was asked last, once no more arrive */
	| { readonly do: 'count' };

const QUIET_MS = 60;

let received = 0;

answerQuestions<FanoutClientsQuestion>(async (question) => {
	if (question.do === 'count') return await count();
	const path = question.speaks === 'ws' ? 'live' : 'live/?EIO=4&transport=websocket';
	for (let n = 0; n < question.clients; n++) {
		const socket = new WebSocket(`ws://127.0.0.1:${question.port}/${path}`, { perMessageDeflate: false });
		const ready = question.speaks === 'ws' ? once(socket, 'open') : joined(socket);
		socket.on('message', (_data, isBinary) => {
			if (isBinary) received++;
		});
		socket.on('close', () => {
			throw new Error('a client lost its line');
		});
		await ready;
	}
	return null;
});

async function joined(socket: WebSocket): Promise<void> {
	await new Promise<void>((resolve) => {
		socket.on('message', (data: Buffer, isBinary) => {
			if (isBinary) return;
			const packet = data.toString('latin1');
			if (packet.startsWith('0')) socket.send('40');
			else if (packet === '2') socket.send('3');
			else if (packet.startsWith('40')) {
				socket.send('420["join","city",null]');
				resolve();
			}
		});
	});
}

async function count(): Promise<number> {
	let last = -1;
	while (last !== received) {
		last = received;
		await delay(QUIET_MS);
	}
	received = 0;
	return last;
}
