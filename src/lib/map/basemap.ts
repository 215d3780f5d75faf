/**
 * What lies under the points: water, places, areas, and what a deployer has set. A page loads it once with `loadBasemap` and
 * hands it to `LiveMap` as `geo`. Every part may be missing: a map without water or areas is still a map.
 */
import type { Topology } from 'topojson-specification';

export interface Place {
	readonly name: string;
	readonly nameEn?: string;
	readonly lng: number;
	readonly lat: number;
	/** inhabitants, 0 = not known: the larger is written first */
	readonly population?: number;
}

/** Datum of a tile source. `bd09` means Web Mercator tiles drawn in BD-09; Baidu's own grid is another projection. */
export type TileDatum = 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09';

export interface TileSource {
	/** with {x} {y} {z} and, where there are subdomains, {s} */
	readonly url: string;
	readonly subdomains?: string | readonly string[] | null;
	readonly datum?: TileDatum | null;
	readonly attribution?: string | null;
	readonly reviewNo?: string | null;
	readonly minZoom?: number | null;
	readonly maxZoom?: number | null;
	/** rows counted from the south */
	readonly tms?: boolean | null;
}

/** `GET /api/geo/map`. */
export interface MapSettings {
	readonly reviewNumber: string | null;
	readonly attribution: string | null;
	/** draw the edges of official polygons */
	readonly showBoundaries: boolean;
	readonly tiles: readonly TileSource[];
}

/** `GET /api/geo/areas`: objects `districts` and `streets`, properties `{ code, name }`. */
export interface AreaShapes {
	readonly revision: string | number;
	/** computed: service areas around the stations · official: polygons a deployer dropped in */
	readonly source: 'computed' | 'official';
	readonly reviewNumber?: string | null;
	readonly attribution?: string | null;
	readonly topology: Topology;
}

export interface Basemap {
	/** objects `lakes`, `rivers`, `canals` */
	readonly water: Topology | null;
	readonly places: readonly Place[];
	readonly areas: AreaShapes | null;
	readonly settings: MapSettings | null;
	/** addresses that could not be read, with the reason; empty = all is there */
	readonly problems: readonly string[];
}

/** Reads the four parts at once. Never throws: what cannot be read is null and named in `problems`. */
export async function loadBasemap(fetcher: typeof fetch): Promise<Basemap> {
	const problems: string[] = [];
	const read = async <T>(url: string): Promise<T | null> => {
		try {
			const response = await fetcher(url);
			if (response.ok) return (await response.json()) as T;
			problems.push(`${url}: ${response.status}`);
		} catch (cause) {
			problems.push(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`);
		}
		return null;
	};
	const [water, places, areas, settings] = await Promise.all([
		read<Topology>('/geo/water.json'),
		read<readonly Place[]>('/geo/places.json'),
		read<AreaShapes>('/api/geo/areas'),
		read<MapSettings>('/api/geo/map')
	]);
	return { water, places: places ?? [], areas, settings, problems };
}

/**
 * A later answer over an earlier one: a part that could not be read stays as it was. The same object where nothing is new, since
 * the map draws its ground anew for another one.
 */
export function laidOver(old: Basemap, next: Basemap): Basemap {
	const areas = next.areas ?? old.areas;
	const settings = next.settings ?? old.settings;
	const isSame =
		areas?.revision === old.areas?.revision &&
		areas?.source === old.areas?.source &&
		JSON.stringify(settings) === JSON.stringify(old.settings) &&
		(old.water !== null || next.water === null) &&
		next.problems.join() === old.problems.join();
	if (isSame) return old;
	return {
		water: next.water ?? old.water,
		places: next.places.length > 0 ? next.places : old.places,
		areas,
		settings,
		problems: next.problems
	};
}
