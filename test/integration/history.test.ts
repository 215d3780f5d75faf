import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { areaBuckets, areaOccupations, areas, siteDays, siteOccupations, sites } from '#db/schema.ts';
import { BUCKET, bucketIndex, PIECE_WIDTH } from '#domain/buckets.ts';
import { OCCUPATIONS } from '#domain/event.ts';
import type { SiteKind } from '#domain/site.ts';
import type { HistoryPoint } from '#server/history/points.ts';
import {
	historyRoutes,
	type Fulfilment,
	type History,
	type HistoryComparison,
	type OccupationHistory
} from '#server/history/routes.ts';
import { checkpointStore } from '#server/store/checkpoint-store.ts';
import { query } from '#server/store/query.ts';
import { testDatabases } from '#test/support/databases.ts';
import { openDoors, type TestDoors } from '#test/support/doors.ts';
import { seededRandom } from '#test/support/stations.ts';

/** Noon of Asia/Shanghai, a Wednesday. */
const NOW = Date.UTC(2026, 5, 3, 4);
const MINUTES = 60_000;
const HOUR = 60 * MINUTES;
const MIDNIGHT = Date.UTC(2026, 5, 2, 16);

const places: readonly [slot: number, kind: SiteKind, district: string | null, street: string | null][] = [
	[1, 'service_station', 'd1', 'd1s1'],
	[2, 'service_station', 'd1', 'd1s2'],
	[3, 'service_station', 'd1', null],
	[4, 'service_station', 'd2', 'd2s1'],
	[5, 'nursing_room', 'd1', 'd1s1'],
	[6, 'driver_home', null, null]
];

interface Piece {
	readonly slot: number;
	readonly at: number;
	readonly events?: number;
	readonly visits?: number;
	readonly people?: readonly [inside: number, peopleIn: number, peopleOut: number];
	readonly temperatures?: readonly number[];
}

