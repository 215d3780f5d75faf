import { describe, expect, it } from 'vitest';
import type { TopicState } from '#domain/frame.ts';
import { measureOf } from '#domain/measure.ts';
import { parseScope, type Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { seededRandom } from '#test/support/stations.ts';
import { placeView } from './place-view.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const AREAS: Area[] = [
	{ code: 'C', name: '无锡市', level: 'city', parentCode: null },
	{ code: 'D1', name: '梁溪区', level: 'district', parentCode: 'C' },
	{ code: 'D2', name: '滨湖区', level: 'district', parentCode: 'C' },
	{ code: 'S1', name: '崇安寺街道', level: 'street', parentCode: 'D1' },
	{ code: 'S2', name: '蠡园街道', level: 'street', parentCode: 'D2' }
];

function site(code: string, over: Partial<SiteBrief> = {}): SiteBrief {
	return {
		code,
		name: `${code} 驿站`,
		kind: 'service_station',
		district: 'D1',
		street: 'S1',
		lng: 120.3,
		lat: 31.5,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60,
		...over
	};
}

function stateOf(sites: SiteBrief[]): TopicState {
	return {
		topic: 'city',
		epoch: 'e',
		seq: 1,
		asOf: NOW,
		directory: { sites, areas: AREAS, isDemo: false },
		columns: emptyColumns(sites.length),
		sources: [],
		occupations: [{ area: 'D1', counts: [3] }],
		details: null
	};
}

const scope = (text: string): Scope => parseScope(text) ?? { level: 'city' };

/** A city whose every figure is drawn; some stations have no street, some told nothing. */
function randomCity(seed: number): TopicState {
	const random = seededRandom(seed);
	const sites = Array.from({ length: 40 }, (_, index) => {
		const district = random() < 0.5 ? 'D1' : 'D2';
		return site(`X${index}`, {
			district,
			street: random() < 0.2 ? null : district === 'D1' ? 'S1' : 'S2',
			lifecycle: random() < 0.1 ? 'closed' : 'open'
		});
	});
	const state = stateOf(sites);
	sites.forEach((_, row) => {
		if (random() < 0.3) return;
		state.columns.seenAt[row] = NOW / 1000 - Math.floor(random() * 400);
		state.columns.status[row] = Math.floor(random() * 4);
		state.columns.visitsToday[row] = Math.floor(random() * 50);
		state.columns.inside[row] = Math.floor(random() * 9);
		state.columns.devicesOnline[row] = 2;
		state.columns.devicesTotal[row] = 3;
		state.columns.postedToday[row] = 36_000;
		state.columns.openToday[row] = Math.floor(random() * 36_000);
		state.columns.unknownToday[row] = 0;
	});
	return state;
}

const COUNTS = ['stations', 'open', 'closedUnplanned', 'unknown', 'visitsToday', 'insideNow', 'devicesTotal'] as const;

describe('the page of a place', () => {
	it.each([1, 2, 3, 4, 5])('[VI1] children and what belongs to none of them sum to their parent, seed %i', (seed) => {
		const state = randomCity(seed);
		for (const name of ['city', 'district:D1', 'district:D2']) {
			const view = placeView(state, scope(name), NOW);
			const level = name === 'city' ? 'district' : 'street';
			// The same rows again as a place of their own: those without an area below.
			const rest = state.directory.sites.filter(
				(one) => one[level] === null && (name === 'city' || one.district === name.slice('district:'.length))
			);
			const restState = placeView(
				{ ...state, directory: { ...state.directory, sites: sparse(state, rest) } },
				scope('city'),
				NOW
			);
			for (const id of COUNTS) {
				const sum = [...view.children, restState.kpis].reduce((total, part) => total + (measureOf(part, id) ?? 0), 0);
				expect([name, id, sum]).toEqual([name, id, measureOf(view.kpis, id) ?? 0]);
			}
			expect(view.withoutChild).toBe(rest.filter(({ lifecycle }) => lifecycle === 'open').length);
		}
	});

	it('[VI1] shows a district as the city shows it among its children', () => {
		const state = randomCity(6);
		const [asChild] = placeView(state, scope('city'), NOW).children.filter(({ code }) => code === 'D1');
		const { kpis } = placeView(state, scope('district:D1'), NOW);
		expect(asChild).toMatchObject(kpis);
	});

	it('leads from the city down to the place', () => {
		const view = placeView(stateOf([site('A')]), scope('street:S1'), NOW);
		expect(view.path.map(({ code }) => code)).toEqual(['C', 'D1', 'S1']);
		expect(view.children).toEqual([]);
		expect(view.stations[0]).toMatchObject({ code: 'A', districtName: '梁溪区', streetName: '崇安寺街道' });
	});

	it('lists first where something is wrong', () => {
		const state = stateOf([site('A'), site('B'), site('C', { district: 'D2', street: 'S2' })]);
		state.columns.status[2] = STATUS.closed_unplanned;
		expect(placeView(state, scope('city'), NOW).children.map(({ code }) => code)).toEqual(['D2', 'D1']);
	});

	it('has the occupations of its own area, and none where nobody told', () => {
		expect(placeView(stateOf([site('A')]), scope('district:D1'), NOW).occupations).toEqual([3]);
		expect(placeView(stateOf([site('A')]), scope('district:D2'), NOW).occupations).toBeNull();
	});
});

/** Only these sites, each in its own row, so that the columns stay true. */
function sparse(state: TopicState, sites: readonly SiteBrief[]): SiteBrief[] {
	return state.directory.sites.map((one) => (sites.includes(one) ? one : { ...one, lifecycle: 'closed' }));
}
