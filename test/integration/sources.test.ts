import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { sourceKeys } from '#db/schema.ts';
import type { StationEvent } from '#domain/event.ts';
import type { Audit, AuditEntry } from '#server/access/audit.ts';
import { hashOf } from '#server/access/tokens.ts';
import { importStations } from '#server/cli/import-stations.ts';
import { EventDoor } from '#server/ingest/event-door.ts';
import { SOURCE_COMMANDS } from '#server/sources/commands.ts';
import { sourceRoutes, type SourceList } from '#server/sources/routes.ts';
import { query } from '#server/store/query.ts';
import { loadSites } from '#server/store/registry-store.ts';
import { accountOfKey, createSourceKey, noteKeyUse } from '#server/store/source-store.ts';
import { fieldsOf, RejectedLog } from '#server/stream/rejected.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { testDatabases } from '#test/support/databases.ts';
import { EVERYTHING, openDoors, type TestDoors } from '#test/support/doors.ts';
import { startTestRedis, type TestRedis } from '#test/support/redis.ts';
import { visit } from '#test/support/stations.ts';

const HOUR_MS = 3_600_000;
const STATIONS = ['编号,名称,区县', 'A1,钱桥驿站,惠山区', 'B1,张泾驿站,锡山区'].join('\n');

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
	server = await startTestRedis();
	redis = await openRedis({ socketPath: server.socketPath }, () => undefined);
});
afterAll(async () => {
	redis.destroy();
	await server.stop();
});

