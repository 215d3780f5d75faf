import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { areas, sites } from '#db/schema.ts';
import { OCCUPATIONS } from '#domain/occupation.ts';
import { dayOf, dayStart } from '#domain/shanghai.ts';
import { checkpointStore, LeaseLost, type CheckpointStore, type Commit } from '#server/store/checkpoint-store.ts';
import { query } from '#server/store/query.ts';
import { testDatabases } from '#test/support/databases.ts';
import { seededRandom } from '#test/support/stations.ts';

const HOUR = 3_600_000;
const MIDNIGHT = dayStart(dayOf(Date.UTC(2026, 5, 2)));

const places = [
	{ slot: 1, district: 'd1', street: 'd1s1' },
	{ slot: 2, district: 'd1', street: 'd1s2' },
	{ slot: 3, district: 'd1', street: null },
	{ slot: 4, district: 'd2', street: 'd2s1' },
	{ slot: 7, district: null, street: null }
];
const NURSING_ROOM = { slot: 9, district: 'd1', street: 'd1s1', kind: 'nursing_room' as const };
const RIDER = OCCUPATIONS.indexOf('rider');
const COURIER = OCCUPATIONS.indexOf('courier');

interface Bucket {
	readonly key: string | number;
	readonly period: number;
	readonly starts: number;
	readonly events: number;
	readonly visits: number;
	readonly people_in: number;
	readonly people_out: number;
	readonly inside_max: number | null;
	readonly temperature_sum: number;
	readonly temperature_count: number;
}

const MEASURES = ['events', 'visits', 'people_in', 'people_out', 'temperature_sum', 'temperature_count'] as const;

