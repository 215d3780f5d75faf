/** Helper of the fan-out measurement: a server that does nothing but send recorded messages, and tells its own CPU time. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openSender, type FanoutServerQuestion, type PlayAnswer, type Sender } from './fanout-senders.ts';
import { answerQuestions } from './helper.ts';

let send: Sender = () => undefined;
let messages: readonly Buffer[] = [];
let next = 0;

answerQuestions<FanoutServerQuestion>(async (question) => {
	switch (question.do) {
		case 'listen': {
			const http = createServer();
			send = openSender(question.sender, http);
			http.listen(0, '127.0.0.1');
			await once(http, 'listening');
			return (http.address() as AddressInfo).port;
		}
		case 'load':
			messages = question.messages.map((bytes) => Buffer.from(bytes));
			return null;
		case 'play':
			return await play(question.messages, question.everyMs);
	}
});

async function play(count: number, everyMs: number): Promise<PlayAnswer> {
	const started = performance.now();
	const before = process.cpuUsage();
	for (let n = 0; n < count; n++) {
		send(messages[next++ % messages.length] as Buffer);
		await delay(everyMs);
	}
	if (count === 0) await delay(everyMs);
	const { user, system } = process.cpuUsage(before);
	return { cpuUs: user + system, ms: performance.now() - started };
}