describe.each(testDatabases())('sources and their keys on $name', ({ open }) => {
	let database: OpenDatabase;
	let doors: TestDoors;
	let door: EventDoor;
	let now: number;
	let records: AuditEntry[];
	let districtOf: Map<string, string>;

	beforeEach(async () => {
		database = await open();
		const { db } = database;
		await importStations({
			...{ db, fileName: 'stations.csv', bytes: new TextEncoder().encode(STATIONS), datum: 'wgs84', dryRun: false }
		});
		const sites = await loadSites(db);
		districtOf = new Map(sites.map(({ code, district }) => [code, district ?? '']));
		await redis.flushAll();
		now = Date.now();
		records = [];
		const audit: Audit = {
			record: async (entry) => void records.push(entry),
			recordIn: async (_, entry) => void records.push(entry),
			refused: (entry) => void records.push({ ...entry, result: 'refused' })
		};
		const places = {
			districtOfStreet: () => null,
			site: (code: string) => sites.find((site) => site.code === code) ?? null
		};
		door = new EventDoor({
			...{ redis, rejected: new RejectedLog(redis), audit, places, eventsPerSecond: 50_000 },
			accountOfKey: (key) => accountOfKey(db, key, new Date(now)),
			onKeyUsed: (id, at, address) => noteKeyUse(db, id, new Date(at), address),
			addressOf: () => '10.0.0.7',
			shardOf: (code) => (districtOf.has(code) ? 0 : null),
			now: () => now,
			onError: (error) => expect(error).toBeNull()
		});
		const changed = async ({ kind }: { kind: string }): Promise<void> => (
			expect(kind).toBe('source'),
			door.forgetKeys()
		);
		doors = await openDoors(sourceRoutes({ db, audit, door, access: { changed, places }, now: () => now }));
	});
	afterEach(async () => {
		await doors.close();
		await database.close();
	});

	async function post(path: string, body: unknown) {
		const text = typeof body === 'string' ? body : JSON.stringify(body);
		const response = await fetch(`${doors.url}/api/sources${path}`, { method: 'POST', body: text });
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	}
	const list = async (): Promise<SourceList> => (await (await fetch(`${doors.url}/api/sources`)).json()) as SourceList;
	const make = async (more: object = {}): Promise<string> =>
		String((await post('', { name: 'gw', ...more })).body['key']);

	async function send(key: string, ...events: StationEvent[]) {
		const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents-batch+json' };
		const body = [Buffer.from(JSON.stringify(events))];
		const answer = await door.answer(Object.assign(body.values(), { headers }) as never);
		const { rejected = [], code } = answer.body as { rejected?: { code: string }[]; code?: string };
		return [answer.status, ...(code === undefined ? rejected.map((one) => one.code) : [code])];
	}
	const event = (site: string): StationEvent => visit(site, now);

	test('[SO1] of a key only its hash and its last characters are kept; an account without limits may write everything', async () => {
		const key = await make();
		expect(key).toMatch(/^yz_[\w-]{43}$/);
		const rows = await database.db.select().from(sourceKeys);
		expect(rows).toMatchObject([{ name: 'gw', hash: hashOf(key), hint: key.slice(-4), createdBy: EVERYTHING.id }]);
		expect(JSON.stringify(rows)).not.toContain(key.slice(0, -4));
		expect(await send(key, event('A1'), event('B1'))).toEqual([202]);
		expect(records).toMatchObject([{ action: 'source.created', object: 'source:gw', result: 'ok' }]);
		expect(JSON.stringify(records)).not.toContain(key);
	});

	test('[SO2] a source writes for its own district; a foreign station is refused, kept and audited', async () => {
		const scope = `district:${districtOf.get('A1')}`;
		const key = await make({ scope, types: ['station.visited', 'env.read'], sources: ['test'] });
		expect(await send(key, event('A1'), event('B1'))).toEqual([202, 'station_not_granted']);
		expect(await send(key, { ...event('A1'), source: 'other' })).toEqual([202, 'source_not_granted']);
		const kept = await redis.sendCommand<[string, string[]][]>(['XRANGE', 'ops:rejected', '-', '+']);
		expect(kept.map(([, fields]) => fieldsOf(fields).get('reason')).toSorted()).toEqual([
			'source_not_granted',
			'station_not_granted'
		]);
		expect(records.filter(({ result }) => result === 'refused')).toMatchObject([
			{ actor: { kind: 'source', id: 'gw', address: '10.0.0.7' }, action: 'event.refused', object: 'source:gw' },
			{ detail: { code: 'source_not_granted' } }
		]);
		expect((await list()).sources).toMatchObject([
			{
				...{ name: 'gw', scope, accepted: 1, refused: 2, freshness: 'fresh' },
				...{ seen: [{ type: 'station.visited', count: 1 }], identity: [] }
			}
		]);
	});

	test('[SO3] a changed grant holds at once', async () => {
		const key = await make();
		expect(await send(key, event('B1'))).toEqual([202]);
		expect(await post('/change', { name: 'gw', scope: 'station:A1', types: ['env.read'] })).toMatchObject({
			status: 200
		});
		expect(await send(key, event('B1'))).toEqual([202, 'type_not_granted']);
		await post('/change', { name: 'gw', scope: 'station:A1' });
		expect(await send(key, event('B1'), event('A1'))).toEqual([202, 'station_not_granted']);
		expect(records.filter(({ action }) => action === 'source.changed')).toMatchObject([
			{
				detail: {
					before: { scope: 'city', types: null, sources: null },
					after: { scope: 'station:A1', types: ['env.read'], sources: null }
				}
			},
			{}
		]);
	});

	test('[SO4] a rotation leaves no gap: the old key works until the chosen moment, the new one from now on', async () => {
		const old = await make();
		const { status, body } = await post('/rotate', { name: 'gw', hours: 24 });
		expect([status, body['endsAt'], body['ending']]).toEqual([201, now + 24 * HOUR_MS, 1]);
		const key = String(body['key']);
		for (const one of [old, key]) expect(await send(one, event('A1'))).toEqual([202]);
		const keys = async () => (await list()).sources[0]?.keys.map(({ hint, state }) => [hint, state]);
		expect(await keys()).toEqual([
			[key.slice(-4), 'works'],
			[old.slice(-4), 'ending']
		]);
		now += 24 * HOUR_MS;
		expect(await send(old, event('A1'))).toEqual([401, 'unauthorised']);
		expect(await send(key, event('A1'))).toEqual([202]);
		expect((await keys())?.[1]).toEqual([old.slice(-4), 'ended']);
		// A second rotation does not lengthen the life of a key that ended.
		await post('/rotate', { name: 'gw', hours: 48 });
		expect(await send(old, event('A1'))).toEqual([401, 'unauthorised']);
	});

	test('[SO4] a revoked key is refused at once, and its neighbours go on', async () => {
		const first = await make();
		const second = String((await post('/key', { name: 'gw' })).body['key']);
		expect([await send(first, event('A1')), await send(second, event('A1'))]).toEqual([[202], [202]]);
		const id = (await list()).sources[0]?.keys.find(({ hint }) => hint === first.slice(-4))?.id;
		expect(await post('/revoke', { name: 'gw', id })).toMatchObject({ status: 200, body: { revoked: 1 } });
		expect(await send(first, event('A1'))).toEqual([401, 'unauthorised']);
		expect(await send(second, event('A1'))).toEqual([202]);
		expect(await post('/revoke', { name: 'gw', id })).toMatchObject({ status: 404, body: { code: 'unknown_key' } });
		expect(await post('/revoke', { name: 'gw' })).toMatchObject({ status: 200, body: { revoked: 1 } });
		expect(await send(second, event('A1'))).toEqual([401, 'unauthorised']);
	});

	test('[SO3] shows when and from where a key was used last, and never goes back', async () => {
		const key = await make();
		expect((await list()).sources).toMatchObject([{ lastUsedAt: null, freshness: 'none' }]);
		await send(key, event('A1'));
		await expect
			.poll(async () => (await list()).sources[0]?.keys)
			.toMatchObject([{ lastUsedAt: now, lastAddress: '10.0.0.7' }]);
		const id = (await list()).sources[0]?.keys[0]?.id ?? 0;
		await noteKeyUse(database.db, id, new Date(now - 1000), '10.0.0.8');
		expect((await list()).sources).toMatchObject([{ lastUsedAt: now, keys: [{ lastAddress: '10.0.0.7' }] }]);
	});

	test('[SO1] a key from before there were accounts works as it did, and is among the sources', async () => {
		const key = 'yz_old';
		await database.db.insert(sourceKeys).values({ name: 'old', hash: hashOf(key) });
		expect(await send(key, event('B1'))).toEqual([202]);
		expect((await list()).sources).toMatchObject([
			{ name: 'old', scope: 'city', types: null, createdAt: null, keys: [{ hint: null }] }
		]);
		expect((await post('', { name: 'old' })).body).toMatchObject({ fields: { name: 'taken' } });
		await post('/change', { name: 'old', scope: 'station:A1' });
		expect(await send(key, event('B1'))).toEqual([202, 'station_not_granted']);
	});

	test('[SO6] what is wrong in a form is said field by field, and nothing is made', async () => {
		const wrong: [string, object, object][] = [
			['', { name: ' ' }, { name: 'missing' }],
			['', { name: 'x'.repeat(65) }, { name: 'too_long' }],
			['', { name: 'a\u0007b', types: [] }, { name: 'bad_form', types: 'none_chosen' }],
			['', { name: 'a', types: ['door.opened'] }, { types: 'unknown_type' }],
			['', { name: 'a', sources: [''], scope: 'street' }, { sources: 'none_chosen', scope: 'bad_form' }],
			['', { name: 'a', scope: 'station:Z9' }, { scope: 'unknown_scope' }],
			['', { name: '\ud842', sources: ['gw/1', 'a\0'] }, { name: 'bad_form', sources: 'bad_form' }],
			['', { name: 'a', sources: ['a\udfb7'], scope: 'station:A1\0' }, { sources: 'bad_form', scope: 'bad_form' }],
			['/change', { name: 'taken', scope: 'street:\ud842' }, { scope: 'bad_form' }],
			['', { name: 'taken' }, { name: 'taken' }],
			['/rotate', { name: 'taken', hours: -1 }, { hours: 'out_of_range' }],
			['/change', { name: 'taken', types: 'env.read' }, { types: 'bad_form' }]
		];
		await createSourceKey(database.db, 'taken');
		for (const [path, body, fields] of wrong) {
			const answer = await post(path, body);
			expect([body, answer.body['code'], answer.body['fields']]).toEqual([body, 'bad_fields', fields]);
		}
		for (const name of ['taken\0', '\ud842'])
			expect((await post('/key', { name })).body['code']).toBe('unknown_source');
		expect((await list()).sources).toHaveLength(1);
	});

	test('[SO6] who may write sources of a district neither makes nor touches others', async () => {
		await createSourceKey(database.db, 'city');
		const own = `district:${districtOf.get('A1')}`;
		const grants = [
			{ column: 'system_admin' as const, scope: { level: 'district' as const, code: own.slice(9) }, lines: null }
		];
		const places = { districtOfStreet: () => null, site: () => null };
		const access = { changed: async () => undefined, places };
		const refused: unknown[] = [];
		const audit: Audit = {
			record: async () => undefined,
			recordIn: async () => undefined,
			refused: ({ action, object, scope, detail }) => void refused.push([action, object, scope, detail?.['code']])
		};
		const routes = sourceRoutes({ ...{ db: database.db, audit, access, door }, now: () => now });
		const theirs = await openDoors(routes, { ...EVERYTHING, grants });
		const ask = async (path: string, body: object) =>
			(await (
				await fetch(`${theirs.url}/api/sources${path}`, { method: 'POST', body: JSON.stringify(body) })
			).json()) as object;
		expect(await ask('', { name: 'a' })).toMatchObject({ fields: { scope: 'out_of_scope' } });
		for (const path of ['/change', '/key', '/rotate', '/revoke']) {
			expect(await ask(path, { name: 'city', scope: own })).toMatchObject({ code: 'out_of_scope' });
		}
		expect(await ask('', { name: 'a', scope: own })).toMatchObject({ name: 'a' });
		expect(await ask('/change', { name: 'a', scope: 'city' })).toMatchObject({ fields: { scope: 'out_of_scope' } });
		expect(refused).toEqual(
			['', '/change', '/key', '/rotate', '/revoke', '/change'].map((path) => [
				...['door.refused', `POST /api/sources${path}`, 'city', 'out_of_scope']
			])
		);
		await theirs.close();
	});

	test('[SO7] the command line makes, narrows, rotates and revokes, and its deeds are recorded', async () => {
		const { db } = database;
		const told: string[] = [];
		const context = { db, onSourceChanged: async (name: string) => (told.push(name), door.forgetKeys()) };
		const none = { types: null, sources: null, scope: null };
		const made = await SOURCE_COMMANDS.createKey(context, { name: 'gw' });
		expect(made.grants).toEqual({ types: null, sources: null, scope: 'city' });
		expect(await send(made.key, event('B1'))).toEqual([202]);
		const narrow = { ...none, scope: 'station:A1' };
		await SOURCE_COMMANDS.grantSource(context, { name: 'gw', grants: narrow });
		expect(await send(made.key, event('B1'))).toEqual([202, 'station_not_granted']);
		const next = await SOURCE_COMMANDS.rotateKey(context, { name: 'gw', hours: 0 });
		now = Date.now() + 1;
		expect(await send(made.key, event('A1'))).toEqual([401, 'unauthorised']);
		expect(await send(next.key, event('A1'))).toEqual([202]);
		expect(await SOURCE_COMMANDS.revokeKey(context, { which: next.key.slice(-4) })).toMatchObject({ name: 'gw' });
		expect(await send(next.key, event('A1'))).toEqual([401, 'unauthorised']);
		await expect(SOURCE_COMMANDS.createKey(context, { name: 'gw', grants: narrow })).rejects.toThrow('key grant');
		await expect(SOURCE_COMMANDS.revokeKey(context, { which: 'nobody' })).rejects.toThrow('key list');
		await expect(SOURCE_COMMANDS.createKey(context, { name: 'x', grants: { ...none, types: ['a'] } })).rejects.toThrow(
			'types: unknown type'
		);
		expect(told).toEqual(['gw', 'gw', 'gw']);
		const rows = await query(db, sql`select action, actor_kind from audit where action like 'source.%' order by seq`);
		expect(rows).toEqual(
			['source.created', 'source.changed', 'source.key_rotated', 'source.key_revoked'].map((action) => ({
				...{ action, actor_kind: 'operator' }
			}))
		);
	});
});

