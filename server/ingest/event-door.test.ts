import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseScope, type Places } from '#domain/scope.ts';
import type { Audit } from '#server/access/audit.ts';
import type { SourceAccount } from '#server/store/source-store.ts';
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

const ANY: SourceAccount = {
	...{ name: 'gw', keyId: 7, sources: null, types: null, endsAt: null },
	scope: { level: 'city' }
};
const PLACES: Places = {
	districtOfStreet: () => null,
	site: (code) => ({ code, district: code === 'S-1' ? 'D-1' : 'D-2', street: null })
};

interface DoorSetting {
	readonly xAdd?: (stream: string) => Promise<string>;
	readonly add?: () => Promise<void>;
	readonly account?: Partial<SourceAccount>;
	readonly eventsPerSecond?: number;
}

function openDoor(setting: DoorSetting = {}) {
	const { xAdd = async () => '1-0', add = async () => undefined, eventsPerSecond = 50_000 } = setting;
	const appended: [string, string][] = [];
	const rejected: Rejected[] = [];
	const asked: string[] = [];
	const used: [number, string][] = [];
	const audited: Parameters<Audit['refused']>[0][] = [];
	let now = NOW;
	let account: SourceAccount | null = { ...ANY, ...setting.account };
	const door = new EventDoor({
		redis: {
			xAdd: (stream: string, _: string, { e }: { e: string }) => (appended.push([stream, e]), xAdd(stream))
		} as unknown as Redis,
		rejected: { add: async (list: Rejected[]) => (rejected.push(...list), add()) } as unknown as RejectedLog,
		accountOfKey: async (key) => (asked.push(key), key === 'good' ? account : null),
		onKeyUsed: async (id, _, address) => void used.push([id, address]),
		audit: { refused: (entry) => void audited.push(entry) },
		addressOf: ({ headers }) => `${headers['x-from'] ?? '10.0.0.1'}`,
		places: PLACES,
		eventsPerSecond,
		shardOf: (code) => ({ 'S-1': 0, 'S-2': 1 })[code] ?? null,
		now: () => now,
		// What could not be kept is told to the log alone.
		onError: () => undefined
	});
	const grant = (next: Partial<SourceAccount> | null): void => void (account = next && { ...ANY, ...next });
	return { door, appended, rejected, asked, used, audited, grant, wait: (ms: number) => (now += ms) };
}

