import { describe, expect, test } from 'vitest';
import { areasOf, station } from '#test/support/stations.ts';
import { formatScope, parseScope } from './scope.ts';
import { emptyColumns, STATUS } from './table.ts';
import { areaKpis, kpisOf, rowsOf, stateView, stationView } from './view.ts';

const NOW = Date.UTC(2026, 5, 1);
const seconds = NOW / 1000;

const sites = [
	station(0, { district: 'd0', street: 'd0-s0' }),
	station(1, { district: 'd0', street: null }),
	station(2, { district: 'd1', street: 'd1-s0', kind: 'nursing_room' }),
	station(3, { district: 'd1', street: 'd1-s0', lifecycle: 'suspended' }),
	station(4, { district: null, street: null, telemetry: 'none', periodSeconds: null })
];

function view() {
	const columns = emptyColumns(sites.length);
	columns.status.set([STATUS.open, STATUS.closed_unplanned, STATUS.unknown, STATUS.open, STATUS.closed_planned]);
	columns.seenAt.set([seconds - 10, seconds - 1000, 0, seconds, seconds]);
	columns.visitsToday.set([7, 5, -1, 100, -1]);
	columns.inside.set([3, 40, -1, 100, 2]);
	columns.devicesOnline.set([1, 0, -32_768, 100, -32_768]);
	columns.devicesTotal.set([2, 3, -32_768, 100, -32_768]);
	columns.postedToday.set([3600, 3600, -1, 100, 0]);
	columns.openToday.set([3600, 1800, -1, 100, 0]);
	columns.unknownToday.set([0, 600, -1, 100, 0]);
	return {
		sites,
		areas: areasOf(sites),
		columns,
		sources: [{ source: 'gw', lastSeen: NOW - 1000, periodSeconds: 60 }]
	};
}

describe('figures', () => {
	test('[VI2] sum over the sites in service that know theirs; stale heads do not count', () => {
		const { columns } = view();
		expect(kpisOf([0, 1, 2, 3, 4], sites, columns, NOW)).toEqual({
			stations: 4,
			open: 1,
			closedUnplanned: 1,
			unknown: 1,
			visitsToday: 12,
			insideNow: 5,
			devicesOnline: 1,
			devicesTotal: 5,
			postedSeconds: 7200,
			openSeconds: 5400,
			unknownSeconds: 600
		});
	});

	test('[VI2] nobody knows is null, nobody came is 0', () => {
		const { columns } = view();
		expect(kpisOf([2], sites, columns, NOW)).toMatchObject({
			stations: 1,
			visitsToday: null,
			insideNow: null,
			devicesTotal: null
		});
		columns.visitsToday[2] = 0;
		expect(kpisOf([2], sites, columns, NOW).visitsToday).toBe(0);
		expect(kpisOf([], sites, columns, NOW)).toMatchObject({ stations: 0, visitsToday: null });
	});

	test('[VI3] sites count to district and street, those without a street to the district alone', () => {
		const areas = areaKpis(view(), [0, 1, 2], NOW);
		expect(areas.map(({ code, stations, visitsToday }) => [code, stations, visitsToday])).toEqual([
			['d0', 2, 12],
			['d1', 1, null],
			['d0-s0', 1, 7],
			['d1-s0', 1, null]
		]);
	});

	test('[VI4] a scope holds its sites, of one kind or of all', () => {
		const rows = (text: string, kind: 'nursing_room' | null): number[] => rowsOf(view(), parseScope(text)!, kind);
		expect(rows('city', null)).toEqual([0, 1, 2, 3, 4]);
		expect(rows('city', 'nursing_room')).toEqual([2]);
		expect(rows('district:d1', null)).toEqual([2, 3]);
		expect(rows('street:d0-s0', null)).toEqual([0]);
		expect(rows('station:S-4', null)).toEqual([4]);
	});

	test('a station says what is not known as null, and how old the rest is', () => {
		expect(stationView(view(), 4, NOW)).toMatchObject({
			status: 'closed_planned',
			visitsToday: null,
			inside: 2,
			mains: null,
			since: null,
			freshness: 'none'
		});
		expect(stationView(view(), 1, NOW)).toMatchObject({
			asOf: new Date(NOW - 1_000_000).toISOString(),
			freshness: 'stale'
		});
		expect(stationView(view(), 9, NOW)).toBeNull();
		expect(stateView(view(), { level: 'city' }, null, NOW).sources).toEqual([
			{ source: 'gw', lastSeen: new Date(NOW - 1000).toISOString(), periodSeconds: 60, freshness: 'fresh' }
		]);
	});
});

test('[VI4] scopes are read and written; anything else is none', () => {
	for (const text of ['city', 'district:锡山', 'street:a:b', 'station:S 1'])
		expect(formatScope(parseScope(text)!)).toBe(text);
	for (const text of ['', 'City', 'district:', 'area:1', 'district:a\nb', `station:${'x'.repeat(101)}`, ' city'])
		expect(parseScope(text)).toBeNull();
});
