import { describe, expect, test } from 'vitest';
import type { StationEvent } from '#domain/event.ts';
import { DOOR_BATCH, eventDoor } from './event-door.ts';

const events = (count: number): StationEvent[] =>
	Array.from({ length: count }, (_, index) => ({
		...{ specversion: '1.0', id: `e${index}`, source: 'test', subject: 'S1', time: '2025-10-14T04:00:00.000Z' },
		...{ type: 'station.heartbeat', data: {} }
	}));

interface Request {
	readonly ids: string[];
	readonly headers: Headers;
	readonly address: string;
}

/** A door whose server gives these answers in turn, the last one for ever. */
function doorWith(...answers: ((request: Request) => Response)[]) {
	const requests: Request[] = [];
	const waits: number[] = [];
	const door = eventDoor({
		url: 'http://127.0.0.1:3000',
		key: 'secret',
		attempts: 4,
		sleep: async (ms) => waits.push(ms),
		fetch: async (address, init) => {
			const ids = (JSON.parse(String(init?.body)) as StationEvent[]).map((event) => event.id);
			const request = { ids, headers: new Headers(init?.headers), address: String(address) };
			requests.push(request);
			return answers[Math.min(requests.length, answers.length) - 1]!(request);
		}
	});
	return { door, requests, waits };
}

const took = (request: Request) => Response.json({ accepted: request.ids.length, rejected: [] }, { status: 202 });
const status =
	(code: number, text = '') =>
	() =>
		new Response(text, { status: code });
const away = () => {
	throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
};

describe('the door from outside', () => {
	test('sends batches with the key, in order, and adds up what was taken', async () => {
		const { door, requests } = doorWith(took);
		expect(await door.send(events(DOOR_BATCH * 2 + 1))).toEqual({ accepted: 1001, rejected: [] });
		expect(requests.map((request) => request.ids.length)).toEqual([500, 500, 1]);
		expect(requests[0]?.address).toBe('http://127.0.0.1:3000/api/events');
		expect(requests[0]?.headers.get('authorization')).toBe('Bearer secret');
		expect(requests[0]?.headers.get('content-type')).toBe('application/cloudevents-batch+json');
		expect(requests.flatMap((request) => request.ids)).toEqual(events(1001).map((event) => event.id));
	});

	test('tells of each refused event its place among all that were given', async () => {
		const refuseFirst = (request: Request) =>
			Response.json(
				{ accepted: request.ids.length - 1, rejected: [{ index: 0, code: 'unknown_station', message: 'No.' }] },
				{ status: 202 }
			);
		const { door } = doorWith(refuseFirst);
		const answer = await door.send(events(600));
		expect(answer.accepted).toBe(598);
		expect(answer.rejected.map((one) => one.index)).toEqual([0, 500]);
	});

	test('sends again, ever later, while the server is busy or away', async () => {
		const { door, requests, waits } = doorWith(status(503), away, status(429), took);
		expect(await door.send(events(3))).toEqual({ accepted: 3, rejected: [] });
		expect(requests).toHaveLength(4);
		expect(waits).toEqual([250, 500, 1000]);
	});

	test('gives up with a sentence when the server stays away', async () => {
		const { door } = doorWith(away);
		await expect(door.send(events(1))).rejects.toThrow(
			'http://127.0.0.1:3000 did not take the events (connect ECONNREFUSED, 4 attempts). Is the server running?'
		);
	});

	test('halves a batch that is too large', async () => {
		const { door, requests } = doorWith((request) => (request.ids.length > 200 ? status(413)() : took(request)));
		expect((await door.send(events(500))).accepted).toBe(500);
		expect(requests.map((request) => request.ids.length)).toEqual([500, 250, 125, 125, 250, 125, 125]);
	});

	test.each([
		[401, 'The server does not know this key'],
		[400, 'The server refused the request with 400: bad body'],
		[413, 'The server refused the request with 413']
	])('does not try again on %i', async (code, sentence) => {
		const { door, requests } = doorWith(status(code, 'bad body'));
		await expect(door.send(events(1))).rejects.toThrow(sentence);
		expect(requests).toHaveLength(1);
	});

	test('does not take the answer of something else for its own', async () => {
		const { door } = doorWith(status(200, '<html>'));
		await expect(door.send(events(1))).rejects.toThrow('Is the address right?');
		expect(() => eventDoor({ url: 'nonsense', key: '', sleep: async () => undefined })).toThrow('is no address');
	});
});
