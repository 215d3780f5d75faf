/** Which area holds a point: boxes first, then the even-odd rule. */
import type { AreaFeatures, ServiceAreas } from './service-areas.ts';
import { isInRing } from './regions.ts';

export interface AreaAt {
	/** codes of the registry; null = the point lies in no area of this level */
	readonly district: string | null;
	readonly street: string | null;
}

/** `(lng, lat)` in degrees, WGS-84; null where the point lies in no area at all. */
export type AreaFinder = (lng: number, lat: number) => AreaAt | null;

export function areaFinder({ districts, streets }: ServiceAreas): AreaFinder {
	const inDistrict = finderOf(districts);
	const inStreet = finderOf(streets);
	return (lng, lat) => {
		const [district, street] = [inDistrict(lng, lat), inStreet(lng, lat)];
		return district === null && street === null ? null : { district, street };
	};
}

function finderOf({ features }: AreaFeatures): (lng: number, lat: number) => string | null {
	const polygons = features.flatMap(({ properties, geometry }) =>
		geometry.coordinates.map((rings) => ({ code: properties.code, rings, box: boxOf(rings[0] ?? []) }))
	);
	return (lng, lat) => {
		const found = polygons.find(({ rings, box: [west, south, east, north] }) => {
			if (lng < west || lng > east || lat < south || lat > north) return false;
			return rings.reduce((isInside, ring) => isInRing([lng, lat], ring) !== isInside, false);
		});
		return found?.code ?? null;
	};
}

function boxOf(ring: readonly (readonly number[])[]): [west: number, south: number, east: number, north: number] {
	const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const [lng = 0, lat = 0] of ring) {
		box[0] = Math.min(box[0], lng);
		box[1] = Math.min(box[1], lat);
		box[2] = Math.max(box[2], lng);
		box[3] = Math.max(box[3], lat);
	}
	return box;
}
