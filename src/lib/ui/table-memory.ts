/**
 * What a person has made of a table, kept in this browser: columns taken out and the order for good, the filter as long as the tab lives and
 * on this page only, since a forgotten one hides rows. A broken or full store forgets, it never fails.
 */
import type { TableSort } from './table-column.ts';

const key = (table: string, what: 'hidden' | 'sort'): string => `yizhan.table.${table}.${what}`;
const queryKey = (table: string): string => `yizhan.table.${table}.filter ${location.pathname}`;

/** Ids of hidden columns; null when this browser has never chosen. */
export function readHidden(table: string): readonly string[] | null {
	const kept = read(() => localStorage, key(table, 'hidden'));
	return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : null;
}

export function keepHidden(table: string, hidden: readonly string[]): void {
	keep(() => localStorage, key(table, 'hidden'), hidden);
}

/** Null when this browser has never sorted it. */
export function readSort(table: string): TableSort | null {
	const kept = read(() => localStorage, key(table, 'sort'));
	if (typeof kept !== 'object' || kept === null || !('id' in kept) || !('desc' in kept)) return null;
	return typeof kept.id === 'string' && typeof kept.desc === 'boolean' ? { id: kept.id, desc: kept.desc } : null;
}

export function keepSort(table: string, sort: TableSort): void {
	keep(() => localStorage, key(table, 'sort'), sort);
}

/** What was typed into the filter; empty when nothing was. */
export function readQuery(table: string): string {
	const kept = read(() => sessionStorage, queryKey(table));
	return typeof kept === 'string' ? kept : '';
}

export function keepQuery(table: string, query: string): void {
	keep(() => sessionStorage, queryKey(table), query);
}

/** The store is asked for inside: where it is closed to us, the asking itself throws. */
function read(store: () => Storage, name: string): unknown {
	try {
		return JSON.parse(store().getItem(name) ?? 'null');
	} catch {
		// The store is closed to us, or holds what we did not write: the table shows its own choice.
		return null;
	}
}

function keep(store: () => Storage, name: string, value: unknown): void {
	try {
		store().setItem(name, JSON.stringify(value));
	} catch {
		// Private windows and full stores: the choice holds for this page, and the table works all the same.
		return;
	}
}