describe('what is kept of refused events', () => {
	test('[PR3] names nobody, whatever the reason and the door', async () => {
		await redis.flushAll();
		const rejected = new RejectedLog(redis);
		const person = { name: '张三', id_card: '320211199003078831', phone: 13912345678 };
		const payloads = [
			JSON.stringify({ id: '1', type: 'x', data: { ...person, visitors: [person], count: 1 } }),
			JSON.stringify({ id: '2', type: 'x', data: { note: '张先生', reason: '请联系 13912345678', count: 1 } }),
			`{"id":"3","name":"张三","phone":13912345678`,
			'"张三 13912345678"',
			'{"id": "4",  "type":"x"}'
		];
		const refusal = { code: 'unknown_type', message: 'It is not known.' } as const;
		for (const payload of payloads) await rejected.add([{ refusal, payload, door: 'ops:events:0', entry: '1-1' }]);
		const rows = await redis.sendCommand<[string, string[]][]>(['XRANGE', 'ops:rejected', '-', '+']);
		const kept = rows.map(([, fields]) => fieldsOf(fields).get('e') ?? '');
		expect(kept).toEqual([
			'{"id":"1","type":"x","data":{"name":"…","id_card":"…","phone":"…","visitors":"…","count":1}}',
			'{"id":"2","type":"x","data":{"note":"…","reason":"请联系 ***********","count":1}}',
			'41 characters: {"id":…,"name":…,"phone":…',
			'16 characters: …',
			'{"id": "4",  "type":"x"}'
		]);
		expect(JSON.stringify(rows)).not.toMatch(/张三|1391|320211/);
	});
});
