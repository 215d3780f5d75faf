/** In which order sites are listed. Need first: what somebody should look at stands on top. Pure. */
import { readValue } from '#domain/table.ts';
import { siteFreshness, statusOf } from '#domain/view.ts';
import type { FilterView } from './filters.ts';

export const SORTS = ['need', 'name', 'visits'] as const;
export type Sort = (typeof SORTS)[number];

/** What asks for a look at a site, the most pressing first. */
export const NEEDS = ['closed_unplanned', 'mains_lost', 'stale', 'unknown', 'late', 'devices_offline', 'none'] as const;
export type Need = (typeof NEEDS)[number];

export function needOf(view: FilterView, row: number): Need {
	const site = view.sites[row];
	if (!site) return 'none';
	const { columns } = view;
	const status = statusOf(columns, row);
	const own = siteFreshness(site, columns, row, view.nowMs);
	const isStale = own === 'stale' || (view.isFeedStale && own !== 'none');
	if (status === 'closed_unplanned') return 'closed_unplanned';
	if (columns.mains[row] === 2 && !isStale) return 'mains_lost';
	if (isStale) return 'stale';
	if (status === 'unknown') return 'unknown';
	if (own === 'late') return 'late';
	const online = readValue(columns, 'devicesOnline', row);
	const total = readValue(columns, 'devicesTotal', row);
	return online !== null && total !== null && online < total ? 'devices_offline' : 'none';
}

/**
 * Rows in the order of a sort. `held`: the order of before (row → place), kept while somebody walks the list with the keyboard,
 * so that nothing moves under the finger; new rows follow at the end.
 */
export function ordered(
	view: FilterView,
	rows: readonly number[],
	sort: Sort,
	languageTag: string,
	held: ReadonlyMap<number, number> | null
): number[] {
	if (held) return rows.toSorted((a, b) => (held.get(a) ?? Infinity) - (held.get(b) ?? Infinity) || a - b);
	// Names are compared once per row, not once per comparison: `localeCompare` is slow.
	const places = namePlaces(view, languageTag);
	const byName = (a: number, b: number): number => (places[a] ?? 0) - (places[b] ?? 0);
	if (sort === 'name') return rows.toSorted(byName);
	if (sort === 'visits') {
		const visits = (row: number): number => readValue(view.columns, 'visitsToday', row) ?? -1;
		return rows.toSorted((a, b) => visits(b) - visits(a) || byName(a, b));
	}
	const ranks = new Map(rows.map((row) => [row, NEEDS.indexOf(needOf(view, row))]));
	const sinceOf = (row: number): number => view.columns.since[row] || Number.MAX_SAFE_INTEGER;
	return rows.toSorted((a, b) => {
		const rank = (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0);
		// The longest closed first; everything else by name, so that it stays where it was.
		return rank || (ranks.get(a) === 0 ? sinceOf(a) - sinceOf(b) : 0) || byName(a, b);
	});
}

const known = new WeakMap<readonly unknown[], Map<string, Uint32Array>>();

/** Row → its place among all names, per directory and language. */
function namePlaces(view: FilterView, languageTag: string): Uint32Array {
	const byLanguage = known.get(view.sites) ?? new Map<string, Uint32Array>();
	known.set(view.sites, byLanguage);
	const old = byLanguage.get(languageTag);
	if (old) return old;
	const collator = new Intl.Collator(languageTag, { numeric: true });
	const order = view.sites.map((_, row) => row);
	order.sort((a, b) => collator.compare(view.sites[a]?.name ?? '', view.sites[b]?.name ?? '') || a - b);
	const places = new Uint32Array(order.length);
	order.forEach((row, place) => (places[row] = place));
	byLanguage.set(languageTag, places);
	return places;
}
