/** What the map page looks up in the directory and the registry, and which sites it lists. Pure. */
import type { SiteKind } from '#domain/site.ts';
import type { SiteBrief } from '#domain/view.ts';
import type { Extent } from '#lib/map/point-set.ts';
import { passes, ROUND_THE_CLOCK, type FilterFacts, type Filters, type FilterView } from '#lib/panel/map/filters.ts';

type Facts = ReadonlyMap<string, FilterFacts> | null;

export function rowsByCode(sites: readonly SiteBrief[]): ReadonlyMap<string, number> {
	return new Map(sites.map((site, row) => [site.code, row]));
}

/** Kind → sites of it in service. */
export function kindCounts(sites: readonly SiteBrief[]): ReadonlyMap<SiteKind, number> {
	const counts = new Map<SiteKind, number>();
	for (const { kind, lifecycle } of sites) if (lifecycle === 'open') counts.set(kind, (counts.get(kind) ?? 0) + 1);
	return counts;
}

/** Values that the registry holds at all, by facet. */
export function presentValues(facts: Facts): Record<'star' | 'honour' | 'hours', ReadonlySet<string>> {
	const all = [...(facts?.values() ?? [])];
	return {
		star: new Set(all.flatMap(({ star }) => (star === null ? [] : [String(star)]))),
		honour: new Set(all.flatMap(({ honours }) => honours.map(({ level }) => level))),
		hours: new Set(all.some(({ isOpen24h }) => isOpen24h) ? [ROUND_THE_CLOCK] : [])
	};
}

/** Facilities that sites of the chosen kinds have, the most common first; those that are asked for in any case. */
export function facilitiesOf(sites: readonly SiteBrief[], facts: Facts, { kind, facility }: Filters): string[] {
	const counts = new Map<string, number>(facility.map((word) => [word, 0]));
	for (const site of sites) {
		if (site.lifecycle !== 'open' || !kind.includes(site.kind)) continue;
		for (const word of facts?.get(site.code)?.facilities ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	return [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
}

export interface Matching {
	readonly rows: readonly number[];
	/** 1 per row that passes */
	readonly mask: Uint8Array;
}

export function matchingRows(view: FilterView, filters: Filters): Matching {
	const mask = new Uint8Array(view.sites.length);
	const rows: number[] = [];
	for (let row = 0; row < mask.length; row++) {
		if (!passes(view, row, filters)) continue;
		mask[row] = 1;
		rows.push(row);
	}
	return { rows, mask };
}

/** Rows of sites that stand inside an extent; sites without coordinates stand nowhere. */
export function rowsIn(sites: readonly SiteBrief[], rows: readonly number[], extent: Extent): number[] {
	const { west, south, east, north } = extent;
	return rows.filter((row) => {
		const { lng, lat } = sites[row] ?? { lng: null, lat: null };
		return lng !== null && lat !== null && lng >= west && lng <= east && lat >= south && lat <= north;
	});
}

/** Row → its place in an order. */
export function placesOf(rows: readonly number[]): ReadonlyMap<number, number> {
	return new Map(rows.map((row, place) => [row, place]));
}
