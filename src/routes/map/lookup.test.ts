import { expect, it } from 'vitest';
import { emptyColumns } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { NO_FILTERS, type FilterFacts } from '#lib/panel/map/filters.ts';
import { facilitiesOf, kindCounts, matchingRows, placesOf, presentValues, rowsByCode, rowsIn } from './lookup.ts';

const site = (code: string, lng: number | null, more: Partial<SiteBrief> = {}): SiteBrief => ({
	code,
	name: code,
	kind: 'service_station',
	district: null,
	street: null,
	lng,
	lat: lng === null ? null : 31,
	lifecycle: 'open',
	telemetry: 'none',
	periodSeconds: null,
	...more
});

const SITES = [
	site('a', 120),
	site('b', 121),
	site('c', null),
	site('d', 120, { lifecycle: 'closed' }),
	site('e', 120, { kind: 'nursing_room' })
];

const facts = (facilities: string[], more: Partial<FilterFacts> = {}): FilterFacts => ({
	facilities,
	honours: [],
	star: null,
	isOpen24h: false,
	...more
});

const FACTS = new Map([
	['a', facts(['饮水机', 'AED'], { star: 4 })],
	['b', facts(['饮水机'], { honours: [{ level: 'provincial' }] })],
	['e', facts(['尿布台'])]
]);

it('sites outside the extent, and those that stand nowhere, are not in view', () => {
	const { rows, mask } = matchingRows(
		{ sites: SITES, columns: emptyColumns(5), facts: null, nowMs: 0, isFeedStale: false },
		NO_FILTERS
	);
	expect(rows).toEqual([0, 1, 2]);
	expect([...mask]).toEqual([1, 1, 1, 0, 0]);
	expect(rowsIn(SITES, rows, { west: 119, south: 30, east: 120.5, north: 32 })).toEqual([0]);
});

it('kinds are counted in service only', () => {
	expect(Object.fromEntries(kindCounts(SITES))).toEqual({ service_station: 3, nursing_room: 1 });
});

it('facilities are those of the chosen kinds, the most common first, and those asked for in any case', () => {
	expect(facilitiesOf(SITES, FACTS, NO_FILTERS)).toEqual(['饮水机', 'AED']);
	expect(facilitiesOf(SITES, FACTS, { ...NO_FILTERS, facility: ['微波炉'] })).toEqual(['饮水机', 'AED', '微波炉']);
	expect(facilitiesOf(SITES, null, NO_FILTERS)).toEqual([]);
});

it('values that no site has are not offered', () => {
	const present = presentValues(FACTS);
	expect([...present.star]).toEqual(['4']);
	expect([...present.honour]).toEqual(['provincial']);
	expect([...present.hours]).toEqual([]);
});

it('rows are found by code and by place', () => {
	expect(rowsByCode(SITES).get('c')).toBe(2);
	expect(placesOf([4, 0]).get(0)).toBe(1);
});