afterEach(() => void vi.useRealTimers());

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

	test('[SO2] takes what the source was granted and refuses the rest of a batch, event by event; the audit hears of it', async () => {
		const scope = parseScope('district:D-1') ?? ANY.scope;
		const account = { sources: new Set(['s']), types: new Set(['station.heartbeat']), scope };
		const { door, appended, rejected, audited } = openDoor({ account });
		const visited = { type: 'station.visited', data: { method: 'qr' } };
		const events = [
			event('1'),
			event('2', { source: 'other' }),
			event('3', visited),
			event('4', { subject: 'S-2' }),
			event('5', { subject: 'S-2' }),
			event('6', { subject: 'S-9' })
		];
		const answer = await door.answer(request(JSON.stringify(events)));
		expect(answer).toMatchObject({
			status: 202,
			body: {
				accepted: 1,
				rejected: [
					{ index: 1, code: 'source_not_granted' },
					{ index: 2, code: 'type_not_granted' },
					{ index: 3, code: 'station_not_granted' },
					{ index: 4, code: 'station_not_granted' },
					{ index: 5, code: 'unknown_station' }
				]
			}
		});
		expect(appended.map(([, e]) => JSON.parse(e).id)).toEqual(['1']);
		expect(rejected).toHaveLength(5);
		const actor = { kind: 'source', id: 'gw', name: 'gw', address: '10.0.0.1' };
		expect(audited).toEqual(
			[
				['source_not_granted', 1, { source: '… (5 characters)', type: 'station.heartbeat', subject: 'S-1' }],
				['type_not_granted', 1, { source: 's', type: 'station.visited', subject: 'S-1' }],
				['station_not_granted', 2, { source: 's', type: 'station.heartbeat', subject: 'S-2' }]
			].map(([code, count, example]) => ({
				...{ actor, action: 'event.refused', object: 'source:gw' },
				detail: { code, events: count, example }
			}))
		);
	});

	test('[SO5] a change of the account holds from the next request on, once the door was told', async () => {
		const { door, grant } = openDoor();
		const beat = (id: string) => door.answer(request(JSON.stringify([event(id)])));
		expect(await beat('1')).toMatchObject({ status: 202, body: { accepted: 1 } });
		grant({ types: new Set(['env.read']) });
		door.forgetKeys();
		expect(await beat('2')).toMatchObject({ status: 202, body: { rejected: [{ code: 'type_not_granted' }] } });
		grant(null);
		door.forgetKeys();
		expect(await beat('3')).toMatchObject({ status: 401 });
	});

	test('[SO4] a key that ends within the memory of the door ends on time', async () => {
		const { door, grant, wait } = openDoor({ account: { endsAt: NOW + 1000 } });
		expect(await door.answer(request('[]'))).toMatchObject({ status: 202 });
		grant(null);
		wait(1000);
		expect(await door.answer(request('[]'))).toMatchObject({ status: 401 });
	});

	test('[SO2] the audit learns no word that was not known before: it keeps what it hears', async () => {
		const account = { sources: new Set(['s']), types: new Set(['env.read']) };
		const { door, audited } = openDoor({ account });
		const subject = '张小宝 妈妈13812345671';
		await door.answer(request(JSON.stringify([event('1', { subject })])));
		await door.answer(request(JSON.stringify([event('2', { subject, source: '张小宝的妈妈' })])));
		expect(audited.map(({ detail }) => detail?.['example'])).toEqual([
			{ source: 's', type: 'station.heartbeat', subject: '…' },
			{ source: '… (6 characters)', type: 'station.heartbeat', subject: '…' }
		]);
	});

	test('[SO5] of an address that shows many keys that are none, 20 are answered, then it waits; who is known there goes on', async () => {
		const { door, asked, audited } = openDoor();
		const from = (i: number) => ({ authorization: `Bearer bad${i}` });
		expect(await door.answer(request('[]'))).toMatchObject({ status: 202 });
		const codes: number[] = [];
		for (let i = 0; i < 22; i++) codes.push((await door.answer(request('[]', from(i)))).status);
		expect(codes).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429]);
		expect(asked).toHaveLength(21);
		const slowed = await door.answer(request('[]', from(22)));
		expect(slowed.body).toMatchObject({ code: 'too_many_tries' });
		expect(Number(slowed.headers?.['retry-after'])).toBeGreaterThan(0);
		expect(audited.map(({ actor, object, detail }) => [actor.address, object, detail?.['code']])).toEqual([
			...Array.from({ length: 20 }, () => ['10.0.0.1', 'POST /api/events', 'unknown_key']),
			...Array.from({ length: 3 }, () => ['10.0.0.1', 'POST /api/events', 'too_many_tries'])
		]);
		expect(await door.answer(request('[]'))).toMatchObject({ status: 202 });
		expect(await door.answer(request('[]', { ...from(23), 'x-from': '10.0.0.2' }))).toMatchObject({ status: 401 });
	});

	test('[SO5] one wrong key, however often and at once it comes, counts once, is looked up once a minute, and blocks no new key', async () => {
		const { door, asked, wait } = openDoor();
		const revoked = { authorization: 'Bearer revoked' };
		const together = await Promise.all(Array.from({ length: 30 }, () => door.answer(request('[]', revoked))));
		for (let i = 0; i < 30; i++) together.push(await door.answer(request('[]', revoked)));
		for (let i = 0; i < 30; i++) together.push(await door.answer(request('[]', { authorization: '' })));
		expect(new Set(together.map(({ status }) => status))).toEqual(new Set([401]));
		expect(asked).toEqual(['revoked']);
		expect(await door.answer(request('[]'))).toMatchObject({ status: 202 });
		wait(60_000);
		expect(await door.answer(request('[]', revoked))).toMatchObject({ status: 401 });
		expect(asked).toEqual(['revoked', 'good', 'revoked']);
	});

	test('[SO5] a key that opened nothing does so at once when its account is mended', async () => {
		const { door, grant } = openDoor();
		grant(null);
		expect(await door.answer(request('[]'))).toMatchObject({ status: 401 });
		grant({});
		expect(await door.answer(request('[]'))).toMatchObject({ status: 401 });
		door.forgetKeys();
		expect(await door.answer(request('[]'))).toMatchObject({ status: 202 });
	});

	test('[SO6] a source that sends more than its limit is answered 429 with the seconds to wait, and goes on afterwards', async () => {
		vi.useFakeTimers({ now: NOW });
		const { door, appended, audited } = openDoor({ eventsPerSecond: 3 });
		const batch = JSON.stringify([event('1'), event('2'), event('3')]);
		expect(await door.answer(request(batch))).toMatchObject({ status: 202 });
		// as much again within ten seconds
		expect(await door.answer(request(batch))).toMatchObject({ status: 202 });
		const limited = await door.answer(request(batch));
		expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: { code: 'too_many_events' } });
		expect(audited).toMatchObject([{ object: 'source:gw', detail: { code: 'too_many_events' } }]);
		vi.setSystemTime(NOW + 1001);
		expect(await door.answer(request(batch))).toMatchObject({ status: 202 });
		expect(appended).toHaveLength(9);
	});

	test('[SO3] keeps when and from where a key was used, at most once a minute, and nobody waits for it', async () => {
		const { door, used, wait } = openDoor();
		for (let i = 0; i < 3; i++) await door.answer(request('[]'));
		wait(60_000);
		await door.answer(request('[]', { 'x-from': '10.0.0.9' }));
		expect(used).toEqual([
			[7, '10.0.0.1'],
			[7, '10.0.0.9']
		]);
	});

	test('[PR1] takes an event that names a person without what names them, and counts the fields to its source', async () => {
		const { door, appended } = openDoor();
		const visited = { type: 'station.visited', data: { method: 'face', person_hash: 'b1946ac92', 姓名: '张三' } };
		const answer = await door.answer(request(JSON.stringify([{ ...event('1', visited), phone: '13912345678' }])));
		expect(answer).toMatchObject({ status: 202, body: { accepted: 1 } });
		expect(JSON.parse(appended[0]?.[1] ?? '')).toEqual({ ...event('1', visited), data: { method: 'face' } });
		const { identity, types, accepted } = door.tallies.of('gw') ?? {};
		expect([...(identity ?? [])]).toEqual([
			['person_hash', 1],
			['姓名', 1],
			['phone', 1]
		]);
		expect([accepted, [...(types ?? [])]]).toEqual([1, [['station.visited', { count: 1, lastAt: NOW }]]]);
	});

	test('[PR4] masks numbers of persons in the reason of a fault', async () => {
		const { door, appended } = openDoor();
		const data = { device: 'door-1', kind: 'door', state: 'fault', reason: '请联系 13912345678' };
		await door.answer(request(JSON.stringify([event('1', { type: 'device.changed', data })])));
		expect(JSON.parse(appended[0]?.[1] ?? '').data.reason).toBe('请联系 ***********');
	});

	test('[PR4] masks numbers of persons in names of devices and goods', async () => {
		const { door, appended } = openDoor();
		const device = { device: '13812345677', kind: 'door', state: 'online' };
		const supply = { item: '奶粉 320206201001011234', quantity: 1 };
		const closed = { reason: 'Tel.138.1234.5671' };
		const sent = [
			event('1', { type: 'device.changed', data: device }),
			event('2', { type: 'supply.changed', data: supply }),
			event('3', { type: 'station.closed', data: closed })
		];
		await door.answer(request(JSON.stringify(sent)));
		expect(appended.map(([, e]) => JSON.parse(e).data)).toEqual([
			{ ...device, device: '***********' },
			{ ...supply, item: '奶粉 ******************' },
			{ reason: 'Tel.***.****.****' }
		]);
	});

	test('[PR4] refuses an event whose source is a telephone number, and says why without it', async () => {
		const { door, appended } = openDoor();
		const personal = event('2', { source: 'gw 138 1234 5671' });
		const answer = await door.answer(request(JSON.stringify([event('1'), personal])));
		const message = expect.stringContaining('The `source` holds what reads as a mobile or identity number.');
		expect(answer.body).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: 'not_cloudevent', message }] });
		expect(appended).toHaveLength(1);
		expect(JSON.stringify(answer.body)).not.toContain('1381');
	});

	test('[PR4] takes ids and counters that look like numbers of a person: of an id a hash is kept, and nothing of it shown', async () => {
		const { door } = openDoor();
		const events = [event('13812345671'), event('320205202606010001'), event('3', { sequence: 13_812_345_671 })];
		expect((await door.answer(request(JSON.stringify(events)))).body).toEqual({ accepted: 3, rejected: [] });
	});

	test('[PR3] says of broken JSON where it breaks, without a character of it', async () => {
		const { door } = openDoor();
		const { status, body } = await door.answer(request('[{"name":"张三" "phone":1}]'));
		expect([status, body]).toEqual([
			400,
			{ code: 'malformed_json', message: 'The body is not JSON: it breaks at character 15.' }
		]);
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
			const { door } = openDoor({ xAdd: fail, add: fail });
			await expect(door.answer(request(JSON.stringify([event('1'), event('2'), 7])))).rejects.toThrow('Socket closed');
			await new Promise((resolve) => setImmediate(resolve));
		} finally {
			process.removeListener('unhandledRejection', note);
			for (const listener of others) process.on('unhandledRejection', listener);
		}
		expect(unhandled).toEqual([]);
	});
});
