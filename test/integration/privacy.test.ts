import { sql } from 'drizzle-orm';
import { zstdDecompressSync } from 'node:zlib';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { grants, people } from '#db/schema.ts';
import type { StationEvent } from '#domain/event.ts';
import { openFrame, type Frame } from '#domain/frame.ts';
import { ROLES } from '#domain/role.ts';
import { demoCity } from '#server/demo/city.ts';
import { createDays } from '#server/demo/day.ts';
import { simSitesOf } from '#server/demo/sim-site.ts';
import { query } from '#server/store/query.ts';
import { openSession } from '#server/store/session-store.ts';
import { createSourceKey } from '#server/store/source-store.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { openTestPostgres } from '#test/support/databases.ts';
import { findIdentity, findIdentityInPage, type Allowed } from '#test/support/identity-walk.ts';
import { startProduct, type Product } from '#test/support/product.ts';

/** Values that were sent and must be nowhere afterwards, whatever the field was called. */
const PLANTED = ['张守密', '13912345678', '320211199003078831', 'b1946ac92492d234', 'planted-openid'];
const PERSON = {
	...{ name: PLANTED[0], 姓名: PLANTED[0], phone: PLANTED[1], id_card: PLANTED[2], person_hash: PLANTED[3] },
	...{ openid: PLANTED[4], visitor: { childName: PLANTED[0], guardians: [{ mobile: PLANTED[1] }] } }
};

/** Staff, who sign in under their names; offices, whose lines are public [IM]. Nothing of workers or children. */
const STAFF = 'people who sign in: staff, never workers';
const OF_STAFF: Allowed = { userName: STAFF, user_name: STAFF, personId: STAFF, person_id: STAFF };
const OF_OFFICES: Allowed = { phone: 'line of an office: personal ones are dropped by the import' };
const ALLOWED: Allowed = { ...OF_STAFF, ...OF_OFFICES };

/** A city day of these many stations, sent within seconds. */
const STATIONS = 60;
const DAY_MS = 22 * 3_600_000;
const BATCH = 1000;
/** Rows of a table that are looked at; its columns all are. */
const ROWS = 5000;
const LIMIT_MS = 30_000;

let database: OpenDatabase;
let product: Product;
let redis: Redis;
let cookie: string;
let key: string;
let station: string;
/** ids of entries that this test wrote into the stream itself, as a program beside the server may */
const own = new Set<string>();

beforeAll(async () => {
	const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
	database = await openTestPostgres(url.href);
	const [row] = await query<{ name: string }>(database.db, sql`select current_database() as name`);
	url.pathname = `/${row?.name}`;
	product = await startProduct({ env: { DATABASE_URL: url.href, DEMO: '1' } });
	redis = await openRedis({ socketPath: product.redisSocket }, () => undefined);
	cookie = await signInAsEverybody();
	key = await createSourceKey(database.db, 'planter');
	station = demoCity().sites[0]?.code ?? '';
	await sendDay();
	await sendPersons();
}, 120_000);
afterAll(async () => {
	redis.destroy();
	await product.stop();
	await database.close();
});

/** One person with every role, as there may never be one: so that no door stays shut to the walk. */
async function signInAsEverybody(): Promise<string> {
	const { db } = database;
	const at = Date.now();
	await db.insert(people).values({
		...{ id: 'walker', userName: 'walker', displayName: 'Walker', createdBy: 'test' },
		...{ state: 'active', isSample: true }
	});
	for (const role of ROLES) {
		await db.insert(grants).values({
			...{ personId: 'walker', role, scope: 'city', state: 'active' },
			...{ proposedBy: 'test', proposedAt: new Date(at) }
		});
	}
	const session = { personId: 'walker', method: 'sample' as const, hasSecondFactor: true, address: '127.0.0.1' };
	const { token } = await openSession(db, { ...session, at, endsAt: at + DAY_MS, userAgent: 'test' });
	return `yizhan-session=${token}`;
}

