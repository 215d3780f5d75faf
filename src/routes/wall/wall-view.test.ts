import { describe, expect, it } from 'vitest';
import type { TopicState } from '#domain/frame.ts';
import type { Scope } from '#domain/scope.ts';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { wallView as viewOf } from './wall-view.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');

const CITY: Scope = { level: 'city' };
const wallView = (state: TopicState, nowMs: number) => viewOf(state, CITY, nowMs);

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
		expect(view.name).toBe('无锡市');
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
		expect(wallView(state, NOW).places.map(({ code }) => code)).toEqual(['D2', 'D1']);
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
		expect(view.places.map(({ code }) => code)).toEqual(['D2', 'D1']);
	});

	it('puts a share of few known hours behind one of most, and does not rank by shares that hardly anybody knows', () => {
		const state = stateOf([site('A'), site('B', { district: 'D2' })]);
		state.columns.visitsToday.set([9, 3]);
		state.columns.postedToday.set([1000, 1000]);
		state.columns.openToday.set([400, 600]);
		state.columns.unknownToday.set([600, 100]);
		expect(wallView(state, NOW).places.map(({ code }) => code)).toEqual(['D2', 'D1']);
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

	describe('[SC9] of a district', () => {
		const scope: Scope = { level: 'district', code: 'D1' };
		function district(sites: SiteBrief[]): TopicState {
			const state = stateOf(sites);
			state.topic = 'district:D1';
			state.directory = {
				...state.directory,
				areas: [
					{ code: 'D1', name: '梁溪区', level: 'district', parentCode: 'C' },
					{ code: 'S1', name: '崇安寺街道', level: 'street', parentCode: 'D1' },
					{ code: 'S2', name: '通江街道', level: 'street', parentCode: 'D1' }
				]
			};
			return state;
		}

		it('has its name, its streets in order, its own occupations', () => {
			const state = district([site('A', { street: 'S1' }), site('B', { street: 'S2' }), site('C')]);
			state.columns.visitsToday.set([1, 3, 9]);
			state.occupations = [
				{ area: 'D1', counts: [7] },
				{ area: 'S1', counts: [2] }
			];
			const view = viewOf(state, scope, NOW);
			expect([view.name, view.kpis.stations, view.occupations]).toEqual(['梁溪区', 3, [7]]);
			expect(view.places.map(({ code }) => code)).toEqual(['S2', 'S1']);
		});

		it('is as old as its own stations, since sources are told to the city alone', () => {
			const state = district([site('A'), site('B'), site('C', { telemetry: 'manual' })]);
			state.columns.seenAt.set([NOW / 1000 - 20, NOW / 1000 - 90, NOW / 1000 - 7_200]);
			expect(viewOf(state, scope, NOW).oldest).toEqual({ ageMs: 90_000, late: 1, stale: 0 });
		});

		it('ranks nothing below a street', () => {
			const state = district([site('A', { street: 'S1' })]);
			const view = viewOf(state, { level: 'street', code: 'S1' }, NOW);
			expect([view.name, view.places]).toEqual(['崇安寺街道', []]);
		});
	});
});
