import fc from 'fast-check';
import { intersection, type Geom } from 'polyclip-ts';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#test/support/stations.ts';
import { areaFinder } from './area-finder.ts';
import { turnOf, type Ring } from './regions.ts';
import { serviceAreas, type AreaFeatures, type PlacedSites } from './service-areas.ts';
import { closingDistance } from './surroundings.ts';

interface Spot {
	readonly lng: number;
	readonly lat: number;
	readonly district: number;
	readonly street: number;
}

const DISTRICTS = 4;
const STREETS = 12;

function placed(spots: readonly Spot[]): PlacedSites {
	const names = (letter: string, count: number) =>
		Array.from({ length: count }, (_, i) => ({ code: `${letter}${i}`, name: `${letter}${i}` }));
	return {
		lng: Float64Array.from(spots, ({ lng }) => lng),
		lat: Float64Array.from(spots, ({ lat }) => lat),
		district: Int32Array.from(spots, ({ district }) => district),
		street: Int32Array.from(spots, ({ street }) => street),
		districts: names('d', DISTRICTS),
		streets: names('s', STREETS)
	};
}

/** Streets are towns, districts are groups of towns, as in a city; a few sites name another district than their town's. */
function city(seed: number, count: number): Spot[] {
	const random = seededRandom(seed);
	const towns = Array.from({ length: STREETS }, (_, street) => ({
		lng: 119.8 + random() * 0.8,
		lat: 31.2 + random() * 0.6,
		street,
		district: street % DISTRICTS
	}));
	return Array.from({ length: count }, () => {
		const town = towns[Math.floor(random() * STREETS)] as Spot;
		const isAstray = random() < 0.03;
		return {
			...town,
			lng: town.lng + (random() + random() - 1) * 0.03,
			lat: town.lat + (random() + random() - 1) * 0.03,
			district: isAstray ? Math.floor(random() * DISTRICTS) : town.district
		};
	});
}

/** Square degrees. */
const sizeOf = (polygons: readonly (readonly Ring[])[]): number =>
	polygons.reduce((sum, rings) => sum + rings.reduce((turn, ring) => turn + turnOf(ring), 0) / 2, 0);
const shapeOf = ({ features }: AreaFeatures, index: number): Geom => features[index]!.geometry.coordinates as Geom;

describe('service areas', () => {
	it('hold every site in the area of its own district and of its own street', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 3, max: 300 }), (seed, count) => {
				// A metre apart: of two sites at one place the first decides.
				const spots = [
					...new Map(city(seed, count).map((spot) => [`${spot.lng.toFixed(4)},${spot.lat.toFixed(4)}`, spot])).values()
				];
				const find = areaFinder(serviceAreas(placed(spots)));
				const found = spots.map(({ lng, lat }) => find(lng, lat));
				expect(found).toEqual(
					spots.map(({ district, street }) => ({ district: `d${district}`, street: `s${street}` }))
				);
			}),
			{ numRuns: 40 }
		);
	});

	it('do not overlap', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
				const { districts } = serviceAreas(placed(city(seed, 120)));
				const whole = sizeOf(districts.features.flatMap(({ geometry }) => geometry.coordinates as Ring[][]));
				for (let a = 0; a < districts.features.length; a++) {
					for (let b = 0; b < a; b++) {
						const shared = sizeOf(intersection(shapeOf(districts, a), shapeOf(districts, b)));
						expect(Math.abs(shared) / whole).toBeLessThan(1e-9);
					}
				}
			}),
			{ numRuns: 15 }
		);
	});

	it('of streets fill the areas of their districts', () => {
		const { districts, streets } = serviceAreas(placed(city(7, 200)));
		const all = (areas: AreaFeatures) =>
			sizeOf(areas.features.flatMap(({ geometry }) => geometry.coordinates as Ring[][]));
		expect(all(streets)).toBeCloseTo(all(districts), 9);
	});

	it('end some kilometres beyond the outermost sites, and hang together across the gaps between towns', () => {
		const town = (lng: number, lat: number, district: number): Spot[] =>
			Array.from({ length: 9 }, (_, i) => ({
				lng: lng + (i % 3) * 0.01,
				lat: lat + Math.floor(i / 3) * 0.01,
				district,
				street: district
			}));
		const { districts } = serviceAreas(placed([...town(120, 31.5, 0), ...town(120.12, 31.5, 1)]));
		expect(districts.features.map(({ geometry }) => geometry.coordinates.length)).toEqual([1, 1]);
		const find = areaFinder({ districts, streets: districts });
		expect(find(120.02, 31.54)?.district).toBe('d0');
		expect(find(120.069, 31.51)?.district).toBe('d0');
		expect(find(120.072, 31.51)?.district).toBe('d1');
		expect(find(120.0, 31.6)).toBeNull();
		expect(find(119.9, 31.5)).toBeNull();
	});

	it('leave a site without a street out of every street', () => {
		const spots = city(3, 30).map((spot, i) => ({ ...spot, street: i === 0 ? -1 : spot.street }));
		const { lng, lat } = spots[0]!;
		expect(areaFinder(serviceAreas(placed(spots)))(lng, lat)).toMatchObject({ street: null });
	});

	it('leave wide water empty: a city around a lake has an area with a hole', () => {
		const ring = Array.from({ length: 40 }, (_, i) => ({
			lng: 120 + Math.cos((i / 40) * Math.PI * 2) * 0.3,
			lat: 31.5 + Math.sin((i / 40) * Math.PI * 2) * 0.26,
			district: 0,
			street: 0
		}));
		const { districts } = serviceAreas(placed(ring));
		expect(districts.features[0]?.geometry.coordinates.map((rings) => rings.length)).toEqual([2]);
	});

	it.each([
		['no site', []],
		['one site', [{ lng: 120, lat: 31, district: 0, street: 0 }]],
		['two sites', city(1, 2)],
		['many sites at one place', Array.from({ length: 50 }, () => city(1, 1)[0]!)],
		[
			'sites on one line',
			Array.from({ length: 9 }, (_, i) => ({ lng: 120 + i / 100, lat: 31 + i / 100, district: 0, street: 0 }))
		]
	])('are empty with %s', (_, spots) => {
		expect(serviceAreas(placed(spots))).toEqual({
			districts: { type: 'FeatureCollection', features: [] },
			streets: { type: 'FeatureCollection', features: [] }
		});
	});

	it('stand a site at the far end of the country: it is an island of its own', () => {
		const spots = [...city(5, 80), { lng: 87.6, lat: 43.8, district: 0, street: 0 }];
		const { districts } = serviceAreas(placed(spots));
		expect(areaFinder({ districts, streets: districts })(87.6, 43.8)?.district).toBe('d0');
		expect(areaFinder({ districts, streets: districts })(100, 38)).toBeNull();
	});

	it('close gaps as wide as the longest way between two towns, but no farther than between cities', () => {
		const line = (...km: number[]) => Float64Array.from(km.flatMap((x, i) => [x, i % 2]));
		expect(closingDistance(line(0, 1, 2, 3))).toBe(6);
		expect(closingDistance(line(0, 1, 12, 13))).toBeCloseTo(Math.hypot(11, 1), 9);
		expect(closingDistance(line(0, 1, 80, 81))).toBe(6);
	});
});
