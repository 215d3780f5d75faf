/** Tiles drawn in another datum than ours: where their picture of a place lies. */
import gcoord from 'gcoord';
import type { TileDatum } from './basemap.ts';

export interface Degrees {
	readonly lng: number;
	readonly lat: number;
}

/** The coordinates by which tiles of `datum` know a WGS-84 place. CGCS2000 differs by centimetres: the same for display. */
export function inTileDatum({ lng, lat }: Degrees, datum: TileDatum): Degrees {
	if (datum === 'wgs84' || datum === 'cgcs2000') return { lng, lat };
	const target = datum === 'gcj02' ? gcoord.GCJ02 : gcoord.BD09;
	// A fresh array: gcoord changes objects in place.
	const [tileLng = lng, tileLat = lat] = gcoord.transform([lng, lat], gcoord.WGS84, target);
	return { lng: tileLng, lat: tileLat };
}
