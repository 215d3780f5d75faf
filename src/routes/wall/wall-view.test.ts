import { describe, expect, it } from 'vitest';
import type { TopicState } from '#domain/frame.ts';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { wallView } from './wall-view.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');

function site(code: string, over: Partial<SiteBrief> = {}): SiteBrief {
	return {
		code,
		name: `${code} 驿站`,
		kind: 'service_station',
		district: 'D1',
		street: null,
		lng: 120.3,
		lat: 31.5,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60,
		...over
	};
}

function stateOf(sites: SiteBrief[]): TopicState {
	const areas = [
		{ code: 'C', name: '无锡市', level: 'city' as const, parentCode: null },
		{ code: 'D1', name: '梁溪区', level: 'district' as const, parentCode: 'C' },
		{ code: 'D2', name: '滨湖区', level: 'district' as const, parentCode: 'C' }
	];
	return {
		topic: 'city',
		epoch: 'e',
		seq: 1,
		asOf: NOW,
		directory: { sites, areas, isDemo: false },
		columns: emptyColumns(sites.length),
		sources: [],
		occupations: [],
		details: null
	};
}

describe('the wall', () => {
	it('counts service stations in service and says how many have no place on the map', () => {
		const view = wallView(
			stateOf([
				site('A'),
				site('B', { lng: null, lat: null }),
				site('C', { kind: 'nursing_room' }),
				site('D', { lifecycle: 'planned' })
			]),
			NOW
		);
		expect(view.kpis.stations).toBe(2);
		expect(view.unplaced).toBe(1);
		expect(view.city).toBe('无锡市');
	});

	it('shows nothing as 0 that nobody has told', () => {
		const view = wallView(stateOf([site('A')]), NOW);
		expect(view.kpis).toMatchObject({ visitsToday: null, insideNow: null, unknown: 1 });
		expect(view.reports).toBe('none');
		expect(view.oldest.ageMs).toBeNull();
	});

	it('ranks districts by visits, those without a report last', () => {
		const state = stateOf([site('A'), site('B', { district: 'D2' })]);
		state.columns.visitsToday[1] = 3;
		expect(wallView(state, NOW).districts.map(({ code }) => code)).toEqual(['D2', 'D1']);
	});

	it('ranks districts by posted hours kept as soon as most of them are known', () => {
		const state = stateOf([site('A'), site('B', { district: 'D2' })]);
		state.columns.visitsToday.set([9, 3]);
		expect(wallView(state, NOW)).toMatchObject({ rankedBy: 'visitsToday' });
		state.columns.postedToday.set([1000, 1000]);
		state.columns.openToday.set([500, 900]);
		state.columns.unknownToday.set([0, 0]);
		const view = wallView(state, NOW);
		expect(view.rankedBy).toBe('fulfilment');
		expect(view.districts.map(({ code }) => code)).toEqual(['D2', 'D1']);
	});

	it('puts a share of few known hours behind one of most, and does not rank by shares that hardly anybody knows', () => {
		const state = stateOf([site('A'), site('B', { district: 'D2' })]);
		state.columns.visitsToday.set([9, 3]);
		state.columns.postedToday.set([1000, 1000]);
		state.columns.openToday.set([400, 600]);
		state.columns.unknownToday.set([600, 100]);
		expect(wallView(state, NOW).districts.map(({ code }) => code)).toEqual(['D2', 'D1']);
		state.columns.unknownToday.set([600, 600]);
		expect(wallView(state, NOW)).toMatchObject({ rankedBy: 'visitsToday' });
	});

	it("takes the city's own visits by occupation, and nothing where nobody told", () => {
		const state = stateOf([site('A')]);
		expect(wallView(state, NOW).occupations).toBeNull();
		state.occupations = [
			{ area: 'D1', counts: [1, 2] },
			{ area: 'C', counts: [3, 4] }
		];
		expect(wallView(state, NOW).occupations).toEqual([3, 4]);
	});

	it('lists stations that should be open, the longest first', () => {
		const state = stateOf([site('A'), site('B'), site('C')]);
		state.columns.status.set([STATUS.closed_unplanned, STATUS.open, STATUS.closed_unplanned]);
		state.columns.since.set([NOW / 1000 - 60, NOW / 1000 - 900, NOW / 1000 - 600]);
		const view = wallView(state, NOW);
		expect(view.closed.map(({ code }) => code)).toEqual(['C', 'A']);
		expect(view.changes.map(({ code }) => code)).toEqual(['A', 'C', 'B']);
	});

	it('names the oldest source and counts the late and the stale', () => {
		const state = stateOf([]);
		state.sources = [
			{ source: 'never', lastSeen: 0, periodSeconds: 60 },
			{ source: 'fresh', lastSeen: NOW - 4_000, periodSeconds: 60 },
			{ source: 'late', lastSeen: NOW - 90_000, periodSeconds: 60 },
			{ source: 'stale', lastSeen: NOW - 600_000, periodSeconds: 60 }
		];
		expect(wallView(state, NOW).oldest).toEqual({ ageMs: 600_000, late: 1, stale: 1 });
	});

	it('measures age by what is expected: a desk that speaks daily is not the oldest after two hours', () => {
		const state = stateOf([]);
		state.sources = [
			{ source: 'desk', lastSeen: NOW - 7_200_000, periodSeconds: 86_400 },
			{ source: 'gateway', lastSeen: NOW - 20_000, periodSeconds: 60 }
		];
		expect(wallView(state, NOW).oldest.ageMs).toBe(20_000);
	});

	it('has four states that add up to the stations', () => {
		const state = stateOf([site('A'), site('B'), site('C'), site('D')]);
		state.columns.status.set([0, 1, 2, 3]);
		expect(wallView(state, NOW).statuses.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
	});
});
