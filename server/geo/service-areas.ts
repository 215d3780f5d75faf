/**
 * 服务片区: the ground that is nearer to the sites of a district, or street, than to those of any other. Computed from
 * the registry alone, so that every city has areas without a boundary file. They are no administrative boundaries.
 */
import { Delaunay } from 'd3-delaunay';
import { NOBODY, regionsOf, turnOf, type Polygon } from './regions.ts';
import { closingDistance, surroundingsOf } from './surroundings.ts';

/** Sites with a place and a district, column by column. */
export interface PlacedSites {
	/** degrees, WGS-84 */
	readonly lng: Float64Array;
	readonly lat: Float64Array;
	/** index of the area in `districts`, `streets`; -1 = no street is known */
	readonly district: Int32Array;
	readonly street: Int32Array;
	readonly districts: readonly AreaName[];
	readonly streets: readonly AreaName[];
}

export interface AreaName {
	readonly code: string;
	readonly name: string;
}

/** GeoJSON: [lng, lat] in degrees, by polygon, ring and point. */
export interface AreaFeature {
	readonly type: 'Feature';
	readonly properties: AreaName;
	readonly geometry: { readonly type: 'MultiPolygon'; readonly coordinates: number[][][][] };
}

export interface AreaFeatures {
	readonly type: 'FeatureCollection';
	readonly features: AreaFeature[];
}

export interface ServiceAreas {
	readonly districts: AreaFeatures;
	readonly streets: AreaFeatures;
}

const KM_PER_DEGREE = 111.195;
/** Degrees: sites nearer than this, about a metre, stand at one place; the first of them decides whose it is. */
const SAME_PLACE = 1e-5;
/** km²: a shred between two borders, which nobody could see. */
const LEAST_AREA = 1e-4;

/** Fewer than three places, or all on one line: no areas. */
export function serviceAreas(sites: PlacedSites): ServiceAreas {
	const places = distinctPlaces(sites);
	if (places.length < 3) return { districts: collection([]), streets: collection([]) };
	const plane = planeAround(sites, places);
	const xy = Float64Array.from(places.flatMap((i) => plane.to(sites.lng[i] ?? 0, sites.lat[i] ?? 0)));
	if (isOneLine(xy)) return { districts: collection([]), streets: collection([]) };
	const around = surroundingsOf(xy, closingDistance(xy));
	const points = new Float64Array(xy.length + around.length);
	points.set(xy);
	points.set(around, xy.length);
	const cells = new Delaunay(points);
	const shapes = (areaOf: Int32Array, areas: readonly AreaName[]): AreaFeatures => {
		const labels = new Int32Array(points.length / 2).fill(NOBODY);
		places.forEach((site, i) => (labels[i] = areaOf[site] ?? NOBODY));
		const regions = [...regionsOf(cells, labels)].sort(([a], [b]) => a - b);
		return collection(regions.flatMap(([label, polygons]) => feature(areas[label], polygons, plane)));
	};
	return { districts: shapes(sites.district, sites.districts), streets: shapes(sites.street, sites.streets) };
}

/** Indices of the sites, one per place. */
function distinctPlaces({ lng, lat }: PlacedSites): number[] {
	const taken = new Set<string>();
	return Array.from(lng.keys()).filter((i) => {
		const key = `${Math.round((lng[i] ?? 0) / SAME_PLACE)},${Math.round((lat[i] ?? 0) / SAME_PLACE)}`;
		if (taken.has(key)) return false;
		taken.add(key);
		return true;
	});
}

interface Plane {
	/** km east and north of the middle */
	to(lng: number, lat: number): [x: number, y: number];
	/** degrees */
	from(x: number, y: number): [lng: number, lat: number];
}

/** Near enough to true distances over a city, which is all that "nearest" needs. */
function planeAround({ lng, lat }: PlacedSites, places: readonly number[]): Plane {
	const mean = (values: Float64Array) => places.reduce((sum, i) => sum + (values[i] ?? 0), 0) / places.length;
	const [lng0, lat0] = [mean(lng), mean(lat)];
	const east = KM_PER_DEGREE * Math.cos((lat0 * Math.PI) / 180);
	return {
		to: (x, y) => [(x - lng0) * east, (y - lat0) * KM_PER_DEGREE],
		from: (x, y) => [lng0 + x / east, lat0 + y / KM_PER_DEGREE]
	};
}

/** Within a metre of the line from the first place to the one farthest from it. */
function isOneLine(xy: Float64Array): boolean {
	const [x0 = 0, y0 = 0] = xy;
	let far = { x: 0, y: 0, length: 0 };
	for (let i = 2; i < xy.length; i += 2) {
		const [x, y] = [(xy[i] ?? 0) - x0, (xy[i + 1] ?? 0) - y0];
		const length = Math.hypot(x, y);
		if (length > far.length) far = { x, y, length };
	}
	for (let i = 2; i < xy.length; i += 2) {
		const aside = ((xy[i] ?? 0) - x0) * far.y - ((xy[i + 1] ?? 0) - y0) * far.x;
		if (Math.abs(aside) / far.length > 0.001) return false;
	}
	return true;
}

function feature(area: AreaName | undefined, polygons: Polygon[], plane: Plane): AreaFeature[] {
	const seen = polygons.filter(([outside = []]) => turnOf(outside) / 2 > LEAST_AREA);
	if (!area || seen.length === 0) return [];
	const coordinates = seen.map((rings) => rings.map((ring) => ring.map(([x, y]) => plane.from(x, y))));
	return [{ type: 'Feature', properties: area, geometry: { type: 'MultiPolygon', coordinates } }];
}

const collection = (features: AreaFeature[]): AreaFeatures => ({
	type: 'FeatureCollection',
	features
});
