import { describe, expect, it } from 'vitest';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import {
	countFacets,
	isActive,
	NO_FILTERS,
	passes,
	toggled,
	without,
	type FilterFacts,
	type FilterView
} from './filters.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');

const site = (code: string, more: Partial<SiteBrief> = {}): SiteBrief => ({
	code,
	name: code,
	kind: 'service_station',
	district: null,
	street: null,
	lng: 120,
	lat: 31,
	lifecycle: 'open',
	telemetry: 'live',
	periodSeconds: 60,
	...more
});

const facts = (more: Partial<FilterFacts>): FilterFacts => ({
	facilities: [],
	honours: [],
	star: null,
	isOpen24h: false,
	...more
});

function view(more: Partial<FilterView> = {}): FilterView {
	const columns = emptyColumns(5);
	columns.status.set([STATUS.open, STATUS.open, STATUS.closed_unplanned, STATUS.open, STATUS.open]);
	columns.seenAt.set([NOW / 1000, NOW / 1000 - 1000, NOW / 1000, 0, NOW / 1000]);
	return {
		sites: [
			site('a'),
			site('b'),
			site('c', { telemetry: 'manual' }),
			site('d', { kind: 'nursing_room' }),
			site('e', { lifecycle: 'closed' })
		],
		columns,
		facts: new Map([
			['a', facts({ facilities: ['微波炉', 'AED'], honours: [{ level: 'national' }], isOpen24h: true })],
			['b', facts({ facilities: ['微波炉'], star: 5 })],
			['c', facts({ facilities: ['AED'] })],
			['d', facts({ facilities: ['微波炉', 'AED'] })]
		]),
		nowMs: NOW,
		isFeedStale: false,
		...more
	};
}

const found = (shown: FilterView, filters: Partial<typeof NO_FILTERS>): string[] =>
	shown.sites.flatMap(({ code }, row) => (passes(shown, row, { ...NO_FILTERS, ...filters }) ? [code] : []));

describe('filters of the map', () => {
	it('show service stations in service when nothing is asked for', () => {
		expect(found(view(), {})).toEqual(['a', 'b', 'c']);
	});

	it('take any of the values within a facet, and all of the facets', () => {
		expect(found(view(), { status: ['open', 'closed_unplanned'] })).toEqual(['a', 'b', 'c']);
		expect(found(view(), { status: ['open'], telemetry: ['live'], freshness: ['stale'] })).toEqual(['b']);
		expect(found(view(), { honour: ['national', 'city'] })).toEqual(['a']);
		expect(found(view(), { hours: ['24h'] })).toEqual(['a']);
		expect(found(view(), { star: ['5', '4'] })).toEqual(['b']);
	});

	it('ask for every facility that was chosen', () => {
		expect(found(view(), { facility: ['微波炉'] })).toEqual(['a', 'b']);
		expect(found(view(), { facility: ['微波炉', 'AED'] })).toEqual(['a']);
	});

	it('show nothing without a kind', () => {
		expect(found(view(), { kind: [] })).toEqual([]);
		expect(found(view(), { kind: ['nursing_room'] })).toEqual(['d']);
	});

	it('call everything stale that ever reported when the feed of the page is dead [FR1]', () => {
		expect(found(view({ isFeedStale: true }), { freshness: ['stale'] })).toEqual(['a', 'b', 'c']);
		expect(found(view({ isFeedStale: true }), { freshness: ['fresh'] })).toEqual([]);
	});

	it('leave out of account what only the registry could answer while it is not there', () => {
		expect(found(view({ facts: null }), { facility: ['微波炉'], status: ['open'] })).toEqual(['a', 'b']);
	});

	it('count what each value would show, under all other facets', () => {
		const counts = countFacets(view(), { ...NO_FILTERS, status: ['closed_unplanned'], facility: ['AED'] });
		expect(counts.matches).toBe(1);
		expect(Object.fromEntries(counts.byValue.status)).toEqual({ open: 1, closed_unplanned: 1 });
		expect(Object.fromEntries(counts.byValue.facility)).toEqual({ AED: 1 });
		expect(Object.fromEntries(counts.byValue.telemetry)).toEqual({ manual: 1 });
	});

	it('say of each facet how many it alone keeps away', () => {
		const counts = countFacets(view(), { ...NO_FILTERS, status: ['unknown'], honour: [] });
		expect(counts.matches).toBe(0);
		expect(counts.withoutFacet.status).toBe(3);
		expect(counts.withoutFacet.telemetry).toBe(0);
	});

	it('can be taken in, out and off', () => {
		const once = toggled(NO_FILTERS, 'status', 'open');
		expect(once.status).toEqual(['open']);
		expect(toggled(once, 'status', 'open').status).toEqual([]);
		expect(without(once, 'status', [])).toEqual(NO_FILTERS);
		expect(without(NO_FILTERS, 'kind', ['nursing_room']).kind).toEqual(['nursing_room']);
		expect(isActive(NO_FILTERS, 'kind')).toBe(false);
		expect(isActive(toggled(NO_FILTERS, 'kind', 'driver_home'), 'kind')).toBe(true);
	});
});
