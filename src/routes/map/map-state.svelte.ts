/**
 * What the map page holds: what a person chose (filters, layers, order, a site, the part of the map in view), and what follows
 * from it and the live values. Data changes what is shown, never what was chosen.
 */
import { untrack } from 'svelte';
import type { Area, SiteKind } from '#domain/site.ts';
import type { TopicState } from '#domain/frame.ts';
import { feedFreshness } from '#lib/live/feed.ts';
import type { Connection } from '#lib/live/connection.svelte.ts';
import type { RegistryFeed } from '#lib/live/registry-feed.svelte.ts';
import { byCode } from '#lib/live/by-code.ts';
import { Topic } from '#lib/live/topic.svelte.ts';
import type { MapLayers, MapSeen } from '#lib/map/map-props.ts';
import type { PointsView } from '#lib/map/point-set.ts';
import {
	countFacets,
	FACETS,
	isActive,
	NO_FILTERS,
	REGISTRY_FACETS,
	type Filters,
	type FilterView
} from '#lib/panel/map/filters.ts';
import { ordered, type Sort } from '#lib/panel/map/need.ts';
import { SiteIndex } from '#lib/panel/map/search.ts';
import { siteLine, type SiteLine } from '#lib/panel/map/site-line.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { MapAddress } from './address.ts';
import {
	facilitiesOf,
	kindCounts,
	matchingRows,
	placesOf,
	presentValues,
	rowsByCode,
	rowsIn,
	type Matching
} from './lookup.ts';

/** Above this many sites the list follows once a second, not with every frame. */
const MANY_SITES = 5_000;
const NONE: Matching = { rows: [], mask: new Uint8Array(0) };

export class MapState {
	readonly topic: Topic;
	readonly #connection: Connection;
	readonly #registry: RegistryFeed;
	/** the view with which the map began; null = all sites */
	readonly start: MapAddress['place'];

	filters = $state.raw<Filters>(NO_FILTERS);
	layers = $state.raw<Omit<MapLayers, 'kinds'>>() as Omit<MapLayers, 'kinds'>;
	sort = $state.raw<Sort>('need');
	isListAll = $state.raw(false);
	/** code of the marked site */
	chosen = $state.raw<string | null>(null);
	isCardOpen = $state.raw(false);
	/** null until the map stands */
	seen = $state.raw<MapSeen | null>(null);
	/** order of the rows when somebody began to walk the list, with the directory it belongs to */
	#held = $state.raw<{ readonly sites: object; readonly places: ReadonlyMap<number, number> } | null>(null);

	/** `scope`: what the map is of, in the words of scopes */
	constructor(connection: Connection, registry: RegistryFeed, address: MapAddress, scope: string) {
		this.#connection = connection;
		this.#registry = registry;
		this.topic = new Topic(connection, scope);
		this.start = address.place;
		this.filters = address.filters;
		this.layers = address.layers;
		this.sort = address.sort;
		this.isListAll = address.isListAll;
		this.chosen = address.chosen;
		this.isCardOpen = address.isCardOpen;
	}

	/** What a share link carries now. */
	readonly address = $derived.by<MapAddress>(() => ({
		place: this.seen ?? this.start,
		layers: this.layers,
		filters: this.filters,
		sort: this.sort,
		isListAll: this.isListAll,
		chosen: this.chosen,
		isCardOpen: this.isCardOpen
	}));

