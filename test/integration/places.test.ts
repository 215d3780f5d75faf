import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database, OpenDatabase } from '#db/client.ts';
import { areas, sites } from '#db/schema.ts';
import type { RegistryList } from '#server/places/list.ts';
import type { RegistryProblem } from '#server/places/problems.ts';
import { placesRoutes } from '#server/places/routes.ts';
import { bumpRegistryRevision, query } from '#server/store/query.ts';
import { NO_PLACES } from '#test/support/access.ts';
import { testDatabases } from '#test/support/databases.ts';
import { openDoors, type TestDoors } from '#test/support/doors.ts';

type NewSite = typeof sites.$inferInsert;

const hours = Array.from({ length: 7 }, () => [{ from: 510, to: 720 }]);
const inOrder = { datum: 'wgs84', hours, hoursText: '08:30-12:00', telemetry: 'live' } as const;
const LIST: readonly NewSite[] = [
	{
		...{
			code: 'A1',
			name: '钱桥驿站',
			kind: 'service_station',
			districtCode: 'd1',
			streetCode: 's1',
			phone: '0510-83201234'
		},
		...{ lng: 120.2345, lat: 31.6789, originalLng: 120.2345, originalLat: 31.6789, facilities: ['water', 'microwave'] },
		...inOrder
	},
	{
		...{ code: 'A2', name: '长安驿站', kind: 'service_station', districtCode: 'd2', streetCode: 's2', isOpen24h: true },
		...{ lng: 120.4345, lat: 31.7789 },
		...inOrder
	},
	{ code: 'A3', name: '人民医院', kind: 'nursing_room', districtCode: 'd1', streetCode: 's1', hoursText: '工作日开放' }
];