async function send(events: readonly unknown[], body = JSON.stringify(events)): Promise<Response> {
	const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents-batch+json' };
	return fetch(`${product.url}/api/events`, { method: 'POST', headers, body });
}

async function sendDay(): Promise<void> {
	const sites = simSitesOf(demoCity().sites).filter(({ telemetry }) => telemetry === 'live');
	const now = Date.now();
	let batch: StationEvent[] = [];
	for (const event of createDays({ seed: 7, sites: sites.slice(0, STATIONS) }).between(now - DAY_MS, now)) {
		if (batch.push({ ...event, source: `day/${event.source}` }) < BATCH) continue;
		expect((await send(batch)).status).toBe(202);
		batch = [];
	}
	expect((await send(batch)).status).toBe(202);
}

/** Whoever sends persons: taken, refused for every kind of reason, broken, at both doors. */
async function sendPersons(): Promise<void> {
	const time = new Date().toISOString();
	const event = (id: string, more: object = {}) => ({
		...{ specversion: '1.0', id, source: 'planter', type: 'station.visited', subject: station, time, ...PERSON },
		...{ data: { method: 'face', ...PERSON }, ...more }
	});
	const reason = `call ${PLANTED[1]}`;
	const fault = { device: 'door-planted', kind: 'door', state: 'fault', reason };
	const wrong = [
		event('2', { subject: 'NOWHERE' }),
		event('3', { type: `${PLANTED[1]}` }),
		event('4', { time: `${PLANTED[1]}` }),
		event('5', { time: '2020-01-01T00:00:00Z' }),
		event('6', { data: { ...PERSON, method: 'magic', remark: PLANTED[0], list: [PLANTED[0]] } }),
		{ ...PERSON },
		[PERSON],
		`${PLANTED[0]} ${PLANTED[1]}`
	];
	const good = [event('1'), event('7', { type: 'device.changed', data: { ...fault, ...PERSON } })];
	const answer = await send([...good, ...wrong]);
	expect(await answer.json()).toMatchObject({ accepted: 2 });
	expect((await send([], `[{"name":"${PLANTED[0]}" "phone":1}]`)).status).toBe(400);
	const texts = [...wrong.map((one) => JSON.stringify(one)), `{"name":"${PLANTED[0]}","phone":${PLANTED[1]}`];
	const streamed = [event('11'), event('12', { type: 'device.changed', data: { ...fault, ...PERSON } })];
	for (const e of [...streamed.map((one) => JSON.stringify(one)), ...texts]) {
		own.add(await redis.xAdd('ops:events:0', '*', { e }));
	}
	const least = wrong.length + texts.length;
	await vi.waitUntil(async () => (await redis.xLen('ops:rejected')) >= least, { timeout: LIMIT_MS, interval: 100 });
}

/** Texts in which something that was planted still stands. */
const leaks = (where: string, text: string): string[] =>
	PLANTED.filter((planted) => text.includes(planted)).map((planted) => `${where}: ${planted}`);

async function ask(path: string): Promise<Response> {
	// Who is signed in is sent on from there.
	const headers: Record<string, string> = path === '/sign-in' ? {} : { cookie };
	return fetch(`${product.url}${path}`, { headers, redirect: 'manual' });
}

// By a name that only the bundler's types know more of.
const { PAGE_RULES: rules } = (await import('../../src/page-rules.ts')) as { PAGE_RULES: object };

/** Answers of JSON, which are among the doors, ways on to a page, pages of one person, and the page of a refusal (403). */
const OTHERS = [
	'/refused',
	'/',
	'/shell',
	'/data/quality',
	'/streets',
	'/stations',
	'/link',
	'/link/[token]',
	'/admin/people/[id]',
	'/admin'
];

const addressOf = (path: string): string =>
	path.replace('[code]', path.startsWith('/districts') ? DISTRICT() : path.startsWith('/streets') ? STREET() : station);

const DISTRICT = (): string => demoCity().sites[0]?.districtCode ?? '';
const STREET = (): string => demoCity().sites[0]?.streetCode ?? '';

