/** What a `DataTable` is told of its columns, and how it sorts and filters by them. Pure. */
import type { Snippet } from 'svelte';

export interface TableColumn<Row> {
	readonly id: string;
	readonly label: string;
	/** what is sorted and filtered by; null = not known: last in either direction */
	value(row: Row): string | number | null;
	/** as it is written; otherwise the value, `–` where it is not known */
	text?(row: Row): string;
	/** a look of its own; `text` is still what the filter reads */
	readonly cell?: Snippet<[Row]>;
	/** `end` for figures */
	readonly align?: 'start' | 'end';
	/** inline size of the column, with its unit; without one it shares what is left */
	readonly width?: string;
	/** not shown until somebody chooses it */
	readonly isHidden?: boolean;
	/** cannot be taken out of the table: what a row is called */
	readonly isFixed?: boolean;
}

export interface TableSort {
	readonly id: string;
	readonly desc: boolean;
}

const NOT_KNOWN = '–';

export function cellText<Row>(column: TableColumn<Row>, row: Row): string {
	return column.text?.(row) ?? String(column.value(row) ?? NOT_KNOWN);
}

/** Figures by size, words as the language sorts them. Neither is null: the table puts those last by itself. */
export function comparer(languageTag: string): (a: unknown, b: unknown) => number {
	const { compare } = new Intl.Collator(languageTag, { numeric: true });
	return (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)));
}

/** Rows in which every word of `query` stands in some column. The same array when nothing is asked. */
export function filterRows<Row>(
	rows: readonly Row[],
	columns: readonly TableColumn<Row>[],
	query: string
): readonly Row[] {
	const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
	if (wanted.length === 0) return rows;
	return rows.filter((row) => {
		const text = columns
			.map((column) => cellText(column, row))
			.join('\n')
			.toLocaleLowerCase();
		return wanted.every((word) => text.includes(word));
	});
}
