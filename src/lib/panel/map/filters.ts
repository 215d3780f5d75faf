/**
 * The filters of the map page. Every facet is a list of wanted values; an empty list wants nothing in particular. Facilities add
 * up (a site must have all of them), within every other facet one value is enough. Pure; rows are those of the topic.
 */
import type { HonourRecord } from '#domain/hours.ts';
import type { SiteKind } from '#domain/site.ts';
import type { Columns } from '#domain/table.ts';
import { siteFreshness, statusOf, type SiteBrief } from '#domain/view.ts';

export const FACETS = ['kind', 'status', 'freshness', 'telemetry', 'hours', 'star', 'honour', 'facility'] as const;
export type Facet = (typeof FACETS)[number];
export type Filters = Readonly<Record<Facet, readonly string[]>>;

/** Facets that only the registry can answer. */
export const REGISTRY_FACETS: readonly Facet[] = ['hours', 'star', 'honour', 'facility'];

/** The only value of `hours`: open day and night. */
export const ROUND_THE_CLOCK = '24h';

const DEFAULT_KINDS: readonly SiteKind[] = ['service_station'];

export const NO_FILTERS: Filters = {
	kind: DEFAULT_KINDS,
	status: [],
	freshness: [],
	telemetry: [],
	hours: [],
	star: [],
	honour: [],
	facility: []
};

/** What the registry adds to a site. */
export interface FilterFacts {
	readonly facilities: readonly string[];
	readonly honours: readonly Pick<HonourRecord, 'level'>[];
	readonly star: number | null;
	readonly isOpen24h: boolean;
}

export interface FilterView {
	readonly sites: readonly SiteBrief[];
	readonly columns: Columns;
	/** by code; null = not read, so facets of the registry cannot be asked and are left out */
	readonly facts: ReadonlyMap<string, FilterFacts> | null;
	readonly nowMs: number;
	/** the page's feed is dead: what reported is stale */
	readonly isFeedStale: boolean;
}

export function isActive(filters: Filters, facet: Facet): boolean {
	return facet === 'kind' ? !isDefaultKinds(filters.kind) : filters[facet].length > 0;
}

const isDefaultKinds = (kinds: readonly string[]): boolean =>
	kinds.length === DEFAULT_KINDS.length && DEFAULT_KINDS.every((kind) => kinds.includes(kind));

/** With a value taken in or out. */
export function toggled(filters: Filters, facet: Facet, value: string): Filters {
	const values = filters[facet];
	const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
	return { ...filters, [facet]: next };
}

/** As if nobody had asked for anything in this facet; all kinds, for kinds. */
export function without(filters: Filters, facet: Facet, kinds: readonly string[]): Filters {
	return { ...filters, [facet]: facet === 'kind' ? kinds : [] };
}

/** Values of a site in a facet. */
export function valuesOf(view: FilterView, row: number, facet: Facet): readonly string[] {
	const site = view.sites[row];
	if (!site) return [];
	const facts = view.facts?.get(site.code);
	switch (facet) {
		case 'kind':
			return [site.kind];
		case 'status':
			return [statusOf(view.columns, row)];
		case 'freshness':
			return [freshnessOf(view, site, row)];
		case 'telemetry':
			return [site.telemetry];
		case 'hours':
			return facts?.isOpen24h ? [ROUND_THE_CLOCK] : [];
		case 'star':
			return facts?.star ? [String(facts.star)] : [];
		case 'honour':
			return facts ? [...new Set(facts.honours.map(({ level }) => level))] : [];
		case 'facility':
			return facts?.facilities ?? [];
	}
}

function freshnessOf(view: FilterView, site: SiteBrief, row: number): string {
	const own = siteFreshness(site, view.columns, row, view.nowMs);
	return view.isFeedStale && own !== 'none' ? 'stale' : own;
}

function fits(view: FilterView, row: number, filters: Filters, facet: Facet): boolean {
	const wanted = filters[facet];
	if (wanted.length === 0) return facet !== 'kind';
	if (view.facts === null && REGISTRY_FACETS.includes(facet)) return true;
	const own = valuesOf(view, row, facet);
	return facet === 'facility'
		? wanted.every((value) => own.includes(value))
		: wanted.some((value) => own.includes(value));
}

/** Whether a site in service passes all filters. */
export function passes(view: FilterView, row: number, filters: Filters): boolean {
	return view.sites[row]?.lifecycle === 'open' && FACETS.every((facet) => fits(view, row, filters, facet));
}

export interface FacetCounts {
	/** sites that pass everything */
	readonly matches: number;
	/** value → sites that it would show: those that pass all other facets */
	readonly byValue: Readonly<Record<Facet, ReadonlyMap<string, number>>>;
	/** facet → sites that would pass if only this one were taken off */
	readonly withoutFacet: Readonly<Record<Facet, number>>;
}

/** Counts over all sites in service. */
export function countFacets(view: FilterView, filters: Filters): FacetCounts {
	const byValue = Object.fromEntries(FACETS.map((facet) => [facet, new Map<string, number>()])) as Record<
		Facet,
		Map<string, number>
	>;
	const withoutFacet = Object.fromEntries(FACETS.map((facet) => [facet, 0])) as Record<Facet, number>;
	let matches = 0;
	view.sites.forEach((site, row) => {
		if (site.lifecycle !== 'open') return;
		const failed = FACETS.filter((facet) => !fits(view, row, filters, facet));
		if (failed.length > 1) return;
		const [only] = failed;
		if (only === undefined) matches++;
		else withoutFacet[only]++;
		for (const facet of FACETS) {
			// Facilities add up: another one narrows what already passes.
			if (only !== undefined && (only !== facet || facet === 'facility')) continue;
			for (const value of valuesOf(view, row, facet)) byValue[facet].set(value, (byValue[facet].get(value) ?? 0) + 1);
		}
	});
	for (const facet of FACETS) withoutFacet[facet] += matches;
	return { matches, byValue, withoutFacet };
}
