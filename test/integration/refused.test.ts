import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RefusalCode } from '#domain/refusal.ts';
import { EventDoor } from '#server/ingest/event-door.ts';
import { refusedRoutes, type RefusedList } from '#server/refused/routes.ts';
import { REJECTED_STREAM } from '#server/stream/names.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { RejectedLog, type Rejected } from '#server/stream/rejected.ts';
import { NO_PLACES } from '#test/support/access.ts';
import { EVERYTHING, openDoors, type TestDoors } from '#test/support/doors.ts';
import { startTestRedis, type TestRedis } from '#test/support/redis.ts';
import { visit } from '#test/support/stations.ts';

const NOW = Date.now();
const STREAM = 'ops:events:0';

let server: TestRedis;
let redis: Redis;
let doors: TestDoors;
/** for who may read refusals, and not mend them */
let readers: TestDoors;
let rejected: RejectedLog;
beforeAll(async () => {
	server = await startTestRedis();
	redis = await openRedis({ socketPath: server.socketPath }, () => undefined);
	rejected = new RejectedLog(redis);
	const door = new EventDoor({
		...{ redis, rejected, now: () => NOW, accountOfKey: async () => null, onKeyUsed: async () => undefined },
		...{ audit: { refused: () => undefined }, addressOf: () => '127.0.0.1', eventsPerSecond: 50_000 },
		places: { site: () => null, districtOfStreet: () => null },
		shardOf: (site) => (site === 'S-1' ? 0 : null),
		onError: (error) => expect(error).toBeNull()
	});
	const audit = { record: async () => undefined, recordIn: async () => undefined, refused: () => undefined };
	const routes = refusedRoutes({ redis, door, now: () => NOW, places: NO_PLACES, audit });
	doors = await openDoors(routes);
	const grants = [{ column: 'district_admin' as const, scope: { level: 'city' as const }, lines: null }];
	readers = await openDoors(routes, { ...EVERYTHING, grants });
});
afterAll(async () => {
	await doors.close();
	await readers.close();
	redis.destroy();
	await server.stop();
});
beforeEach(() => redis.flushAll());

const refused = (code: RefusalCode, payload: string, more: Partial<Rejected> = {}): Rejected => ({
	refusal: { code, message: `It is ${code}. Mend it.` },
	payload,
	door: 'http',
	...more
});
async function list(params = ''): Promise<RefusedList> {
	const response = await fetch(`${doors.url}/api/refused?${params}`);
	expect([params, response.status]).toEqual([params, 200]);
	return (await response.json()) as RefusedList;
}
const payloads = ({ entries }: RefusedList): string[] => entries.map(({ payload }) => payload ?? 'withheld');