describe.each(testDatabases())('the registry doors on $name', ({ open }) => {
	let database: OpenDatabase;
	let doors: TestDoors;
	beforeAll(async () => void (database = await open()));
	afterAll(() => database.close());
	beforeEach(async () => {
		await query(database.db, sql`truncate sites, areas, settings cascade`);
		await database.db.insert(areas).values({ code: 'c', name: '全市', level: 'city' });
		for (const code of ['d1', 'd2'])
			await database.db.insert(areas).values({ code, name: code, level: 'district', parentCode: 'c' });
		for (const [code, parentCode] of [
			['s1', 'd1'],
			['s2', 'd2']
		] as const)
			await database.db.insert(areas).values({ code, name: code, level: 'street', parentCode });
		doors = await openDoors(
			placesRoutes({
				db: database.db,
				audit: { record: async () => undefined, recordIn: async () => undefined, refused: () => undefined },
				places: NO_PLACES,
				now: () => 0
			})
		);
	});
	afterEach(() => doors.close());

	/** As an import does: rows and the revision, in one transaction. */
	const change = (write: (db: Pick<Database, 'insert' | 'update'>) => Promise<unknown>) =>
		database.db.transaction(async (tx) => {
			await write(tx);
			await bumpRegistryRevision(tx);
		});
	const bring = (list: readonly NewSite[]) => change((db) => db.insert(sites).values([...list]));

	const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${doors.url}/api/${path}`, { headers });
	const listOf = async (path = 'registry') => (await (await ask(path)).json()) as RegistryList;
	const problemsOf = async (path = 'registry/problems') =>
		((await (await ask(path)).json()) as RegistryProblem[]).map(({ kind, code, detail }) => [kind, code, detail]);

	test('an empty registry is an empty list', async () => {
		expect(await listOf()).toEqual({ revision: 0, sites: [] });
		expect(await problemsOf()).toEqual([]);
	});

	test('gives all that is known of a site beside its live values, with readings and problems', async () => {
		await bring(LIST);
		const { revision, sites } = await listOf();
		expect([revision, sites.map(({ code }) => code)]).toEqual([1, ['A1', 'A2', 'A3']]);
		expect(sites[0]).toMatchObject({
			...{ initials: 'qqyz', pinyin: 'qianqiaoyizhan', hoursText: '08:30-12:00', isOpen24h: false },
			...{ originalLng: 120.2345, datum: 'wgs84', problems: [] }
		});
		expect(sites[0]?.facilities).toHaveLength(2);
		// How to reach it is a door of its own.
		expect(JSON.stringify(sites)).not.toMatch(/phone|keeperRole|83201234/);
		expect(Date.parse(sites[0]?.updatedAt ?? '')).not.toBeNaN();
		expect(sites[1]).toMatchObject({ initials: 'cayz zayz', isOpen24h: true });
		expect(sites[2]?.problems).toEqual(['no_coordinates', 'unreadable_hours', 'no_telemetry']);
		expect(await problemsOf()).toEqual([
			['no_coordinates', 'A3', ''],
			['unreadable_hours', 'A3', '工作日开放'],
			['no_telemetry', 'A3', '']
		]);
	});

	test('gives the part of a scope, and 404 where nothing lies', async () => {
		await bring(LIST);
		const codes = async (scope: string) => (await listOf(`registry?scope=${scope}`)).sites.map(({ code }) => code);
		expect(await codes('district:d1')).toEqual(['A1', 'A3']);
		expect(await codes('street:s2')).toEqual(['A2']);
		expect(await codes('station:A2')).toEqual(['A2']);
		expect(await problemsOf(`registry/problems?scope=station:A2`)).toEqual([]);
		expect((await ask('registry?scope=district:none')).status).toBe(404);
		expect((await ask('registry/problems?scope=station:none')).status).toBe(404);
		expect((await ask('registry?scope=planet')).status).toBe(400);
	});

	test('what did not change is not sent again; what did is', async () => {
		await bring(LIST);
		const first = await ask('registry');
		const etag = first.headers.get('etag') ?? '';
		expect(etag).toMatch(/^W\/"r1-.{16}"$/);
		const again = await ask('registry', { 'if-none-match': etag });
		expect([again.status, await again.text()]).toEqual([304, '']);
		await change((db) => db.update(sites).set({ name: '长安社区驿站' }).where(eq(sites.code, 'A2')));
		const changed = await ask('registry', { 'if-none-match': etag });
		expect(changed.status).toBe(200);
		expect(((await changed.json()) as RegistryList).sites[1]?.initials).toBe('casqyz zasqyz');
		expect((await ask('registry/problems', { 'if-none-match': etag })).status).toBe(200);
	});

	test('is packed for whom it is wanted, and plain for others', async () => {
		await bring([
			...LIST,
			...Array.from({ length: 30 }, (_, i) => ({
				code: `B${i}`,
				name: `站${i}`,
				...inOrder,
				kind: 'service_station' as const
			}))
		]);
		const raw = (encoding: string) =>
			new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
				const asked = request(`${doors.url}/api/registry`, { headers: { 'accept-encoding': encoding } }, (response) => {
					const chunks: Buffer[] = [];
					response.on('data', (chunk: Buffer) => chunks.push(chunk));
					response.on('end', () =>
						resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) })
					);
				});
				asked.on('error', reject).end();
			});
		const plain = await raw('identity');
		expect(plain.encoding).toBeUndefined();
		for (const encoding of ['gzip', 'br, gzip;q=0.8', '*']) {
			const packed = await raw(encoding);
			expect([encoding, packed.encoding]).toEqual([encoding, 'gzip']);
			expect(gunzipSync(packed.bytes)).toEqual(plain.bytes);
			expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
		}
		for (const encoding of ['gzip;q=0', 'br', 'x-gzip-not']) expect((await raw(encoding)).encoding).toBeUndefined();
	});

	test('asked by many at once, right after a change, all get the new one', async () => {
		await bring(LIST);
		const lists = await Promise.all(Array.from({ length: 20 }, () => listOf()));
		expect(new Set(lists.map((one) => JSON.stringify(one))).size).toBe(1);
		expect(lists[0]?.sites).toHaveLength(3);
	});
});