describe('what reaches a browser', () => {
	async function framesOf(topics: readonly string[], count: number): Promise<Frame[]> {
		const socket: Socket = io(product.url, {
			...{ path: '/live', transports: ['websocket'], forceNew: true },
			extraHeaders: { cookie }
		});
		const messages: Uint8Array<ArrayBuffer>[] = [];
		socket.on('frame', (message: Uint8Array<ArrayBuffer>) => void messages.push(new Uint8Array(message)));
		for (const topic of topics)
			expect(await socket.timeout(LIMIT_MS).emitWithAck('join', topic, null)).toMatchObject({ ok: true });
		await expect.poll(() => messages.length, { timeout: LIMIT_MS }).toBeGreaterThanOrEqual(count);
		socket.disconnect();
		return Promise.all(messages.map((message) => openFrame(message)));
	}

	test('[PR5] no frame of any level names a worker or a child', async () => {
		const topics = ['city', `district:${DISTRICT()}`, `street:${STREET()}`, `station:${station}`];
		const frames = await framesOf(topics, topics.length + 8);
		expect(new Set(frames.map(({ topic }) => topic))).toEqual(new Set(topics));
		for (const frame of frames) {
			expect(findIdentity(`frame ${frame.topic}`, frame)).toEqual([]);
			expect(leaks(frame.topic, JSON.stringify(frame))).toEqual([]);
		}
		const [first] = frames;
		expect(findIdentity('frame', { ...first, details: { person_hash: 'x' } })).toEqual([
			'frame.details.person_hash: a field that names a person'
		]);
	});

	const DOORS = [
		...['/api/state', '/api/state?scope=station:CODE', '/api/registry', '/api/registry/problems', '/api/equipment'],
		...['/api/history', '/api/history/compare', '/api/history/occupations', '/api/fulfilment', '/api/geo/areas'],
		...['/api/geo/map', '/api/stations/contact?code=CODE', '/api/refused?limit=200', '/api/imports', '/api/sources'],
		...['/api/people', '/api/grants', '/api/profile', '/api/profile/sessions', '/api/session', '/api/session/sample'],
		...['/api/screens', '/api/audit', '/data/quality', '/shell', '/healthz', '/readyz'],
		...['/api/registry/export?format=geojson']
	];

	test.each(DOORS)('[PR5] GET %s names no worker and no child', async (path) => {
		const response = await ask(path.replace('CODE', station));
		expect([path, response.status]).toEqual([path, 200]);
		const text = await response.text();
		expect(leaks(path, text)).toEqual([]);
		expect(findIdentity(path, JSON.parse(text), ALLOWED)).toEqual([]);
	});

	/** Every page of the product but those whose address is a secret or a person. */
	const PAGES = Object.keys(rules).filter((path) => !OTHERS.includes(path));

	test.each(PAGES)('[PR5] the page %s names no worker and no child', async (path) => {
		const response = await ask(addressOf(path));
		expect([path, response.status]).toEqual([path, 200]);
		const html = await response.text();
		expect(leaks(path, html)).toEqual([]);
		expect(findIdentityInPage(path, html, ALLOWED)).toEqual([]);
		expect(
			findIdentityInPage(path, html.replace('</body>', '<script>x={childName:1}</script></body>'), ALLOWED)
		).toEqual([`${path}.childName: a field that names a person`]);
	});
});

