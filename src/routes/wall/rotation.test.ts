import { describe, expect, it } from 'vitest';
import type { AreaKpis } from '#domain/view.ts';
import { HOLD_MS, LAYER_MS, layerOf, layersOf, mapLayers, shownLayer } from './rotation.ts';

const district = (over: Partial<AreaKpis>): AreaKpis => ({ ...({} as AreaKpis), ...NOTHING, ...over });
const NOTHING: Partial<AreaKpis> = {
	stations: 10,
	open: 0,
	closedUnplanned: 0,
	unknown: 10,
	visitsToday: null,
	insideNow: null,
	postedSeconds: null,
	openSeconds: null,
	unknownSeconds: null
};

const ALL = ['points', 'visits', 'fulfilment'] as const;

describe('the layers of the wall', () => {
	it('come in turn, each for half a minute', () => {
		const seen = [0, 1, 2, 3].map((turn) => shownLayer(ALL, turn * LAYER_MS, null, null));
		expect(seen).toEqual(['points', 'visits', 'fulfilment', 'points']);
		expect(shownLayer(ALL, LAYER_MS - 1, null, null)).toBe('points');
	});

	it('are left out while they have nothing to show', () => {
		expect(layersOf([])).toEqual(['points']);
		expect(layersOf([district({})])).toEqual(['points']);
		expect(layersOf([district({ postedSeconds: 60, openSeconds: 0, unknownSeconds: 40 })])).toEqual(['points']);
		expect(layersOf([district({ visitsToday: 0 })])).toEqual(['points', 'visits']);
		expect(layersOf([district({ closedUnplanned: 1, postedSeconds: 60, openSeconds: 0, unknownSeconds: 9 })])).toEqual([
			'points',
			'fulfilment',
			'closed'
		]);
	});

	it('stay where somebody has touched the map, and go on after a while', () => {
		const hold = { layer: 'points', untilMs: LAYER_MS + HOLD_MS } as const;
		expect(shownLayer(ALL, LAYER_MS, null, hold)).toBe('points');
		expect(shownLayer(ALL, LAYER_MS + HOLD_MS, null, hold)).toBe('fulfilment');
	});

	it('can be fixed by the address, which stands above everything', () => {
		expect(layerOf('visits')).toBe('visits');
		expect(layerOf('nonsense')).toBeNull();
		expect(shownLayer(['points'], 0, 'visits', { layer: 'points', untilMs: 1 })).toBe('visits');
	});

	it('colour districts by their measure, and points by nothing', () => {
		expect(mapLayers('points', 'district').choropleth).toBeNull();
		expect(mapLayers('visits', 'district').choropleth).toEqual({ measure: 'visitsToday', level: 'district' });
	});

	it('[SC9] colour streets on the wall of a district, and nothing on that of a street', () => {
		expect(mapLayers('visits', 'street').choropleth).toEqual({ measure: 'visitsToday', level: 'street' });
		expect(mapLayers('visits', null).choropleth).toBeNull();
	});
});
