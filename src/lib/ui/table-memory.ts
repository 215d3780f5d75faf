/** Which columns a person has taken out of a table, kept in this browser. A broken or full store forgets, it never fails. */

const key = (table: string): string => `yizhan.table.${table}.hidden`;

/** Ids of hidden columns; null when this browser has never chosen. */
export function readHidden(table: string): readonly string[] | null {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(key(table)) ?? 'null');
		return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : null;
	} catch {
		// The store is closed to us, or holds what we did not write: the table shows its own choice.
		return null;
	}
}

export function keepHidden(table: string, hidden: readonly string[]): void {
	try {
		localStorage.setItem(key(table), JSON.stringify(hidden));
	} catch {
		// Private windows and full stores: the choice holds for this page, and the table works all the same.
		return;
	}
}
