/** Where the parts of a row reader meet: the cells by column, and a place for what is to be said of them. */
import { linesOf, textOf, wordOf } from './cell.ts';
import type { Column, ColumnMapping } from './columns.ts';
import type { Finding } from './finding.ts';
import { withoutPersonalNumbers } from './privacy.ts';
import type { TableRow } from './table.ts';

export interface RowDesk {
	/** Whether the file has this column at all */
	has(column: Column): boolean;
	cell(column: Column): unknown;
	/** The text of a cell, null where it says nothing */
	text(column: Column): string | null;
	/** Free text, from which mobile and identity numbers are taken out */
	freeText(column: Column): string | null;
	/** As `freeText`, over several lines */
	freeLines(column: Column): string | null;
	word(column: Column): string | null;
	error(column: Column, code: string, message: string): void;
	warn(column: Column, code: string, message: string): void;
}

/** Findings are appended to the two lists. */
export function openDesk(row: TableRow, mapping: ColumnMapping, errors: Finding[], warnings: Finding[]): RowDesk {
	const finding = (column: Column, code: string, message: string): Finding => {
		const header = mapping.headers[mapping.places.get(column) ?? -1];
		const place = { line: row.line, field: column };
		return header === undefined ? { ...place, code, message } : { ...place, column: header, code, message };
	};
	const clean = (column: Column, said: string | null, read: typeof textOf): string | null => {
		const { text, dropped } = withoutPersonalNumbers(said ?? '');
		if (dropped > 0) desk.warn(column, 'personal_number_dropped', 'A personal number in the text was left out.');
		return read(text);
	};
	const desk: RowDesk = {
		has: (column) => mapping.places.has(column),
		cell: (column) => row.cells[mapping.places.get(column) ?? -1],
		text: (column) => textOf(desk.cell(column)),
		word: (column) => wordOf(desk.cell(column)),
		freeText: (column) => clean(column, desk.text(column), textOf),
		freeLines: (column) => clean(column, linesOf(desk.cell(column)), linesOf),
		error: (column, code, message) => void errors.push(finding(column, code, message)),
		warn: (column, code, message) => void warnings.push(finding(column, code, message))
	};
	return desk;
}