describe('the list of refused entries', () => {
	test('is empty at first', async () => {
		expect(await list()).toEqual({ total: 0, entries: [], next: null });
	});

	test('gives the newest first, with reason, sentence, payload, door and the moment of receipt', async () => {
		await rejected.add([refused('late_time', '{"id":"one"}')]);
		await rejected.add([refused('unknown_station', '{"id":"two"}', { door: STREAM, entry: '1780272000000-5' })]);
		const { total, entries, next } = await list();
		expect([total, next]).toEqual([2, null]);
		expect(entries).toMatchObject([
			{
				...{
					reason: 'unknown_station',
					message: 'It is unknown_station. Mend it.',
					payload: '{"id":"two"}',
					isCut: false
				},
				...{ door: STREAM, entry: '1780272000000-5', receivedAt: '2026-06-01T00:00:00.000Z', resent: null }
			},
			{ reason: 'late_time', payload: '{"id":"one"}', door: 'http', entry: null }
		]);
		expect(Date.parse(entries[1]?.receivedAt ?? '')).toBe(Number.parseInt(entries[1]?.id ?? '', 10));
	});

	test('is searched in payload and sentence, in any case, also where a program escaped the characters', async () => {
		await rejected.add([refused('late_time', '{"subject":"WX-7","device":"\\u9a7f\\u7ad9"}')]);
		await rejected.add([refused('invalid_data', '{"subject":"wx-7"}')]);
		await rejected.add([refused('invalid_data', '{"subject":"WX-8","device":"驿站"}')]);
		expect((await list('q=wx-7')).entries).toHaveLength(2);
		expect((await list('q=WX-7&reason=late_time')).entries).toHaveLength(1);
		expect((await list(`q=${encodeURIComponent('驿站')}`)).entries).toHaveLength(2);
		expect((await list('q=IS%20INVALID_DATA')).entries).toHaveLength(2);
		expect((await list('reason=invalid_data')).entries).toHaveLength(2);
		expect((await list('q=nowhere')).entries).toEqual([]);
	});

	test('shows and searches no payload to who may not mend it', async () => {
		await rejected.add([refused('late_time', '{"id":"private"}')]);
		const asked = async (params: string) =>
			(await (await fetch(`${readers.url}/api/refused?${params}`)).json()) as RefusedList;
		expect((await asked('')).entries).toMatchObject([{ reason: 'late_time', payload: null, door: 'http' }]);
		expect((await asked('q=private')).entries).toEqual([]);
		expect((await asked('q=mend')).entries).toHaveLength(1);
	});

	test('is paged without a gap or a double', async () => {
		for (let i = 0; i < 25; i++) await rejected.add([refused(i % 2 ? 'late_time' : 'invalid_data', `{"id":"p${i}"}`)]);
		for (const filter of ['', 'reason=late_time', 'q=p']) {
			const all = payloads(await list(`${filter}&limit=200`));
			const paged: string[] = [];
			let before = '';
			for (;;) {
				const page = await list(`${filter}&limit=4&before=${before}`);
				expect(page.total).toBe(25);
				paged.push(...payloads(page));
				if (page.next === null) break;
				before = page.next;
			}
			expect(paged).toEqual(all);
		}
	});

	test('a flood is looked through in parts: each answer says where to go on, and nothing is missed', async () => {
		const count = 20_000;
		const message = 'No site has this code.';
		const multi = redis.multi();
		for (let i = 0; i < count; i++) {
			const payload = i % 7000 === 3 ? `needle ${i}` : 'x'.repeat(200);
			multi.xAdd(REJECTED_STREAM, '*', { reason: 'unknown_station', message, e: payload, door: 'http' });
		}
		await multi.exec();
		const found: string[] = [];
		let before = '';
		let requests = 0;
		for (;;) {
			const page = await list(`q=needle&before=${before}`);
			requests++;
			found.push(...payloads(page));
			if (page.next === null) break;
			before = page.next;
		}
		expect(found).toEqual(['needle 14003', 'needle 7003', 'needle 3']);
		expect(requests).toBe(5);
	});

	test.each(['limit=0', 'limit=201', 'limit=x', 'before=abc', 'before=1', 'reason=because', `q=${'x'.repeat(201)}`])(
		'refuses %s with one sentence',
		async (params) => {
			const response = await fetch(`${doors.url}/api/refused?${params}`);
			expect([response.status, await response.json()]).toMatchObject([400, { code: 'bad_query' }]);
		}
	);
});

