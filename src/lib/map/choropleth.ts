/** A figure of every area: its class, and its words with the rate beside the count. Pure. */
import { classOf, measureOf, type MeasureId } from '#domain/measure.ts';
import type { SiteKind } from '#domain/site.ts';
import { kpisOf, type Kpis, type SiteBrief } from '#domain/view.ts';
import type { AreaMapLevel } from './map-props.ts';
import type { PointsView } from './point-set.ts';

/** 0 … 4 from the least to the most; unknown is hatched. */
export type Shade = number | 'unknown';

export interface AreaFigure {
	readonly code: string;
	readonly name: string;
	readonly shade: Shade;
	/** null = not known */
	readonly value: number | null;
	readonly rate: Rate | null;
}

/**
 * What makes areas of different size comparable. share: part of the sites (of the devices) of the area, 0 … 1 · perSite: mean
 * of a site · sites: how many sites a share rests on.
 */
export type Rate = { readonly kind: 'share' | 'perSite' | 'sites'; readonly value: number };

/** Rows of each area of a level, of the kinds shown, with and without coordinates: parts must sum to the whole. */
export function rowsByArea(
	sites: readonly SiteBrief[],
	level: AreaMapLevel,
	kinds: readonly SiteKind[]
): Map<string, number[]> {
	const byCode = new Map<string, number[]>();
	sites.forEach((site, row) => {
		const code = site[level];
		if (!code || !kinds.includes(site.kind)) return;
		const known = byCode.get(code);
		if (known) known.push(row);
		else byCode.set(code, [row]);
	});
	return byCode;
}

/** Areas without a site in service have no figure. */
export function areaFigures(
	view: PointsView,
	rowsOf: ReadonlyMap<string, readonly number[]>,
	measure: MeasureId
): AreaFigure[] {
	return view.areas.flatMap(({ code, name }) => {
		const rows = rowsOf.get(code);
		if (!rows) return [];
		const kpis = kpisOf(rows, view.sites, view.columns, view.nowMs);
		// A dead feed knows nothing of now; the registry's own count stays true.
		const isKnown = kpis.stations > 0 && (measure === 'stations' || !view.isFeedStale);
		const value = isKnown ? measureOf(kpis, measure) : null;
		const shade = value === null ? 'unknown' : classOf(value, measure);
		return [{ code, name, shade, value, rate: value === null ? null : rateOf(kpis, measure, value) }];
	});
}

function rateOf(kpis: Kpis, measure: MeasureId, value: number): Rate | null {
	switch (measure) {
		case 'open':
		case 'closedUnplanned':
		case 'unknown':
			return { kind: 'share', value: value / kpis.stations };
		case 'devicesOnline':
			return kpis.devicesTotal ? { kind: 'share', value: value / kpis.devicesTotal } : null;
		case 'visitsToday':
		case 'insideNow':
		case 'devicesTotal':
			return { kind: 'perSite', value: value / kpis.stations };
		case 'fulfilment':
			return { kind: 'sites', value: kpis.stations };
		case 'stations':
			return null;
	}
}
