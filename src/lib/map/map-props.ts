/**
 * How a page uses the map.
 *
 *   <LiveMap {view} {geo} {layers} {chosen} {isShown} {start} count={n}
 *     onselect={(row) => …} onview={(seen) => …} bind:this={map} />
 *   <MapLegend layers={layers} />
 *
 * - `view`    a new object whenever something may have changed; its `columns` may be the same arrays, written in place.
 * - `geo`     from `loadBasemap(fetch)`, once; null = a graticule and the names of the districts.
 * - `layers`  what is drawn; a new object for a change. Unset = `DEFAULT_LAYERS`.
 * - `isShown` a filter; a new function for a new filter. It is asked for every row at every `view`.
 * - `chosen`  row or code of the chosen site. It is marked; the view does not move (call `flyTo`).
 * - `start`   the exact view of a share link; unset = all sites. Only the first value counts.
 * - methods on the component: `flyTo(row)`, `reveal(row, covered)`, `showAll()`, `place()` (for a share link), `rowsInExtent()` (for the list beside
 *   the map: rows shown inside the view, unsorted).
 * - `reveal(row, { right, bottom })` moves only as far as needed that what covers these css px does not hide the site. Call it
 *   when a person chose, never by itself.
 * - Data never moves the view. `onview` tells of every move and of the first view, fitted or given.
 * - `onselect(null)`: the ground was clicked.
 *
 * Types only; the code is in live-map.ts.
 */
import type { MeasureId } from '#domain/measure.ts';
import type { SiteKind } from '#domain/site.ts';
import type { Extent } from './point-set.ts';

export type AreaMapLevel = 'district' | 'street';

export interface Choropleth {
	readonly measure: MeasureId;
	readonly level: AreaMapLevel;
}

export interface MapLayers {
	/** drawn as points, and counted by the choropleth and the glyphs */
	readonly kinds: readonly SiteKind[];
	readonly choropleth: Choropleth | null;
	/** edges of service areas, or of official polygons where the settings allow them */
	readonly areas: boolean;
	/** names of districts and places */
	readonly labels: boolean;
	/** tile sources, where the settings have any */
	readonly tiles: boolean;
	/** a ring around sites with an honour (needs `isHonoured`) */
	readonly honours: boolean;
}

export const DEFAULT_LAYERS: MapLayers = {
	kinds: ['service_station'],
	choropleth: null,
	areas: true,
	labels: true,
	tiles: true,
	honours: false
};

/** The exact view, as a share link carries it. WGS-84 degrees. */
export interface MapPlace {
	readonly lng: number;
	readonly lat: number;
	readonly zoom: number;
}

export interface MapSeen extends MapPlace {
	readonly bounds: Extent;
}

export interface MapCalls {
	/** row of the topic; null = the ground was clicked */
	onselect?: ((row: number | null) => void) | undefined;
	/** after every move, and once for the first view */
	onview?: ((seen: MapSeen) => void) | undefined;
	/** sites that stand at one place were fanned out; empty = the fan was closed */
	onfan?: ((rows: readonly number[]) => void) | undefined;
	/** five tiles failed within ten seconds: the tiles are hidden, said once; they are tried again in silence */
	ontilesfailed?: (() => void) | undefined;
}
