/** Which layer of the map a wall shows: each for a while in turn, the same on every screen at the same time. Pure. */
import type { AreaMapLevel, MapLayers } from '#lib/map/map-props.ts';
import type { AreaKpis } from '#domain/view.ts';
import { measureOf, type MeasureId } from '#domain/measure.ts';
import { isMostlyKnown } from './wall-view.ts';

export const LAYER_MS = 30_000;
/** A map that somebody has touched stays as it is for so long. */
export const HOLD_MS = 120_000;

export const WALL_LAYERS = ['points', 'visits', 'fulfilment', 'closed'] as const;
export type WallLayer = (typeof WALL_LAYERS)[number];

/** What a layer colours the areas by; null = the stations alone. */
export const LAYER_MEASURE: Record<WallLayer, MeasureId | null> = {
	points: null,
	visits: 'visitsToday',
	fulfilment: 'fulfilment',
	closed: 'closedUnplanned'
};

export interface Hold {
	readonly layer: WallLayer;
	/** server ms */
	readonly untilMs: number;
}

/** The layer of an address such as `/wall?layer=visits`; null = none is fixed. */
export function layerOf(text: string | null): WallLayer | null {
	return WALL_LAYERS.find((layer) => layer === text) ?? null;
}

/** Layers that have something to show: a map of nothing but hatched areas says nothing. */
export function layersOf(places: readonly AreaKpis[]): WallLayer[] {
	return WALL_LAYERS.filter((layer) => {
		const measure = LAYER_MEASURE[layer];
		if (measure === null) return true;
		// Where every station is open as posted, zeros on a map are no news.
		if (layer === 'fulfilment') return places.some(isMostlyKnown);
		if (layer === 'closed') return places.some((place) => place.closedUnplanned > 0);
		return places.some((place) => measureOf(place, measure) !== null);
	});
}

/** A fixed layer stands above all; one that is held above the turn. */
export function shownLayer(
	layers: readonly WallLayer[],
	nowMs: number,
	fixed: WallLayer | null,
	hold: Hold | null
): WallLayer {
	if (fixed) return fixed;
	if (hold && nowMs < hold.untilMs) return hold.layer;
	return layers[Math.floor(nowMs / LAYER_MS) % layers.length] ?? 'points';
}

/** `level`: what is ranked on this wall; null = nothing, and nothing is coloured. */
export function mapLayers(layer: WallLayer, level: AreaMapLevel | null): MapLayers {
	const measure = LAYER_MEASURE[layer];
	return {
		kinds: ['service_station'],
		choropleth: measure && level && { measure, level },
		areas: true,
		labels: true,
		tiles: true,
		honours: false
	};
}