describe('sending a refused event again', () => {
	const mended = visit('S-1', NOW);
	async function resend(body: unknown) {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const response = await fetch(`${doors.url}/api/refused/resend`, { method: 'POST', body: text });
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	}
	async function refuseOne(): Promise<string> {
		await rejected.add([refused('unknown_station', JSON.stringify(visit('S-9', NOW)))]);
		return (await list()).entries[0]?.id ?? '';
	}
	const streamLength = (): Promise<number> => redis.xLen(STREAM);

	test('puts the mended event onto its stream and marks the entry, which stays', async () => {
		const id = await refuseOne();
		const { status, body } = await resend({ id, event: { ...mended, extra: 'not stored' } });
		const [entry] = (await redis.xRange(STREAM, '-', '+')) ?? [];
		const result = { stream: STREAM, entry: entry?.id, at: new Date(NOW).toISOString() };
		expect([status, body]).toEqual([202, { id, resent: result }]);
		expect(JSON.parse(entry?.message['e'] ?? '')).toEqual(JSON.parse(JSON.stringify(mended)));
		expect((await list()).entries).toMatchObject([{ id, resent: result }]);
	});

	test('a second time it answers with what became of the first, and sends nothing', async () => {
		const id = await refuseOne();
		const first = await resend({ id, event: mended });
		const second = await resend({ id, event: visit('S-1', NOW) });
		expect([second.status, second.body['code'], second.body['resent']]).toEqual([
			...[409, 'already_resent'],
			first.body['resent']
		]);
		expect(await streamLength()).toBe(1);
	});

	test('of two at the same time one is sent', async () => {
		const id = await refuseOne();
		const both = await Promise.all([resend({ id, event: mended }), resend({ id, event: mended })]);
		expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
		expect(await streamLength()).toBe(1);
	});

	test('an event that is still wrong is refused as POST /api/events would, and may be mended again', async () => {
		const id = await refuseOne();
		const wrong: [object, RefusalCode][] = [
			[visit('S-9', NOW), 'unknown_station'],
			[visit('S-1', NOW - 25 * 3_600_000), 'late_time'],
			[visit('S-1', NOW + 3_600_000), 'future_time'],
			[{ ...mended, type: 'station.exploded' }, 'unknown_type'],
			[{ ...mended, data: {} }, 'invalid_data'],
			[[mended], 'not_cloudevent']
		];
		for (const [event, code] of wrong)
			expect(await resend({ id, event })).toMatchObject({ status: 400, body: { code, id } });
		expect([await streamLength(), (await list()).total]).toEqual([0, 1]);
		expect((await resend({ id, event: mended })).status).toBe(202);
	});

	test('a claim whose process died is free again after a minute', async () => {
		const id = await refuseOne();
		const claim = (at: number) => JSON.stringify({ stream: null, entry: null, at: new Date(at).toISOString() });
		await redis.hSet('ops:resent', id, claim(NOW - 59_000));
		expect((await resend({ id, event: mended })).status).toBe(409);
		await redis.hSet('ops:resent', id, claim(NOW - 61_000));
		expect((await resend({ id, event: mended })).status).toBe(202);
	});

	test('marks are bounded: the oldest go', async () => {
		const marks = Array.from(
			{ length: 20_000 },
			(_, i) => [`${i + 1}-0`, '{"stream":null,"entry":null,"at":""}'] as const
		);
		await redis.hSet('ops:resent', Object.fromEntries(marks));
		const id = await refuseOne();
		expect((await resend({ id, event: mended })).status).toBe(202);
		expect(await redis.hLen('ops:resent')).toBe(10_000);
		expect(await redis.hExists('ops:resent', id)).toBe(1);
	});

	test.each([
		'',
		'{',
		'null',
		'[]',
		'{"id":"1-0"}',
		'{"id":1,"event":{}}',
		'{"id":"x","event":{}}',
		'{"id":"1-0","event":"x"}'
	])('a body like %s is answered with what to send', async (body) =>
		expect(await resend(body)).toMatchObject({ status: 400, body: { code: 'bad_body' } })
	);

	test('an entry that is not kept is said to be unknown', async () => {
		expect(await resend({ id: '1-0', event: mended })).toMatchObject({ status: 404, body: { code: 'unknown_entry' } });
	});

	test('a body that is too large is not read', async () => {
		const { status, body } = await resend(`{"id":"1-0","event":{"x":"${'x'.repeat(1024 * 1024)}"}}`);
		expect([status, body['code']]).toEqual([413, 'too_large']);
	});
});
