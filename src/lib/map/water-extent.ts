/** Where the water's data ends, and over which strip its drawing fades: a lake must not end in a straight cut. Pure. */
import { bbox } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import type { Extent } from './point-set.ts';

/** Degrees, about 12 km: wide enough to be no edge, narrow enough to leave the city's own water alone. */
export const FADE_DEGREES = 0.12;
/** Of data that covers little, most must stay. */
const MOST_OF_SPAN = 0.2;

/** What the file says of itself, else what its lines cover. null = it has no lines. */
export function extentOf(topology: Topology): Extent | null {
	const [west, south, east, north] = topology.bbox ?? bbox(topology);
	const isThere = [west, south, east, north].every(Number.isFinite) && west < east && south < north;
	return isThere ? { west, south, east, north } : null;
}

/** The part of the extent that is drawn in full. */
export function clearPartOf({ west, south, east, north }: Extent): Extent {
	const x = Math.min(FADE_DEGREES, (east - west) * MOST_OF_SPAN);
	const y = Math.min(FADE_DEGREES, (north - south) * MOST_OF_SPAN);
	return { west: west + x, south: south + y, east: east - x, north: north - y };
}