describe.each(testDatabases())('the commit on $name', ({ open }) => {
	let database: OpenDatabase;
	let store: CheckpointStore;

	beforeAll(async () => {
		database = await open();
		store = checkpointStore(database.db, true);
		const { db } = database;
		await db.insert(areas).values([{ code: 'c', name: 'City', level: 'city' }]);
		await db
			.insert(areas)
			.values(['d1', 'd2'].map((code) => ({ code, name: code, level: 'district' as const, parentCode: 'c' })));
		await db.insert(areas).values(
			['d1s1', 'd1s2', 'd2s1'].map((code) => ({
				code,
				name: code,
				level: 'street' as const,
				parentCode: code.slice(0, 2)
			}))
		);
		await db.insert(sites).values(
			[...places.map((place) => ({ ...place, kind: 'service_station' as const })), NURSING_ROOM].map(
				({ slot, district, street, kind }) => ({
					slot,
					code: `S-${slot}`,
					name: `${slot}`,
					kind,
					districtCode: district,
					streetCode: street
				})
			)
		);
	});
	afterAll(() => database.close());
	beforeEach(async () => {
		await query(
			database.db,
			sql`truncate checkpoints, seen_segments, site_buckets, area_buckets, site_occupations, area_occupations, site_days`
		);
		await store.claim(0, 'me');
	});

	const commitOf = (more: Partial<Commit> = {}): Commit => ({
		shard: 0,
		writer: 'me',
		number: 1,
		from: '0-0',
		to: '5-0',
		state: Uint8Array.of(1, 2, 3),
		pieces: Int32Array.of(1, MIDNIGHT / 300_000, 2, 3, 0, 0, -1, 0, 0),
		occupations: Int32Array.of(1, MIDNIGHT / HOUR, RIDER, 3),
		days: Int32Array.of(1, dayOf(MIDNIGHT), 600, 100, 200),
		hashes: Uint32Array.of(7, 8),
		receivedAt: MIDNIGHT,
		...more
	});

	async function buckets(table: 'site_buckets' | 'area_buckets'): Promise<Bucket[]> {
		const key = sql.raw(table === 'site_buckets' ? 'slot' : 'area_code');
		const rows = await query<Record<string, string | number | null>>(
			database.db,
			sql`
			select ${key} as key, period_seconds as period, (extract(epoch from starts_at) * 1000)::float8 as starts,
				events::float8 as events, visits::float8 as visits, people_in::float8 as people_in, people_out::float8 as people_out,
				inside_max, temperature_sum::float8 as temperature_sum, temperature_count::float8 as temperature_count
			from ${sql.raw(table)} order by 2, 3, 1`
		);
		return rows.map((row) => ({
			...row,
			starts: Number(row['starts']),
			temperature_sum: Number(row['temperature_sum'])
		})) as unknown as Bucket[];
	}

	/** `owner period hour occupation` → visits; owners are slots, or areas with a kind */
	async function occupations(table: 'site_occupations' | 'area_occupations'): Promise<Record<string, number>> {
		const owner = sql.raw(table === 'site_occupations' ? 'slot::text' : `area_code || ' ' || kind`);
		const rows = await query<{ key: string; visits: number }>(
			database.db,
			sql`select concat_ws(' ', ${owner}, period_seconds,
					((extract(epoch from starts_at) * 1000 - ${MIDNIGHT}) / ${HOUR})::int, occupation) as key, visits::float8 as visits
				from ${sql.raw(table)} order by 1`
		);
		return Object.fromEntries(rows.map(({ key, visits }) => [key, visits]));
	}

	const days = () =>
		query<Record<string, unknown>>(
			database.db,
			sql`select day::text as day, slot, posted_s, open_s, closed_s, unknown_s from site_days order by 1, 2`
		);

	async function everything(): Promise<unknown> {
		const stored = await store.load(0);
		const checkpoint = stored?.checkpoint;
		return [
			checkpoint && { ...checkpoint, state: [...checkpoint.state], committedAt: 0 },
			stored?.seen,
			await buckets('site_buckets'),
			await occupations('site_occupations'),
			await occupations('area_occupations'),
			await days(),
			await buckets('area_buckets')
		];
	}

	test('[CO1] position, state, buckets and ids are there together', async () => {
		await store.commit(commitOf());
		expect((await store.load(0))?.checkpoint).toMatchObject({ position: '5-0', number: 1, writer: 'me' });
		expect([...(await store.load(0))!.checkpoint.state]).toEqual([1, 2, 3]);
		expect((await store.load(0))?.seen).toEqual([{ number: 1, hourMs: MIDNIGHT, hashes: Uint32Array.of(7, 8) }]);
		expect((await buckets('site_buckets')).map(({ period, visits }) => [period, visits])).toEqual([
			[300, 3],
			[3600, 3],
			[86_400, 3]
		]);
	});

	test.each([
		['another writer', { writer: 'you' }],
		['a number that was passed over', { number: 2 }],
		['another position', { from: '1-0' }]
	])('[CO2] %s: the commit fails as lost and nothing of it is written', async (_, wrong) => {
		const before = await everything();
		await expect(store.commit(commitOf(wrong))).rejects.toBeInstanceOf(LeaseLost);
		expect(await everything()).toEqual(before);
		await store.commit(commitOf());
		const after = await everything();
		await expect(
			store.commit(
				commitOf({ number: 2, from: '5-0', to: '9-0', ...wrong, ...('number' in wrong ? { number: 3 } : {}) })
			)
		).rejects.toBeInstanceOf(LeaseLost);
		expect(await everything()).toEqual(after);
	});

	test('[CO3] the same commit again, after a connection that broke while it answered, is applied once', async () => {
		await store.commit(commitOf());
		const after = await everything();
		await store.commit(commitOf());
		await store.commit(commitOf());
		expect(await everything()).toEqual(after);
	});

	test('[CO2] once another process has claimed the shard, the first cannot commit, not even what it had begun', async () => {
		await store.commit(commitOf());
		await store.claim(0, 'you');
		await expect(store.commit(commitOf({ number: 2, from: '5-0', to: '9-0' }))).rejects.toBeInstanceOf(LeaseLost);
		await store.commit(commitOf({ number: 2, from: '5-0', to: '9-0', writer: 'you' }));
		expect((await store.load(0))?.checkpoint).toMatchObject({ position: '9-0', number: 2, writer: 'you' });
	});

	test('[CO1] a commit that fails half way leaves nothing behind', async () => {
		// Its ids are the last thing that a commit writes; a segment of the same number is in their way.
		await query(database.db, sql`insert into seen_segments (shard, number, hour, hashes) values (0, 1, 0, '')`);
		const before = await everything();
		await expect(store.commit(commitOf())).rejects.not.toBeInstanceOf(LeaseLost);
		expect(await everything()).toEqual(before);
		await query(database.db, sql`delete from seen_segments`);
		await store.commit(commitOf());
		expect((await store.load(0))?.checkpoint.number).toBe(1);
	});

	test('[BU5] pieces in any number of commits add up to 5 minutes, hours and days of Shanghai, of sites and areas', async () => {
		const random = seededRandom(77);
		const whole = (limit: number): number => Math.floor(random() * limit);
		const expected = new Map<string, { sums: number[]; inside: number | null }>();
		const add = (key: string, values: number[], inside: number): void => {
			const known = expected.get(key) ?? { sums: [0, 0, 0, 0, 0, 0], inside: null };
			values.forEach((value, i) => (known.sums[i]! += value));
			if (inside >= 0) known.inside = Math.max(known.inside ?? -1, inside);
			expected.set(key, known);
		};
		for (let number = 1; number <= 4; number++) {
			const pieces: number[] = [];
			for (let i = 0; i < 40; i++) {
				const place = places[whole(places.length)]!;
				const at = MIDNIGHT + (whole(3 * 24) - 30) * HOUR + whole(12) * 300_000;
				const [events, visits, peopleIn, out, temperature, readings] = [
					whole(9) + 1,
					whole(500),
					whole(9),
					whole(9),
					whole(8000) - 4000,
					whole(4)
				];
				const inside = random() < 0.3 ? -1 : whole(50);
				pieces.push(place.slot, at / 300_000, events, visits, peopleIn, out, inside, temperature, readings);
				const values = [events, visits, peopleIn, out, temperature, readings];
				const starts = [at, Math.floor(at / HOUR) * HOUR, dayStart(dayOf(at))];
				[300, 3600, 86_400].forEach((period, n) => {
					for (const key of [`site ${place.slot}`, 'area c', `area ${place.district}`, `area ${place.street}`]) {
						if (!key.endsWith('null')) add(`${key} ${period} ${starts[n]}`, values, inside);
					}
				});
			}
			await store.commit(
				commitOf({
					number,
					from: number === 1 ? '0-0' : `${number - 1}-0`,
					to: `${number}-0`,
					pieces: Int32Array.from(pieces)
				})
			);
		}
		const stored = new Map<string, { sums: number[]; inside: number | null }>();
		for (const [table, word] of [
			['site_buckets', 'site'],
			['area_buckets', 'area']
		] as const) {
			for (const row of await buckets(table)) {
				stored.set(`${word} ${row.key} ${row.period} ${row.starts}`, {
					sums: MEASURES.map((measure) => row[measure]),
					inside: row.inside_max
				});
			}
		}
		expect(stored).toEqual(expected);
	});

	test('[BU6] hours sum to days, streets and loose sites to districts, everything to the city', async () => {
		const pieces = places.flatMap(({ slot }, i) => [
			slot,
			MIDNIGHT / 300_000 + i * 13,
			i + 1,
			10 * (i + 1),
			i,
			i,
			i,
			100 * i,
			1
		]);
		await store.commit(commitOf({ pieces: Int32Array.from(pieces) }));
		const rows = [...(await buckets('site_buckets')), ...(await buckets('area_buckets'))];
		const total = (keys: readonly (string | number)[], period: number, measure: (typeof MEASURES)[number]): number =>
			rows.filter((row) => row.period === period && keys.includes(row.key)).reduce((sum, row) => sum + row[measure], 0);
		for (const measure of MEASURES) {
			for (const key of [1, 'c', 'd1', 'd1s1']) {
				expect(total([key], 300, measure)).toBe(total([key], 86_400, measure));
				expect(total([key], 3600, measure)).toBe(total([key], 86_400, measure));
			}
			expect(total(['d1s1', 'd1s2', 3], 86_400, measure)).toBe(total(['d1'], 86_400, measure));
			expect(total(['d1', 'd2', 7], 86_400, measure)).toBe(total(['c'], 86_400, measure));
		}
	});

	test('[OC2] visits by occupation add up to hours and days of Shanghai, of sites and of areas by kind, each commit once', async () => {
		const hour = MIDNIGHT / HOUR;
		const first = [1, hour, RIDER, 3, 2, hour + 23, RIDER, 4, 9, hour, RIDER, 50, 7, hour + 1, COURIER, 5];
		await store.commit(commitOf({ occupations: Int32Array.from(first) }));
		await store.commit(commitOf({ occupations: Int32Array.from(first) }));
		const second = [1, hour, RIDER, 2_000_000_000, 1, hour, RIDER, 2_000_000_000, 1, hour - 1, RIDER, 1];
		await store.commit(commitOf({ number: 2, from: '5-0', to: '6-0', occupations: Int32Array.from(second) }));
		expect(await occupations('site_occupations')).toEqual({
			'1 3600 0 rider': 4_000_000_003,
			'1 3600 -1 rider': 1,
			'1 86400 0 rider': 4_000_000_003,
			'1 86400 -24 rider': 1,
			'2 3600 23 rider': 4,
			'2 86400 0 rider': 4,
			'7 3600 1 courier': 5,
			'7 86400 0 courier': 5,
			'9 3600 0 rider': 50,
			'9 86400 0 rider': 50
		});
		const byArea = await occupations('area_occupations');
		expect(byArea).toMatchObject({
			'c service_station 86400 0 rider': 4_000_000_007,
			'c service_station 86400 0 courier': 5,
			'c nursing_room 86400 0 rider': 50,
			'd1 service_station 86400 0 rider': 4_000_000_007,
			'd1s1 service_station 3600 0 rider': 4_000_000_003,
			'd1s1 nursing_room 3600 0 rider': 50,
			'd1s2 service_station 86400 0 rider': 4
		});
		expect(Object.keys(byArea).some((key) => key.startsWith('d2'))).toBe(false);
	});

	test('[BU6] buckets of an area are kept by kind: those of a kind are the sum of its sites', async () => {
		const starts = MIDNIGHT / 300_000;
		const pieces = [1, starts, 1, 10, 0, 0, -1, 0, 0, 9, starts, 1, 70, 0, 0, -1, 0, 0];
		await store.commit(commitOf({ pieces: Int32Array.from(pieces) }));
		const rows = await query(
			database.db,
			sql`select area_code, kind, visits::int as visits from area_buckets where period_seconds = 300 order by 1, 2`
		);
		const both = (code: string) => [
			{ area_code: code, kind: 'nursing_room', visits: 70 },
			{ area_code: code, kind: 'service_station', visits: 10 }
		];
		expect(rows).toEqual(['c', 'd1', 'd1s1'].flatMap(both));
	});

	test('[FU4] finished days are written once; parts of one day add up', async () => {
		const day = dayOf(MIDNIGHT);
		const rows = Int32Array.of(1, day, 600, 100, 200, 2, day - 1, 60, 60, 0, 1, day, 10, 0, 10);
		await store.commit(commitOf({ days: rows }));
		await store.commit(commitOf({ days: rows }));
		await store.commit(commitOf({ number: 2, from: '5-0', to: '6-0', days: Int32Array.of(2, day - 1, 40, 0, 0) }));
		expect(await days()).toEqual([
			{ day: '2026-06-01', slot: 2, posted_s: 100, open_s: 60, closed_s: 40, unknown_s: 0 },
			{ day: '2026-06-02', slot: 1, posted_s: 610, open_s: 100, closed_s: 300, unknown_s: 210 }
		]);
	});

	test('[EV6] tidying joins the ids of finished hours, forgets none of the last two days, and may be repeated', async () => {
		const hashes = new Map<number, number>();
		let from = '0-0';
		for (let number = 1; number <= 100; number++) {
			const receivedAt = MIDNIGHT - (100 - number) * HOUR;
			for (const half of [0, 1]) {
				const n = number * 2 + half - 1;
				hashes.set(n, receivedAt);
				const to = `${receivedAt}-${n}`;
				await store.commit(
					commitOf({ number: n, from, to, pieces: new Int32Array(0), hashes: Uint32Array.of(n, 1), receivedAt })
				);
				from = to;
			}
		}
		for (let round = 0; round < 2; round++) {
			await store.tidy(0, MIDNIGHT);
			const [count] = await query<{ n: number }>(database.db, sql`select count(*)::int as n from seen_segments`);
			// One segment an hour, and the open hour as it came: two days and a little.
			expect(count?.n).toBeLessThanOrEqual(60);
			const [joined] = await query<{ n: number }>(
				database.db,
				sql`select sum(length(hashes))::int / 8 as n from seen_segments where hour > ${MIDNIGHT / HOUR - 48}`
			);
			expect(joined?.n).toBe(96);
			const loaded = (await store.load(0))!.seen.flatMap((segment) =>
				[...segment.hashes].filter((_, i) => i % 2 === 0)
			);
			for (const [n, receivedAt] of hashes) if (receivedAt >= MIDNIGHT - 24 * HOUR) expect(loaded).toContain(n);
		}
	});
});
