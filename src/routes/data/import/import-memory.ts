/** What a person entered for an upload, kept in this tab so that a reload loses nothing. */
import type { Datum } from '#domain/site.ts';
import type { Column } from '#server/registry/columns.ts';

export interface Entered {
	readonly sheet: string | null;
	readonly mapping: readonly (Column | null)[];
	readonly datum: Datum | null;
}

const keyOf = (id: string): string => `yizhan.import.${id}`;

/** null = nothing was entered here for this upload. */
export function recall(id: string): Entered | null {
	try {
		const kept = JSON.parse(sessionStorage.getItem(keyOf(id)) ?? 'null') as Entered | null;
		return kept && Array.isArray(kept.mapping) ? kept : null;
	} catch {
		// The store is closed to us, or holds what we did not write: the guesses stand.
		return null;
	}
}

export function remember(id: string, entered: Entered): void {
	try {
		sessionStorage.setItem(keyOf(id), JSON.stringify(entered));
	} catch {
		// A full or closed store: the page works all the same, and a reload begins with the guesses.
		return;
	}
}

export function forget(id: string): void {
	try {
		sessionStorage.removeItem(keyOf(id));
	} catch {
		return;
	}
}
