/** What the readers of the formats share. */
import { MAX_CELL_DEPTH, MAX_CELL_LENGTH } from './limits.ts';
import { mapColumns } from './columns.ts';
import type { Finding } from './finding.ts';
import type { TableResult, TableRow } from './table.ts';

export function refuse(line: number, code: string, message: string): TableResult {
	return { ok: false, problem: { line, code, message } };
}

/** A title above the headers is common in exported sheets; deeper than this it is no title. */
const HEADER_SEARCH_ROWS = 10;
/** `onRows` is told after so many rows. */
export const TELL_EVERY_ROWS = 1_000;

/** The first row in which two columns are known; else the first with two filled cells; else the first. */
export function headerIndex(rows: readonly (readonly string[])[]): number {
	const first = rows.slice(0, HEADER_SEARCH_ROWS);
	const known = first.findIndex((cells) => mapColumns(cells).places.size >= 2);
	const filled = first.findIndex((cells) => cells.filter((cell) => cell !== '').length >= 2);
	return known >= 0 ? known : Math.max(filled, 0);
}

/** Rows whose cells can be taken, and an error for each of the others. */
export function sortOut(
	rows: readonly TableRow[],
	headers: readonly string[]
): { rows: TableRow[]; leftOut: TableRow[]; errors: Finding[] } {
	const errors: Finding[] = [];
	const leftOut: TableRow[] = [];
	const good = rows.filter((row) => {
		const finding = unfit(row, headers);
		if (finding === null) return true;
		errors.push(finding);
		leftOut.push(withoutDepth(row));
		return false;
	});
	return { rows: good, leftOut, errors };
}

function unfit({ line, cells }: TableRow, headers: readonly string[]): Finding | null {
	for (let place = 0; place < cells.length; place++) {
		const cell = cells[place];
		const column = headers[place] ?? '';
		if (place >= headers.length && cell !== '' && cell !== undefined) {
			const message = `The row has ${cells.length} cells, the header ${headers.length}. Quote the cell that holds a delimiter.`;
			return { line, code: 'too_many_cells', message };
		}
		if (isTooDeep(cell, MAX_CELL_DEPTH))
			return { line, column, code: 'cell_too_deep', message: 'The value nests lists too deeply. Write a plain list.' };
		if (lengthOf(cell) > MAX_CELL_LENGTH) {
			const message = `The cell is longer than ${MAX_CELL_LENGTH.toLocaleString('en')} characters. Shorten it.`;
			return { line, column, code: 'cell_too_long', message };
		}
	}
	return null;
}

/** What nests too deeply cannot be written down either: the list of errors goes without it. */
function withoutDepth({ line, cells }: TableRow): TableRow {
	return { line, cells: cells.map((cell) => (isTooDeep(cell, MAX_CELL_DEPTH) ? undefined : cell)) };
}

function lengthOf(cell: unknown): number {
	if (typeof cell === 'string') return cell.length;
	return typeof cell === 'object' && cell !== null ? JSON.stringify(cell).length : 0;
}

function isTooDeep(cell: unknown, left: number): boolean {
	if (typeof cell !== 'object' || cell === null) return false;
	return left === 0 || Object.values(cell).some((inner) => isTooDeep(inner, left - 1));
}
