/** What the panels of the import desk are given. */
import type { Column } from '#server/registry/columns.ts';

/** A field of the registry that a column may fill. */
export interface ImportField {
	readonly field: Column;
	readonly label: { readonly zh: string; readonly en: string };
	/** nothing can be imported without it */
	readonly isRequired: boolean;
}
