import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Rejected, RejectedLog } from '#server/stream/rejected.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import { EventDoor, MAX_BODY_BYTES } from './event-door.ts';

const NOW = Date.UTC(2026, 5, 1, 8);
const event = (id: string, more: object = {}) => ({
	specversion: '1.0',
	id,
	source: 's',
	subject: 'S-1',
	type: 'station.heartbeat',
	time: '2026-06-01T08:00:00Z',
	data: {},
	...more
});

function request(body: string, headers: Record<string, string> = {}): IncomingMessage {
	const all = { authorization: 'Bearer good', 'content-type': 'application/cloudevents-batch+json', ...headers };
	return Object.assign(Readable.from([Buffer.from(body)]), { headers: all }) as unknown as IncomingMessage;
}

function openDoor(
	xAdd: (stream: string) => Promise<string> = async () => '1-0',
	add: () => Promise<void> = async () => undefined
) {
	const appended: [string, string][] = [];
	const rejected: Rejected[] = [];
	const asked: string[] = [];
	let now = NOW;
	const door = new EventDoor({
		redis: {
			xAdd: (stream: string, _: string, { e }: { e: string }) => (appended.push([stream, e]), xAdd(stream))
		} as unknown as Redis,
		rejected: { add: async (list: Rejected[]) => (rejected.push(...list), add()) } as unknown as RejectedLog,
		sourceOfKey: async (key) => (asked.push(key), key === 'good' ? 'gw' : null),
		shardOf: (code) => ({ 'S-1': 0, 'S-2': 1 })[code] ?? null,
		now: () => now,
		// What could not be kept is told to the log alone.
		onError: () => undefined
	});
	return { door, appended, rejected, asked, wait: (ms: number) => (now += ms) };
}

describe('POST /api/events', () => {
	test('a single event that is refused is a bad request with its reason, and is kept', async () => {
		const { door, appended, rejected } = openDoor();
		const single = request(JSON.stringify(event('1', { subject: 'S-9' })));
		single.headers['content-type'] = 'application/cloudevents+json';
		const answer = await door.answer(single);
		expect(answer.status).toBe(400);
		expect(answer.body).toMatchObject({ code: 'unknown_station', accepted: 0, rejected: [{ index: 0 }] });
		expect(appended).toEqual([]);
		expect(rejected).toHaveLength(1);
		expect(door.metrics.refused.get('unknown_station')).toBe(1);
	});

	test('stores only what the type names: neither foreign fields nor foreign depths reach the stream', async () => {
		const { door, appended } = openDoor();
		const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
		const good = event('1') as { data: object };
		const nosy = JSON.stringify({ ...good, person_hash: 'x', data: { ...good.data, name: 'somebody' } });
		const body = `[${nosy},${JSON.stringify(event('2')).replace(/}$/, `,"x":${deep}}`)},${JSON.stringify(event('3'))}]`;
		const answer = await door.answer(request(body));
		expect(answer).toMatchObject({ status: 202, body: { accepted: 3 } });
		expect(appended.map(([, e]) => Object.keys(JSON.parse(e))).flat()).not.toContain('x');
		expect(appended[0]?.[1]).not.toMatch(/person_hash|somebody/);
	});

	test('takes the good events of a batch to the streams of their sites and names the bad ones by their place', async () => {
		const { door, appended, rejected } = openDoor();
		const events = [
			event('1'),
			event('2', { subject: 'S-2' }),
			event('3', { subject: 'S-9' }),
			event('4', { type: 'x' }),
			event('5', { time: '2026-06-01T08:05:00.001Z' }),
			event('6', { time: '2026-05-31T07:59:59.999Z' }),
			7
		];
		const answer = await door.answer(request(JSON.stringify(events)));
		expect(answer.status).toBe(202);
		expect(answer.body).toMatchObject({
			accepted: 2,
			rejected: [
				{ index: 2, code: 'unknown_station' },
				{ index: 3, code: 'unknown_type' },
				{ index: 4, code: 'future_time' },
				{ index: 5, code: 'late_time' },
				{ index: 6, code: 'not_cloudevent' }
			]
		});
		expect(appended.map(([stream, e]) => [stream, JSON.parse(e).id])).toEqual([
			['ops:events:0', '1'],
			['ops:events:1', '2']
		]);
		expect(rejected.map(({ door: where, refusal }) => [where, refusal.code])).toEqual([
			['http', 'unknown_station'],
			['http', 'unknown_type'],
			['http', 'future_time'],
			['http', 'late_time'],
			['http', 'not_cloudevent']
		]);
	});

	test.each([[''], ['good'], ['Basic good'], ['Bearer bad'], ['Bearer  good'], ['Bearer good extra']])(
		'answers 401 to "%s"',
		async (authorization) => {
			const { door, appended } = openDoor();
			expect(await door.answer(request(JSON.stringify([event('1')]), { authorization }))).toMatchObject({
				status: 401,
				body: { code: 'unauthorised' }
			});
			expect(appended).toEqual([]);
		}
	);

	test('asks for a key again after 5 seconds, so that a revoked one stops working', async () => {
		const { door, asked, wait } = openDoor();
		await door.answer(request('[]'));
		await door.answer(request('[]'));
		expect(asked.length).toBe(1);
		wait(5001);
		await door.answer(request('[]'));
		expect(asked.length).toBe(2);
	});

	test('answers 413 to a body that is too large, whether it says so or not', async () => {
		const { door } = openDoor();
		const body = `[${' '.repeat(MAX_BODY_BYTES)}]`;
		expect(await door.answer(request(body))).toMatchObject({ status: 413 });
		expect(await door.answer(request('[]', { 'content-length': String(MAX_BODY_BYTES + 1) }))).toMatchObject({
			status: 413
		});
	});

	test('fails as a whole, and as one caught error, when Redis goes away in the middle of a batch', async () => {
		const fail = async (): Promise<never> => {
			throw new Error('Socket closed unexpectedly');
		};
		const unhandled: unknown[] = [];
		const note = (reason: unknown): void => void unhandled.push(reason);
		process.prependListener('unhandledRejection', note);
		const others = process.listeners('unhandledRejection').filter((listener) => listener !== note);
		for (const listener of others) process.removeListener('unhandledRejection', listener);
		try {
			const { door } = openDoor(fail, fail);
			await expect(door.answer(request(JSON.stringify([event('1'), event('2'), 7])))).rejects.toThrow('Socket closed');
			await new Promise((resolve) => setImmediate(resolve));
		} finally {
			process.removeListener('unhandledRejection', note);
			for (const listener of others) process.on('unhandledRejection', listener);
		}
		expect(unhandled).toEqual([]);
	});
});
