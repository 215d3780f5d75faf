import { describe, expect, it } from 'vitest';
import type { Basemap } from './basemap.ts';
import { creditsOf } from './credits.ts';

const tile = { url: '', attribution: '天地图', reviewNo: 'GS(2024)0650' };
const geo: Basemap = {
	water: null,
	places: [],
	areas: null,
	settings: { reviewNumber: 'GS(2024)0650', attribution: ' 无锡市总工会 ', showBoundaries: true, tiles: [tile, tile] },
	problems: []
};

describe('credits', () => {
	it('name each source and each review number once', () => {
		expect(creditsOf(geo, true)).toEqual({
			attributions: ['无锡市总工会', '天地图'],
			reviewNumbers: ['GS(2024)0650']
		});
	});

	it('leave tiles out while none is shown', () => {
		expect(creditsOf(geo, false).attributions).toEqual(['无锡市总工会']);
		expect(creditsOf(null, true)).toEqual({ attributions: [], reviewNumbers: [] });
	});
});
