import { describe, expect, test } from 'vitest';
import { areasOf, arrival, seededRandom, station, stationEvent, worldOf } from '#test/support/stations.ts';
import { closeAllBuckets, tickClock } from './clock.ts';
import type { EventMore } from '#test/support/stations.ts';
import { fold } from './fold.ts';
import { OCCUPATION_PIECE_WIDTH, OccupationPieces } from './occupation-pieces.ts';
import { OCCUPATIONS, type Occupation } from './occupation.ts';
import { areaOccupations, siteOccupations } from './occupations.ts';
import { dayOf, dayStart } from './shanghai.ts';
import { SITE_KINDS, type Site } from './site.ts';
import { setRegistry, type LiveState, type ShardState } from './state.ts';
import { areaKpis, kpisOf, rowsOf, type LiveView } from './view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIDNIGHT = dayStart(dayOf(Date.UTC(2026, 5, 2)));
const NOON = MIDNIGHT + 12 * HOUR;

const came = (subject: string, at: number, occupation?: Occupation, count?: number, more: EventMore = {}) =>
	stationEvent(
		'station.visited',
		subject,
		at,
		{ method: 'qr', ...(occupation && { occupation }), ...(count && { count }) },
		more
	);

/** Of one site, those that are not 0, by name. */
function named(counts: readonly number[] | null): Record<string, number> | null {
	return counts && Object.fromEntries(OCCUPATIONS.flatMap((name, i) => (counts[i] ? [[name, counts[i]]] : [])));
}

const pieces = (shard: ShardState) => {
	const rows = shard.occupations.take(1000);
	return Array.from({ length: rows.length / OCCUPATION_PIECE_WIDTH }, (_, i) => [
		...rows.subarray(i * OCCUPATION_PIECE_WIDTH, (i + 1) * OCCUPATION_PIECE_WIDTH)
	]);
};

const viewOf = (state: LiveState): LiveView => ({
	sites: state.sites,
	areas: state.areas,
	columns: state.columns,
	sources: []
});

describe('[OC1] visits of today by occupation', () => {
	test('count each worker once, late ones of today too; who does not say is unknown; duplicates and tests change nothing', () => {
		const { state, shard } = worldOf([station(0)], NOON);
		const twice = came('S-0', NOON, 'rider', 3);
		fold(state, shard, [
			arrival(twice),
			arrival(twice),
			arrival(came('S-0', MIDNIGHT, 'courier'), NOON),
			arrival(came('S-0', MIDNIGHT - 1, 'courier', 9), NOON),
			arrival(came('S-0', NOON, undefined, 2)),
			arrival(came('S-0', NOON, 'rider', 7, { quality: 'test' }))
		]);
		expect(named(siteOccupations(state, 0))).toEqual({ rider: 3, courier: 1, unknown: 2 });
		expect(state.columns.visitsToday[0]).toBe(6);
	});

	test('[FO4] begin anew at midnight with those dated ahead; nobody knows is null', () => {
		const { state, shard } = worldOf([station(0), station(1, { telemetry: 'manual' })], MIDNIGHT - MINUTE);
		fold(state, shard, [
			arrival(came('S-0', MIDNIGHT - MINUTE, 'trucker', 5)),
			arrival(came('S-0', MIDNIGHT + MINUTE, 'rider', 2), MIDNIGHT - MINUTE)
		]);
		expect(named(siteOccupations(state, 0))).toEqual({ trucker: 5 });
		tickClock(state, [shard], MIDNIGHT);
		expect(named(siteOccupations(state, 0))).toEqual({ rider: 2 });
		expect(siteOccupations(state, 1)).toBeNull();
		tickClock(state, [shard], MIDNIGHT + 48 * HOUR);
		expect(siteOccupations(state, 0)).toBeNull();
	});
});

describe('[OC2] pieces of history', () => {
	test('are visits by site, hour and occupation; they wait for the close of 5 minutes, or for a stop', () => {
		const { state, shard } = worldOf([station(0), station(1)], NOON);
		fold(state, shard, [
			arrival(came('S-0', NOON, 'rider', 3)),
			arrival(came('S-0', NOON + MINUTE, 'rider', 4)),
			arrival(came('S-1', NOON, 'courier')),
			arrival(came('S-0', NOON - 20 * HOUR, 'rider'), NOON)
		]);
		tickClock(state, [shard], NOON + MINUTE);
		const hour = NOON / HOUR;
		const rider = OCCUPATIONS.indexOf('rider');
		expect(pieces(shard)).toEqual([
			[0, hour, rider, 7],
			[1, hour, OCCUPATIONS.indexOf('courier'), 1],
			[0, hour - 20, rider, 1]
		]);
		fold(state, shard, [arrival(came('S-0', NOON + 2 * MINUTE, 'rider', 2))]);
		expect(pieces(shard)).toEqual([]);
		closeAllBuckets(state, [shard]);
		expect(pieces(shard)).toEqual([[0, hour, rider, 2]]);
	});

	test('[BU7] hold beyond 32 bits: what grew large is closed and begun again', () => {
		const all = new OccupationPieces();
		for (let i = 0; i < 5; i++) all.add(7, 15, NOON, 900_000_000);
		all.close();
		const rows = all.take(100);
		expect(rows.filter((_, i) => i % OCCUPATION_PIECE_WIDTH === 3).reduce((sum, visits) => sum + visits, 0)).toBe(
			4_500_000_000
		);
		expect([...rows].every((value) => value >= 0)).toBe(true);
	});
});

