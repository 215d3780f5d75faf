/** What a file may hold at most. Every limit is met by an error that names it; none by a server that stands still. */

/** The largest real registry is a province's, some 20,000 sites with 40 columns: about 10 MB of CSV. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
export const MAX_ROWS = 200_000;
export const MAX_COLUMNS = 200;
/** Characters of one cell; a spreadsheet cell holds at most 32,767, so what is taken can also be exported. */
export const MAX_CELL_LENGTH = 10_000;
/** Lists in lists of a JSON cell */
export const MAX_CELL_DEPTH = 6;
export const MAX_SHEETS = 50;

export class FileLimit extends Error {
	readonly code: string;
	readonly line: number;
	constructor(code: string, message: string, line = 1) {
		super(message);
		this.name = 'FileLimit';
		this.code = code;
		this.line = line;
	}
}

/** Throws when a table has more rows than an import takes. */
export function checkRows(rows: number, line: number): void {
	if (rows <= MAX_ROWS) return;
	const message = `The file has more than ${MAX_ROWS.toLocaleString('en')} rows. Split it and import the parts one after another.`;
	throw new FileLimit('too_many_rows', message, line);
}

export function checkColumns(columns: number, line: number): void {
	if (columns <= MAX_COLUMNS) return;
	const message = `The file has ${columns} columns, at most ${MAX_COLUMNS} are read. Delete those that are not needed.`;
	throw new FileLimit('too_many_columns', message, line);
}
