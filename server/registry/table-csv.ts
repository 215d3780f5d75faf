/** CSV of any delimiter. Lines are those of the text, also where a quoted cell runs over several. */
import { CsvError, parse } from 'csv-parse/sync';
import { unguarded } from './csv-text.ts';
import type { Decoded } from './decode.ts';
import { checkColumns, checkRows } from './limits.ts';
import type { TableOptions, TableResult, TableRow } from './table.ts';
import { headerIndex, refuse, sortOut, TELL_EVERY_ROWS } from './table-result.ts';

interface CsvRecord {
	readonly record: string[];
	readonly raw: string;
	readonly info: { readonly lines: number };
}

/** Filled rows above the first row of data: title and header; a file may have that many more rows. */
const ROWS_ABOVE = 10;
const DELIMITERS = [',', ';', '\t'] as const;

export function readCsv({ text, encoding }: Decoded, { onRows }: TableOptions): TableResult {
	const filled: TableRow[] = [];
	const take = ({ record, raw, info }: CsvRecord): null => {
		if (record.every((cell) => cell === '')) return null;
		const line = firstLine(raw, info.lines);
		checkRows(filled.length - ROWS_ABOVE, line);
		filled.push({ line, cells: record.map(unguarded) });
		if (filled.length % TELL_EVERY_ROWS === 0) onRows?.(filled.length);
		return null;
	};
	const broken = parseRecords(text, take);
	if (broken !== null) return broken;
	const place = headerIndex(filled.slice(0, ROWS_ABOVE).map(({ cells }) => cells.map(String)));
	const header = filled[place];
	if (header === undefined) return refuse(1, 'file_empty', 'The file is empty.');
	const headers = header.cells.map(String);
	checkColumns(headers.length, header.line);
	const sorted = sortOut(filled.slice(place + 1), headers);
	const at = { sheets: [], sheet: null, unit: 'line', headerLine: header.line } as const;
	return { ok: true, table: { format: 'csv', encoding, ...at, headers, ...sorted } };
}

/** null, or why the text is no CSV. `take` throws `FileLimit` when there is too much of it. */
function parseRecords(text: string, take: (record: CsvRecord) => null): TableResult | null {
	try {
		parse(text, {
			delimiter: delimiterOf(text),
			record_delimiter: '\n',
			bom: true,
			info: true,
			raw: true,
			relax_column_count: true,
			skip_empty_lines: true,
			trim: true,
			on_record: take as never
		});
		return null;
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
		return refuse(line, 'csv_broken', `The quotes do not close (${error.code}). Mend the line and import again.`);
	}
}

/** `lines` counts to the end of the record; what it spans inside is taken off. */
function firstLine(raw: string, lastLine: number): number {
	const whole = raw.trim();
	return whole.includes('\n') ? lastLine - (whole.split('\n').length - 1) : lastLine;
}

/** The commonest of comma, semicolon and tab outside quotes in the first lines. */
function delimiterOf(text: string): string {
	const sample = text.slice(0, 4000).replace(/"[^"]*"/g, '');
	const lines = sample.split('\n').slice(0, ROWS_ABOVE).join('\n');
	const counted = DELIMITERS.map((sign) => ({ sign, count: lines.split(sign).length }));
	return counted.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}