describe('what is stored', () => {
	/** Every column of every table, and up to ROWS rows of each. */
	async function inDatabase(): Promise<string[]> {
		const { db } = database;
		const tables = await query<{ name: string }>(
			db,
			sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
		);
		expect(tables.length).toBeGreaterThan(20);
		const found: string[] = [];
		const packed: string[] = [];
		for (const { name } of tables) {
			const columns = await query<{ name: string; type: string }>(
				db,
				sql`select column_name as name, data_type as type from information_schema.columns where table_name = ${name}`
			);
			const bytes = columns.filter(({ type }) => type === 'bytea');
			for (const column of bytes) packed.push(`${name}.${column.name}`);
			const named = Object.fromEntries(columns.map((column) => [column.name, true]));
			found.push(...findIdentity(name, named, ALLOWED));
			const rows = await query<{ row: Record<string, unknown> }>(
				db,
				sql`select to_jsonb(t) as row from ${sql.identifier(name)} t limit ${ROWS}`
			);
			const isText = ([column]: [string, unknown]): boolean => bytes.every((one) => one.name !== column);
			for (const { row } of rows) {
				const texts = Object.fromEntries(Object.entries(row).filter(isText));
				found.push(...findIdentity(name, texts, ALLOWED), ...leaks(name, JSON.stringify(texts)));
			}
		}
		// Images are unpacked below; hashes of ids are numbers, in which any digits may stand.
		expect(packed.toSorted()).toEqual(['checkpoints.state', 'seen_segments.hashes']);
		return [...new Set(found)];
	}

	test('[PR5] no table has a column for a person, and no row holds one', async () => {
		expect(await inDatabase()).toEqual([]);
		await query(database.db, sql`create table planted (id int, person_hash text, note jsonb)`);
		await query(
			database.db,
			sql`insert into planted values (1, 'x', '{"visits":[{"idCard":"1"}],"text":"13912345678"}')`
		);
		expect((await inDatabase()).toSorted()).toEqual([
			'planted.note.text: a number of a person',
			'planted.note.visits[].idCard: a field that names a person',
			'planted.person_hash: a field that names a person',
			'planted: 13912345678'
		]);
		await query(database.db, sql`drop table planted`);
	});

	test('[PR5] no image of a shard holds what was sent of a person', async () => {
		const images = async () => query<{ state: Buffer }>(database.db, sql`select state from checkpoints`);
		await expect
			.poll(async () => (await images()).some(({ state }) => state.length > 0), { timeout: LIMIT_MS })
			.toBe(true);
		for (const { state } of await images()) {
			const text = zstdDecompressSync(state).toString('utf8');
			expect(text).toContain('door-planted');
			expect(leaks('image', text)).toEqual([]);
		}
	});

	/** Every entry of every stream, and every other value; not what this test wrote into a stream by itself. */
	async function inRedis(): Promise<string[]> {
		const found: string[] = [];
		const names: string[] = [];
		for await (const page of redis.scanIterator()) names.push(...(Array.isArray(page) ? page : [page]).map(String));
		expect(names).toContain('ops:rejected');
		for (const name of names) {
			if ((await redis.type(name)) !== 'stream') {
				const hash = await redis.hGetAll(name);
				found.push(...findIdentity(name, hash), ...leaks(name, JSON.stringify(hash)));
				continue;
			}
			for (const { id, message } of (await redis.xRange(name, '-', '+')) ?? []) {
				if (name.startsWith('ops:events') && own.has(id)) continue;
				found.push(...findIdentity(name, { ...message }), ...leaks(name, JSON.stringify(message)));
			}
		}
		return [...new Set(found)];
	}

	test('[PR5] no event of the streams and no refused one names a worker or a child', async () => {
		expect(await inRedis()).toEqual([]);
		const e = JSON.stringify({ id: '1', data: { member_no: '7', text: '张守密' } });
		const id = await redis.xAdd('ops:rejected', '*', { e, reason: 'late_time' });
		expect(await inRedis()).toEqual([
			'ops:rejected.e(json).data.member_no: a field that names a person',
			'ops:rejected: 张守密'
		]);
		await redis.xDel('ops:rejected', id);
	});

	test('[PR2] the integrator is told which fields were dropped', async () => {
		const { sources } = (await (await ask('/api/sources')).json()) as {
			sources: { name: string; identity: { field: string }[] }[];
		};
		const planter = sources.find(({ name }) => name === 'planter');
		expect(planter?.identity.map(({ field }) => field)).toEqual(
			expect.arrayContaining(['name', '姓名', 'phone', 'id_card', 'person_hash', 'openid', 'visitor'])
		);
	});
});
