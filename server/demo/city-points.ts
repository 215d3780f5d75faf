/** Where the sites of the demo city lie: in clusters around the street centres, apart from each other, on land. */
import type { Random } from './random.ts';

export interface Point {
	readonly lng: number;
	readonly lat: number;
}

/** Kilometres of one degree at Wuxi (31.5° N): 111.32 · cos 31.5° and the mean meridian degree. */
const KM_PER_LNG = 94.9;
const KM_PER_LAT = 110.9;

type Box = readonly [west: number, south: number, east: number, north: number];

/**
 * Coarse boxes of open water, set by hand from the geography of Wuxi (WGS-84). They are not a map: they only keep
 * the demo's points ashore. Land that a box takes with it (a shore, a park) simply gets no site.
 */
const WATER: readonly (readonly [string, Box])[] = [
	['太湖, main body', [119.95, 30.9, 120.6, 31.385]],
	['太湖 west of 丁蜀 and 新庄', [119.935, 30.9, 119.95, 31.34]],
	['竺山湖 between 周铁 and 马山', [120.02, 31.385, 120.065, 31.48]],
	['梅梁湖 between 马山 and 雪浪', [120.145, 31.385, 120.225, 31.53]],
	['太湖 south of 雪浪', [120.225, 31.385, 120.3, 31.43]],
	['贡湖 south of 华庄 and 新安', [120.3, 31.385, 120.47, 31.445]],
	['蠡湖', [120.222, 31.5, 120.262, 31.523]],
	['滆湖', [119.74, 31.505, 119.865, 31.72]],
	['西氿', [119.742, 31.377, 119.775, 31.4]],
	['东氿', [119.84, 31.345, 119.868, 31.366]],
	['鹅真荡', [120.535, 31.515, 120.57, 31.548]],
	['长江 above 利港', [119.95, 31.945, 120.16, 32.1]],
	['长江 above 江阴', [120.16, 31.928, 120.36, 32.1]]
];

export function isOnWater({ lng, lat }: Point): boolean {
	return WATER.some(([, [west, south, east, north]]) => lng > west && lng < east && lat > south && lat < north);
}

export function kilometresBetween(a: Point, b: Point): number {
	return Math.hypot((a.lng - b.lng) * KM_PER_LNG, (a.lat - b.lat) * KM_PER_LAT);
}

/** A street: people meet in one to three places of it; a town (镇) is wider than a street of the city. */
export interface Cluster {
	readonly centres: readonly Point[];
	/** Deviation of the points around their centre, km */
	readonly spreadKm: number;
}

/** Nothing lies further from the street's centre than this: beyond it could be the next district or a lake. */
const REACH_KM = 3.2;
/** Two sites are at least this far apart; less would be one dot on the map. */
const SPACING_KM = 0.12;
const ATTEMPTS = 400;

export function clusterOf(street: Point & { readonly name: string }, random: Random): Cluster {
	const isTown = street.name.endsWith('镇');
	const spreadKm = isTown ? 0.95 : 0.7;
	const others = Array.from({ length: isTown ? 2 : 1 }, () => shifted(street, random, isTown ? 1.3 : 0.8));
	return { centres: [street, ...others.filter((point) => !isOnWater(point))], spreadKm };
}

/** Chooses points one after another and remembers them, so that all keep their distance. Throws when a street is full. */
export function pointChooser(): (street: Point, cluster: Cluster, random: Random) => Point {
	const taken: Point[] = [];
	return (street, cluster, random) => {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			// A crowded street grows outwards rather than failing.
			const spread = cluster.spreadKm * (1 + attempt / 100);
			const point = rounded(shifted(random.pick(cluster.centres), random, spread));
			const isFree = taken.every((other) => kilometresBetween(other, point) >= SPACING_KM);
			if (isFree && !isOnWater(point) && kilometresBetween(street, point) <= REACH_KM) {
				taken.push(point);
				return point;
			}
		}
		throw new Error(`No free point on land was found near ${street.lng}, ${street.lat}: spread or boxes are wrong.`);
	};
}

function shifted(from: Point, random: Random, spreadKm: number): Point {
	return {
		lng: from.lng + (random.gaussian() * spreadKm) / KM_PER_LNG,
		lat: from.lat + (random.gaussian() * spreadKm) / KM_PER_LAT
	};
}

/** Six decimals: 0.1 m */
const rounded = ({ lng, lat }: Point): Point => ({ lng: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6)) });
