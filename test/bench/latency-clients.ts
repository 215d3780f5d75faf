/**
 * Helper of the latency measurement: stock socket.io clients that all listen to the city. The last one to join, which
 * the server serves last, also opens and applies its frames, and sends the probes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { applyFrame, openFrame, type TopicState } from '#domain/frame.ts';
import { TICK_MS } from '#server/hub/board.ts';
import { streamOf } from '#server/stream/names.ts';
import { openRedis } from '#server/stream/redis-link.ts';
import { answerQuestions } from './helper.ts';

type Headers = Readonly<Record<string, string>>;

export type ClientsQuestion =
	| {
			readonly do: 'connect';
			readonly url: string;
			/** of somebody who may read the city */
			readonly headers: Headers;
			readonly clients: number;
			readonly probed: string;
	  }
	| { readonly do: 'probe'; readonly redisSocket: string; readonly probes: number };

export interface ProbeAnswer {
	/** ms, of the probes that were shown */
	readonly latencies: number[];
	readonly missing: number;
	/** frames of the measuring client that did not follow */
	readonly gaps: number;
	/** per second, at the client that got fewest */
	readonly fewestFrames: number;
}

/** A probe not shown by then counts as missing. */
const PROBE_LIMIT_MS = 5000;
/** Probes stand alone: this after the one before was shown, plus up to two ticks, so that every phase of a tick is met. */
const PROBE_REST_MS = 100;

const frames: number[] = [];
let state: TopicState | null = null;
let gaps = 0;
let probed = '';
let onApplied: () => void = () => undefined;

answerQuestions<ClientsQuestion>(async (question) => {
	if (question.do === 'probe') return await probe(question.redisSocket, question.probes);
	probed = question.probed;
	for (let n = 0; n < question.clients; n++) {
		const socket = await join(question.url, question.headers);
		frames.push(0);
		socket.on('frame', () => frames[n]!++);
		if (n === question.clients - 1) {
			applyAll(socket);
			while (state === null) await delay(10);
		}
	}
	return null;
});

async function join(url: string, headers: Headers): Promise<Socket> {
	const socket = io(url, {
		...{ path: '/live', transports: ['websocket'], forceNew: true, reconnection: false },
		extraHeaders: { ...headers }
	});
	await new Promise<void>((resolve, reject) => {
		socket.once('hello', () => resolve());
		socket.once('connect_error', reject);
	});
	socket.on('disconnect', (reason) => {
		throw new Error(`a client lost its line: ${reason}`);
	});
	// Not waited for: the snapshot comes right behind the answer and must find its listener.
	void socket.emitWithAck('join', 'city', null).then((answer: { ok: boolean }) => {
		if (!answer.ok) throw new Error(`join was refused: ${JSON.stringify(answer)}`);
	});
	return socket;
}

/** As a page does it: frames are opened one after the other, in the order in which they came. */
function applyAll(socket: Socket): void {
	let opening: Promise<void> = Promise.resolve();
	socket.on('frame', (message: Buffer) => {
		opening = opening.then(async () => {
			const applied = applyFrame(state, await openFrame(new Uint8Array(message)));
			state = applied.state;
			if (applied.outcome === 'gap') gaps++;
			onApplied();
		});
	});
}

async function probe(redisSocket: string, probes: number): Promise<ProbeAnswer> {
	const redis = await openRedis({ socketPath: redisSocket }, console.error);
	const latencies: number[] = [];
	const before = [...frames];
	const started = performance.now();
	for (let n = 1; n <= probes; n++) {
		await delay(PROBE_REST_MS + Math.random() * 2 * TICK_MS);
		const event = JSON.stringify({
			specversion: '1.0',
			id: `probe-${n}`,
			source: '/probe',
			time: new Date().toISOString(),
			subject: probed,
			type: 'people.counted',
			data: { in: 0, out: 0, inside: n }
		});
		const shown = untilInside(n);
		const sentAt = performance.now();
		void redis.xAdd(streamOf(0), '*', { e: event });
		const shownAt = await shown;
		if (shownAt !== null) latencies.push(shownAt - sentAt);
	}
	const seconds = (performance.now() - started) / 1000;
	redis.destroy();
	const fewestFrames = Math.min(...frames.map((count, n) => count - before[n]!)) / seconds;
	return { latencies, missing: probes - latencies.length, gaps, fewestFrames };
}

/** When the model holds this head count of the probed station; null when it does not in time. */
function untilInside(inside: number): Promise<number | null> {
	const row = state?.directory.sites.findIndex(({ code }) => code === probed) ?? -1;
	return new Promise((resolve) => {
		const limit = setTimeout(() => resolve(null), PROBE_LIMIT_MS);
		onApplied = () => {
			if (state?.columns.inside[row] !== inside) return;
			clearTimeout(limit);
			resolve(performance.now());
		};
	});
}
