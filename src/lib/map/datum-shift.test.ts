import { describe, expect, it } from 'vitest';
import { inTileDatum } from './datum-shift.ts';

const WUXI = { lng: 120.3, lat: 31.57 };
const metres = (a: typeof WUXI, b: typeof WUXI): number =>
	Math.hypot((a.lng - b.lng) * 111_320 * Math.cos((a.lat * Math.PI) / 180), (a.lat - b.lat) * 110_900);

describe('tiles of another datum', () => {
	it('know a place of Wuxi some 460 to 540 m away in GCJ-02, and further in BD-09', () => {
		const moved = metres(inTileDatum(WUXI, 'gcj02'), WUXI);
		expect(moved).toBeGreaterThan(460);
		expect(moved).toBeLessThan(545);
		expect(metres(inTileDatum(WUXI, 'bd09'), WUXI)).toBeGreaterThan(600);
	});

	it('differ across a city by less than a pixel at the zoom that shows it whole', () => {
		const shiftAt = (place: typeof WUXI) => {
			const { lng, lat } = inTileDatum(place, 'gcj02');
			return { lng: lng - place.lng, lat: lat - place.lat };
		};
		const [middle, edge] = [shiftAt(WUXI), shiftAt({ lng: 120.0, lat: 31.3 })];
		// 130 m per pixel at zoom 10.
		expect(metres({ lng: middle.lng, lat: middle.lat }, { lng: edge.lng, lat: edge.lat })).toBeLessThan(130);
	});

	it('are where they are in WGS-84 and CGCS2000', () => {
		expect(inTileDatum(WUXI, 'wgs84')).toEqual(WUXI);
		expect(inTileDatum(WUXI, 'cgcs2000')).toEqual(WUXI);
	});
});