/** A city that a seed makes: areas with and without streets, sites of all kinds, in and out of service, told and silent. */
function randomCity(seed: number) {
	const random = seededRandom(seed);
	const below = (limit: number): number => Math.floor(random() * limit);
	const sites: Site[] = Array.from({ length: 1 + below(60) }, (_, slot) => {
		const district = `d${below(4)}`;
		return station(slot, {
			kind: SITE_KINDS[below(2)]!,
			district,
			street: below(4) === 0 ? null : `${district}-s${below(3)}`,
			lifecycle: below(8) === 0 ? 'suspended' : 'open',
			...(below(3) === 0 && { telemetry: 'manual' as const, periodSeconds: 86_400 }),
			...(below(2) === 0 && { hours: Array.from({ length: 7 }, () => [{ from: below(600), to: 600 + below(600) }]) })
		});
	});
	const world = worldOf(sites, MIDNIGHT);
	const { state, shard } = world;
	setRegistry(state, sites, areasOf(sites));
	for (let hour = 0; hour < 18; hour++) {
		const at = MIDNIGHT + hour * HOUR + below(HOUR);
		const batch = Array.from({ length: below(40) }, () => {
			const code = `S-${below(sites.length)}`;
			const kinds = [
				came(code, at, below(5) === 0 ? undefined : OCCUPATIONS[below(16)]!, 1 + below(20)),
				stationEvent('people.counted', code, at, { in: 1, out: 0, inside: below(30) }),
				stationEvent('station.opened', code, at, {}),
				stationEvent('station.closed', code, at, {}),
				stationEvent('device.changed', code, at, { device: `x${below(3)}`, kind: 'door', state: 'online' })
			];
			return arrival(kinds[below(kinds.length)]!);
		});
		fold(state, shard, batch);
		tickClock(state, [shard], at + 10 * MINUTE);
	}
	return world;
}

const ADDITIVE = [
	...['stations', 'open', 'closedUnplanned', 'unknown', 'visitsToday', 'insideNow', 'devicesOnline', 'devicesTotal'],
	...['postedSeconds', 'openSeconds', 'unknownSeconds']
] as const;

describe('[VI3] children sum to parents', () => {
	test('for every additive figure, and for who came: streets and sites without one to districts, districts to the city', () => {
		for (let seed = 0; seed < 40; seed++) {
			const { state } = randomCity(seed);
			const view = viewOf(state);
			const now = state.now;
			for (const kind of [...SITE_KINDS.slice(0, 2), null]) {
				const rows = rowsOf(view, { level: 'city' }, kind);
				const city = kpisOf(rows, view.sites, view.columns, now) as unknown as Record<string, number | null>;
				const areas = areaKpis(view, rows, now) as unknown as (Record<string, number | null> & {
					code: string;
					level: string;
					parentCode: string | null;
				})[];
				const districts = areas.filter(({ level }) => level === 'district');
				const counts = new Map(areaOccupations(state, kind).map((one) => [one.area, one.counts]));
				const partsOf = (code: string) => [
					...areas.filter(({ parentCode, level }) => parentCode === code && level === 'street'),
					kpisOf(
						rows.filter((row) => view.sites[row]?.district === code && view.sites[row].street === null),
						view.sites,
						view.columns,
						now
					) as unknown as Record<string, number | null>
				];
				for (const figure of ADDITIVE) {
					const sum = (parts: readonly Record<string, number | null>[]): number | null => {
						const known = parts.map((part) => part[figure]).filter((value) => value !== null && value !== undefined);
						return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
					};
					expect([seed, figure, sum(districts) ?? 0]).toEqual([seed, figure, city[figure] ?? 0]);
					for (const { code, [figure]: value } of districts)
						expect([seed, figure, code, sum(partsOf(code))]).toEqual([seed, figure, code, value]);
				}
				const total = (area: string): number | null => counts.get(area)?.reduce((a, b) => a + b, 0) ?? null;
				expect([seed, total('c')]).toEqual([seed, city['visitsToday']]);
				for (const { code, visitsToday } of areas) expect([seed, code, total(code)]).toEqual([seed, code, visitsToday]);
				OCCUPATIONS.forEach((name, i) => {
					const ofDistricts = districts.reduce((sum, { code }) => sum + (counts.get(code)?.[i] ?? 0), 0);
					expect([seed, name, ofDistricts]).toEqual([seed, name, counts.get('c')?.[i] ?? 0]);
				});
			}
		}
	});
});
