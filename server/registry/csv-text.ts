/**
 * Cells of CSV that a spreadsheet would take for a formula (OWASP: CSV injection). Quotes do not help: Excel looks at the
 * text behind them. So a text that begins with one of the signs, or with apostrophes before one, is written with one more
 * apostrophe in front, and the import takes exactly one off again. Every text survives the round trip, none runs.
 * XLSX needs no such sign: a cell of type text is never evaluated.
 */
const NEEDS_GUARD = /^'*[=+\-@\t\r\n|%＝＋－＠]/;
const IS_GUARDED = /^'+[=+\-@\t\r\n|%＝＋－＠]/;

export function guarded(text: string): string {
	return NEEDS_GUARD.test(text) ? `'${text}` : text;
}

export function unguarded(text: string): string {
	return text.charCodeAt(0) === 39 && IS_GUARDED.test(text) ? text.slice(1) : text;
}

/** One line of CSV. Every cell is quoted, so that no delimiter, quote or line break of a text means anything. */
export function csvLine(cells: readonly string[]): string {
	return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** Excel takes CSV without this mark for the encoding of the country. */
export const CSV_MARK = '\ufeff';