describe.each(testDatabases())('the history on $name', ({ open }) => {
	let database: OpenDatabase;
	let doors: TestDoors;
	let number = 0;

	beforeAll(async () => {
		database = await open();
		const { db } = database;
		await db.insert(areas).values({ code: 'c', name: 'City', level: 'city' });
		for (const code of ['d1', 'd2'])
			await db.insert(areas).values({ code, name: code, level: 'district', parentCode: 'c' });
		for (const code of ['d1s1', 'd1s2', 'd2s1'])
			await db.insert(areas).values({ code, name: code, level: 'street', parentCode: code.slice(0, 2) });
		await db.insert(sites).values(
			places.map(([slot, kind, districtCode, streetCode]) => ({
				...{ slot, kind, districtCode, streetCode },
				code: `S-${slot}`,
				name: `Site ${slot}`
			}))
		);
		await checkpointStore(db, false).claim(0, 'me');
		doors = await openDoors(historyRoutes({ db, now: () => NOW, completeUntil: () => NOW - 10 * MINUTES }));
	});
	afterAll(async () => {
		await doors.close();
		await database.close();
	});
	beforeEach(() =>
		query(database.db, sql`truncate site_buckets, area_buckets, site_occupations, area_occupations, site_days`)
	);

	/** The way that everything takes into history: a commit. */
	async function commit(pieces: readonly Piece[]): Promise<void> {
		const rows = new Int32Array(pieces.length * PIECE_WIDTH);
		pieces.forEach(({ slot, at, events = 1, visits = 0, people, temperatures = [] }, index) => {
			const row = index * PIECE_WIDTH;
			const put = (measure: number, value: number): void => void (rows[row + 1 + measure] = value);
			rows[row] = slot;
			put(BUCKET.index, bucketIndex(at));
			put(BUCKET.events, events);
			put(BUCKET.visits, visits);
			put(BUCKET.insideMax, people?.[0] ?? -1);
			put(BUCKET.peopleIn, people?.[1] ?? 0);
			put(BUCKET.peopleOut, people?.[2] ?? 0);
			put(
				BUCKET.temperatureSum,
				temperatures.reduce((sum, one) => sum + Math.round(one * 100), 0)
			);
			put(BUCKET.temperatureCount, temperatures.length);
		});
		await checkpointStore(database.db, false).commit({
			...{ shard: 0, writer: 'me', from: `${number}-0`, to: `${number + 1}-0`, state: new Uint8Array() },
			number: number + 1,
			...{
				pieces: rows,
				occupations: new Int32Array(),
				days: new Int32Array(),
				hashes: new Uint32Array(),
				receivedAt: NOW
			}
		});
		number++;
	}

	const ask = (path: string): Promise<Response> => fetch(`${doors.url}/api/${path}`);
	async function history(params: string): Promise<History> {
		const response = await ask(`history?${params}`);
		expect([response.status, params]).toEqual([200, params]);
		return (await response.json()) as History;
	}
	const visitsOf = (points: readonly HistoryPoint[]) => points.map(({ visits }) => visits);
	const isoAt = (ms: number): string => new Date(ms).toISOString();

	test('a period in which nobody reported has no figures; one with reports and no visit has 0 visits', async () => {
		await commit([
			{ slot: 1, at: MIDNIGHT, visits: 4, people: [3, 5, 2], temperatures: [21.5, 22] },
			{ slot: 2, at: MIDNIGHT + 6 * MINUTES, temperatures: [20] }
		]);
		const { points, ...head } = await history(
			`scope=district:d1&period=300&from=${isoAt(MIDNIGHT)}&to=${isoAt(MIDNIGHT + 15 * MINUTES)}`
		);
		expect(head).toEqual({
			scope: 'district:d1',
			kind: 'service_station',
			periodSeconds: 300,
			from: '2026-06-02T16:00:00.000Z',
			to: '2026-06-02T16:15:00.000Z',
			asOf: '2026-06-03T03:50:00.000Z'
		});
		const nobody = { visits: null, peopleIn: null, peopleOut: null, insideMax: null, temperatureC: null };
		expect(points).toEqual([
			{
				...{ at: '2026-06-02T16:00:00.000Z', visits: 4, peopleIn: 5, peopleOut: 2, insideMax: 3 },
				...{ temperatureC: 21.75, sites: 1, events: 1 }
			},
			{ ...nobody, at: '2026-06-02T16:05:00.000Z', visits: 0, temperatureC: 20, sites: 1, events: 1 },
			{ ...nobody, at: '2026-06-02T16:10:00.000Z', sites: 0, events: 0 }
		]);
	});

	test('[BU6] sums of streets, of sites without one, and of districts are the sum of the city, for every kind and period', async () => {
		const random = seededRandom(7);
		const pieces: Piece[] = [];
		for (const [slot] of places) {
			for (let at = MIDNIGHT; at < MIDNIGHT + 12 * HOUR; at += 5 * MINUTES)
				if (random() < 0.3) pieces.push({ slot, at, visits: Math.floor(random() * 9) });
		}
		await commit(pieces);
		const range = `from=${isoAt(MIDNIGHT)}&to=${isoAt(MIDNIGHT + 12 * HOUR)}`;
		const sumOf = async (scope: string, kind: string, period: number): Promise<number> => {
			const { points } = await history(`scope=${scope}&kind=${kind}&period=${period}&${range}`);
			return points.reduce((sum, { visits }) => sum + (visits ?? 0), 0);
		};
		const expected = (isIn: (place: (typeof places)[number]) => boolean): number => {
			const slots = places.filter(isIn).map(([slot]) => slot);
			return pieces.reduce((sum, { slot, visits }) => sum + (slots.includes(slot) ? (visits ?? 0) : 0), 0);
		};
		for (const period of [300, 3600, 86_400]) {
			for (const kind of ['service_station', 'nursing_room', 'driver_home', 'all']) {
				const isKind = (own: SiteKind): boolean => kind === 'all' || kind === own;
				expect(await sumOf('city', kind, period)).toBe(expected(([, own]) => isKind(own)));
				for (const code of ['d1', 'd2'])
					expect(await sumOf(`district:${code}`, kind, period)).toBe(
						expected(([, own, district]) => isKind(own) && district === code)
					);
				expect(await sumOf('street:d1s1', kind, period)).toBe(
					expected(([, own, , street]) => isKind(own) && street === 'd1s1')
				);
			}
		}
		for (const [slot] of places)
			expect(await sumOf(`station:S-${slot}`, 'all', 3600)).toBe(expected(([own]) => own === slot));
	});

	test('days are days of Asia/Shanghai, and a range is widened to whole periods', async () => {
		await commit([
			{ slot: 1, at: MIDNIGHT - 5 * MINUTES, visits: 1 },
			{ slot: 1, at: MIDNIGHT, visits: 2 },
			{ slot: 1, at: MIDNIGHT + 23 * HOUR, visits: 4 }
		]);
		const byDate = await history('period=86400&from=2026-06-02&to=2026-06-04');
		expect(byDate).toMatchObject({ from: '2026-06-01T16:00:00.000Z', to: '2026-06-03T16:00:00.000Z' });
		expect(visitsOf(byDate.points)).toEqual([1, 6]);
		const byMoment = await history(`period=86400&from=2026-06-03T07:00:00+08:00&to=${isoAt(NOW)}`);
		expect(byMoment).toMatchObject({ from: '2026-06-02T16:00:00.000Z', to: '2026-06-03T16:00:00.000Z' });
		expect(visitsOf(byMoment.points)).toEqual([6]);
	});

	test('a station is asked for by its code whatever its kind; another kind than its own has no figures', async () => {
		await commit([{ slot: 5, at: NOW - HOUR, visits: 3 }]);
		const range = `period=3600&from=${isoAt(NOW - HOUR)}&to=${isoAt(NOW)}`;
		const own = await history(`scope=station:S-5&${range}`);
		expect([own.kind, visitsOf(own.points), own.points[0]?.sites]).toEqual(['all', [3], 1]);
		expect(visitsOf((await history(`scope=station:S-5&kind=service_station&${range}`)).points)).toEqual([null]);
		expect(visitsOf((await history(`scope=street:d1s1&kind=nursing_room&${range}`)).points)).toEqual([3]);
		expect(visitsOf((await history(`scope=street:d1s1&${range}`)).points)).toEqual([null]);
	});

	test('without a range it gives the last 24 hours by hours', async () => {
		const { points, periodSeconds, kind, scope } = await history('');
		expect([scope, kind, periodSeconds, points.length]).toEqual(['city', 'service_station', 3600, 24]);
		expect(points.every(({ visits, events, sites: told }) => visits === null && events === 0 && told === 0)).toBe(true);
	});

	test('compares a day with the day before and the same weekday of the week before, hour by hour', async () => {
		const day = 24 * HOUR;
		await commit([
			{ slot: 1, at: MIDNIGHT + 9 * HOUR, visits: 5 },
			{ slot: 1, at: MIDNIGHT - day + 9 * HOUR, visits: 7 },
			{ slot: 1, at: MIDNIGHT - 7 * day + 23 * HOUR, visits: 11 }
		]);
		const response = await ask('history/compare?scope=city&day=2026-06-03');
		const compared = (await response.json()) as HistoryComparison;
		expect(compared).toMatchObject({ day: '2026-06-03', scope: 'city', asOf: isoAt(NOW - 10 * MINUTES) });
		const { today, yesterday, sameWeekday } = compared;
		expect([today, yesterday, sameWeekday].map(({ length }) => length)).toEqual([24, 24, 24]);
		expect([today[9]?.visits, yesterday[9]?.visits, sameWeekday[23]?.visits]).toEqual([5, 7, 11]);
		expect([today[0]?.at, yesterday[0]?.at, sameWeekday[0]?.at]).toEqual(
			[0, 1, 7].map((days) => isoAt(MIDNIGHT - days * day))
		);
		expect(today[10]?.visits).toBeNull();
		expect(await (await ask('history/compare')).json()).toMatchObject({ day: '2026-06-03' });
	});

	describe('occupations', () => {
		const DAY = MIDNIGHT - 86_400_000;
		const ofDay = { periodSeconds: 86_400, startsAt: new Date(DAY) } as const;
		const bucket = { peopleIn: 0, peopleOut: 0, temperatureSum: 0, temperatureCount: 0, events: 9 };
		const counted = async (params: string) => {
			const response = await ask(`history/occupations?${params}`);
			expect([params, response.status]).toEqual([params, 200]);
			const { points, occupations } = (await response.json()) as OccupationHistory;
			expect(occupations).toEqual(OCCUPATIONS);
			return points.map(
				({ counts }) =>
					counts &&
					Object.fromEntries(occupations.flatMap((one, i) => (counts[i] === 0 ? [] : [[one, counts[i] ?? null]])))
			);
		};
		const days = (scope: string) =>
			counted(`scope=${scope}&period=86400&from=${isoAt(DAY - 86_400_000)}&to=${isoAt(DAY + 86_400_000)}`);
		type Count = readonly [
			place: string | number,
			occupation: 'courier' | 'rider' | 'trucker' | 'unknown',
			visits: number
		];
		async function came(periodSeconds: number, startsAt: Date, counts: readonly Count[]): Promise<void> {
			const { db } = database;
			for (const [place, occupation, visits] of counts) {
				const row = { periodSeconds, startsAt, occupation, visits };
				if (typeof place === 'number') await db.insert(siteOccupations).values({ ...row, slot: place });
				else await db.insert(areaOccupations).values({ ...row, areaCode: place, kind: 'service_station' });
			}
		}

		test('are counted by days, and of the city by hours; silence is no count', async () => {
			const { db } = database;
			const at = new Date(NOW - 2 * HOUR);
			const hour = { ...bucket, periodSeconds: 3600, areaCode: 'c', kind: 'service_station', visits: 5 } as const;
			await db.insert(areaBuckets).values([
				{ ...hour, startsAt: at },
				{ ...hour, startsAt: new Date(NOW - HOUR), visits: 0 }
			]);
			await came(3600, at, [
				['c', 'courier', 30],
				['c', 'unknown', 3],
				['c', 'rider', 2]
			]);
			const range = `from=${isoAt(NOW - 3 * HOUR)}&to=${isoAt(NOW)}`;
			expect(await counted(`period=3600&${range}`)).toEqual([null, { courier: 30, unknown: null, rider: null }, {}]);
			await came(86_400, ofDay.startsAt, [
				['c', 'courier', 30],
				['d1', 'courier', 20],
				['d2', 'courier', 10]
			]);
			expect(await days('district:d1')).toEqual([null, { courier: 20 }]);
			expect(await days('city')).toEqual([null, { courier: 30 }]);
		});

		test('[PE20] small ones of streets and stations are hidden, with what would give them away', async () => {
			const { db } = database;
			await db.update(sites).set({ streetCode: 'd1s1' }).where(eq(sites.slot, 2));
			await came(86_400, ofDay.startsAt, [
				...(['c', 'd1'] as const).flatMap((area): Count[] => [
					[area, 'rider', 9],
					[area, 'courier', 40],
					[area, 'unknown', 30]
				]),
				...(
					[
						['d1s1', 2, 15],
						['d1s2', 7, 25]
					] as const
				).flatMap(([street, rider, courier]): Count[] => [
					[street, 'rider', rider],
					[street, 'courier', courier],
					[street, 'unknown', 15]
				]),
				...(
					[
						[1, 2],
						[2, 13]
					] as const
				).flatMap(([slot, courier]): Count[] => [[slot, 'courier', courier]]),
				[1, 'rider', 2],
				[2, 'unknown', 15]
			]);
			expect(await days('district:d1')).toEqual([null, { rider: 9, courier: 40, unknown: 30 }]);
			const [, first] = await days('street:d1s1');
			const [, second] = await days('street:d1s2');
			for (const street of [first, second]) {
				expect(street?.['rider']).toBeNull();
				expect(Object.values(street ?? {}).filter((count) => count === null)).toHaveLength(2);
			}
			const stations = [(await days('station:S-1'))[1], (await days('station:S-2'))[1]];
			expect(stations[0]).toMatchObject({ rider: null, courier: null });
			// What the other has of it may be told: the street's own sum is hidden.
			expect(first?.['courier'] === null || stations[1]?.['courier'] === null).toBe(true);
			await db.update(sites).set({ streetCode: 'd1s2' }).where(eq(sites.slot, 2));
		});

		test.each([
			['period=300', 'Use period='],
			['scope=street:d1s1&period=3600', 'of the whole city alone'],
			['scope=station:S-1&period=3600', 'of the whole city alone'],
			['scope=district:d1&kind=all&period=86400', 'of service stations alone'],
			['period=86400&from=2025-01-01&to=2026-01-01', 'at most 92 days']
		])('what is never told is refused: %s', async (params, sentence) => {
			const response = await ask(`history/occupations?${params}`);
			expect([response.status, (await response.json()) as object]).toMatchObject([
				400,
				{ code: 'bad_query', message: expect.stringContaining(sentence) as string }
			]);
		});
	});

	test('fulfilment is summed by day; a day without posted hours has no figures', async () => {
		const day = { postedSeconds: 36_000, openSeconds: 30_000, closedSeconds: 5000, unknownSeconds: 1000 };
		await database.db.insert(siteDays).values([
			{ ...day, day: '2026-06-01', slot: 1 },
			{ ...day, day: '2026-06-01', slot: 2 },
			{ ...day, day: '2026-06-01', slot: 4 },
			{ ...day, day: '2026-06-01', slot: 5 },
			{ ...day, day: '2026-06-03', slot: 1, openSeconds: 35_000, closedSeconds: 0 }
		]);
		const days = async (params: string): Promise<Fulfilment['days']> => {
			const response = await ask(`fulfilment?${params}`);
			expect([params, response.status]).toEqual([params, 200]);
			return ((await response.json()) as Fulfilment).days;
		};
		const nothing = { postedSeconds: null, openSeconds: null, closedSeconds: null, unknownSeconds: null };
		expect(await days('scope=district:d1&from=2026-06-01&to=2026-06-03')).toEqual([
			{
				day: '2026-06-01',
				sites: 2,
				postedSeconds: 72_000,
				openSeconds: 60_000,
				closedSeconds: 10_000,
				unknownSeconds: 2000
			},
			{ day: '2026-06-02', sites: 0, ...nothing },
			{
				day: '2026-06-03',
				sites: 1,
				postedSeconds: 36_000,
				openSeconds: 35_000,
				closedSeconds: 0,
				unknownSeconds: 1000
			}
		]);
		const sitesOn = async (params: string) => (await days(`${params}&from=2026-06-01&to=2026-06-01`))[0]?.sites;
		expect(await sitesOn('scope=city')).toBe(3);
		expect(await sitesOn('scope=city&kind=all')).toBe(4);
		expect(await sitesOn('scope=street:d1s1&kind=nursing_room')).toBe(1);
		expect(await sitesOn('scope=station:S-5')).toBe(1);
		expect((await days('')).map(({ day: name }) => name)).toHaveLength(30);
		expect((await days('')).at(-1)?.day).toBe('2026-06-03');
		for (const bad of ['from=2026-06-02&to=2026-06-01', 'from=2020-01-01&to=2026-01-01', 'to=now', 'scope=x'])
			expect([bad, (await ask(`fulfilment?${bad}`)).status]).toEqual([bad, 400]);
		expect((await ask('fulfilment?scope=street:none')).status).toBe(404);
	});

	test.each([
		['scope=planet', 'scope=city'],
		['kind=castle', 'kind=all'],
		['period=60', 'period=300 or 3600 or 86400'],
		['period=0', 'period='],
		['from=yesterday', 'from as a moment'],
		['to=2026-02-30', 'to as a moment'],
		['from=2026-06-03T00:00:00', 'from as a moment'],
		['from=2026-06-03&to=2026-06-03', '`from` must lie before `to`'],
		['period=300&from=2026-05-01&to=2026-06-01', '8928 points; at most 2000'],
		['from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z&period=86400', 'from as a moment']
	])('refuses %s with what to do', async (params, sentence) => {
		const response = await ask(`history?${params}`);
		expect(response.status).toBe(400);
		const problem = (await response.json()) as { code: string; message: string };
		expect(problem.code).toBe('bad_query');
		expect(problem.message).toContain(sentence);
	});

	test('refuses a day that is none, and says 404 where the registry knows no such place', async () => {
		for (const day of ['2026-02-30', 'x', '']) expect((await ask(`history/compare?day=${day}`)).status).toBe(400);
		for (const scope of ['district:d9', 'street:d1', 'station:S-9']) {
			const response = await ask(`history?scope=${scope}`);
			expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'unknown_scope']);
		}
	});

	test('gives a week of 5 minutes at once', async () => {
		await commit([{ slot: 1, at: NOW - HOUR, visits: 1 }]);
		const { points } = await history(`period=300&from=${isoAt(NOW - 2000 * 5 * MINUTES)}&to=${isoAt(NOW)}`);
		expect(points).toHaveLength(2000);
		expect(points.filter(({ visits }) => visits !== null).map(({ at }) => at)).toEqual([isoAt(NOW - HOUR)]);
	});
});