	readonly feed = $derived.by(() => feedFreshness(this.topic.state?.asOf ?? null, this.#connection.now));
	readonly #isFeedStale = $derived(this.feed === 'stale');
	readonly #sites = $derived.by(() => this.topic.state?.directory.sites ?? null);

	/** Null until the first data; a new object for the map with every frame. */
	readonly points = $derived.by<PointsView | null>(() => {
		const state = this.topic.state;
		if (!state) return null;
		const { sites, areas } = state.directory;
		return { sites, areas, columns: state.columns, nowMs: this.#connection.now, isFeedStale: this.#isFeedStale };
	});

	/** The live values at the beat of the list. */
	readonly view = $derived.by<FilterView | null>(() => {
		if (!this.#sites) return null;
		const nowMs = this.#connection.now;
		const isMany = this.#sites.length > MANY_SITES;
		const state: TopicState | null = isMany ? untrack(() => this.topic.state) : this.topic.state;
		if (!state) return null;
		const facts = this.#registry.sites;
		return { sites: state.directory.sites, columns: state.columns, facts, nowMs, isFeedStale: this.#isFeedStale };
	});

	/** Filters ask for what the registry has not said yet, and may still say. */
	readonly isWaiting = $derived.by(
		() =>
			this.#registry.sites === null &&
			this.#registry.problem === null &&
			REGISTRY_FACETS.some((facet) => isActive(this.filters, facet))
	);

	/** Rows that pass the filters, and the same as a mask. */
	readonly matching = $derived.by<Matching>(() =>
		this.view && !this.isWaiting ? matchingRows(this.view, this.filters) : NONE
	);

	/** A new function for new filters only; what passes them may change with every frame. */
	readonly isShown = $derived.by<((row: number) => boolean) | null>(() => {
		const isFiltered = FACETS.some((facet) => facet !== 'kind' && isActive(this.filters, facet));
		return isFiltered || this.isWaiting ? (row) => untrack(() => this.matching).mask[row] === 1 : null;
	});

	readonly isHonoured = $derived.by<((row: number) => boolean) | null>(() => {
		const [facts, sites] = [this.#registry.sites, this.#sites];
		if (!facts || !sites) return null;
		return (row) => (facts.get(sites[row]?.code ?? '')?.honours.length ?? 0) > 0;
	});

	// Of its own, so that another filter is no other layer.
	readonly #kinds = $derived.by(() => this.filters.kind as readonly SiteKind[]);
	readonly mapLayers = $derived.by<MapLayers>(() => ({
		...this.layers,
		kinds: this.#kinds
	}));

	readonly #inExtent = $derived.by<readonly number[]>(() => {
		const { rows } = this.matching;
		return this.seen && this.#sites ? rowsIn(this.#sites, rows, this.seen.bounds) : rows;
	});

	/** Rows of the list, in order. */
	readonly list = $derived.by<readonly number[]>(() => {
		if (!this.view) return [];
		const rows = this.isListAll ? this.matching.rows : this.#inExtent;
		const held = this.#held?.sites === this.view.sites ? this.#held.places : null;
		return ordered(this.view, rows, this.sort, getLocale() === 'zh' ? 'zh-CN' : 'en', held);
	});

	readonly counts = $derived.by(() => ({
		/** in the part of the map that is seen */
		seen: this.#inExtent.length,
		/** that pass the filters */
		matching: this.matching.rows.length
	}));

	/** Values of the facets with their counts; worked out while somebody looks at them. */
	readonly facets = $derived.by(() => this.view && countFacets(this.view, this.filters));

	readonly #present = $derived.by(() => presentValues(this.#registry.sites));

	/** Kind → sites of it in service. */
	readonly kindCounts = $derived.by(() => kindCounts(this.#sites ?? []));

	readonly index = $derived.by(() => new SiteIndex(this.#sites ?? [], this.#registry.sites));

	readonly #areas = $derived.by<ReadonlyMap<string, Area>>(() => {
		// Areas come with the sites, in one directory.
		const sites = this.#sites;
		return byCode((sites && untrack(() => this.topic.state)?.directory.areas) ?? []);
	});

	readonly #rowByCode = $derived.by(() => rowsByCode(this.#sites ?? []));

	/** null = none, or the directory does not know it */
	readonly chosenRow = $derived.by(() => (this.chosen === null ? null : (this.#rowByCode.get(this.chosen) ?? null)));

	readonly facilities = $derived.by(() => facilitiesOf(this.#sites ?? [], this.#registry.sites, this.filters));

	/** Of the choices in a facet of the registry those that any site has, or that are chosen. */
	registryChoices(facet: 'star' | 'honour' | 'hours', choices: readonly string[]): string[] {
		return choices.filter((value) => this.#present[facet].has(value) || this.filters[facet].includes(value));
	}

	codeOf(row: number | null): string | null {
		return row === null ? null : (this.#sites?.[row]?.code ?? null);
	}

	/** Degrees; null = it has no coordinates. */
	lngOf(row: number): number | null {
		return this.#sites?.[row]?.lng ?? null;
	}

	/** District and street of a site in words. */
	placeOf(row: number): string {
		const site = this.#sites?.[row];
		const nameOf = (code: string | null | undefined): string => (code ? (this.#areas.get(code)?.name ?? '') : '');
		return [nameOf(site?.district), nameOf(site?.street)].filter(Boolean).join(' · ');
	}

	lineOf(row: number): SiteLine | null {
		return this.view && siteLine(this.view, row, this.#areas, this.filters.kind.length > 1);
	}

	/** Marks a site without opening its card; an open card follows. */
	mark(row: number): void {
		this.chosen = this.codeOf(row);
	}

	/** Opens the card of a site; null closes it and takes the mark away. */
	open(row: number | null): void {
		this.chosen = this.codeOf(row);
		this.isCardOpen = this.chosen !== null;
	}

	/** While somebody walks the list its order stands still. */
	hold(isWalking: boolean): void {
		const view = this.view;
		this.#held = isWalking && view ? { sites: view.sites, places: placesOf(this.list) } : null;
	}
}
