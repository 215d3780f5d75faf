/**
 * A file becomes a table: JSON arrays of objects and CSV, whatever their encoding and delimiter. Every row knows the
 * line on which it begins, because that is what a person will look for.
 */
import { CsvError, parse, type Options } from 'csv-parse/sync';
import { mapColumns } from './columns.ts';
import type { Finding } from './finding.ts';
import { elementLines } from './json-lines.ts';

export interface TableRow {
	/** Line of the file on which the row begins, from 1 */
	readonly line: number;
	/** One value per header: text from CSV, any JSON value from JSON; undefined where the row says nothing */
	readonly cells: readonly unknown[];
}

export interface Table {
	readonly format: 'json' | 'csv';
	readonly encoding: string;
	readonly headerLine: number;
	readonly headers: readonly string[];
	readonly rows: readonly TableRow[];
	/** Rows that could not be read at all */
	readonly errors: readonly Finding[];
}

export type TableResult =
	{ readonly ok: true; readonly table: Table } | { readonly ok: false; readonly problem: Finding };

/** A title above the headers is common in exported sheets; deeper than this it is no title. */
const HEADER_SEARCH_ROWS = 10;

/** Reads a file. Refuses (never throws) what is no table: spreadsheets in binary form, broken quotes, broken JSON. */
export function readTable(bytes: Uint8Array, fileName: string): TableResult {
	const binary = binaryKind(bytes);
	if (binary !== null)
		return refuse(1, 'file_not_text', `This is ${binary}. Save it as CSV (UTF-8) or JSON and import that.`);
	const decoded = decode(bytes);
	if (decoded === null)
		return refuse(1, 'encoding_unknown', 'The text is neither UTF-8 nor GB18030. Save it as CSV in UTF-8.');
	const { text, encoding } = decoded;
	if (text.trim() === '') return refuse(1, 'file_empty', 'The file is empty.');
	const isJson = /\.json$/i.test(fileName) || /^\s*\[\s*[{\]]/.test(text);
	return isJson ? readJson(text, encoding) : readCsv(text, encoding);
}

function refuse(line: number, code: string, message: string): TableResult {
	return { ok: false, problem: { line, code, message } };
}

function binaryKind(bytes: Uint8Array): string | null {
	const head = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	if (head.startsWith('504b')) return 'an XLSX or ZIP file';
	if (head === 'd0cf11e0') return 'an XLS file';
	return head === '25504446' ? 'a PDF file' : null;
}

/** Excel writes GB18030 (or GBK, its subset) on Chinese Windows and UTF-16 as "Unicode text". */
function decode(bytes: Uint8Array): { text: string; encoding: string } | null {
	const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
	for (const encoding of isUtf16 ? ['utf-16le'] : ['utf-8', 'gb18030']) {
		const text = decodeAs(bytes, encoding);
		if (text !== null) return { text: text.replace(/\r\n?/g, '\n'), encoding };
	}
	return null;
}

function decodeAs(bytes: Uint8Array, encoding: string): string | null {
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch (error) {
		// the decoder's way to say that these bytes are of another encoding
		if (error instanceof TypeError) return null;
		throw error;
	}
}

function readJson(text: string, encoding: string): TableResult {
	let elements: unknown;
	try {
		elements = JSON.parse(text);
	} catch (error) {
		return refuse(
			1,
			'json_broken',
			`The JSON cannot be read: ${error instanceof Error ? error.message : String(error)}.`
		);
	}
	if (!Array.isArray(elements))
		return refuse(1, 'json_no_array', 'The JSON must be an array of objects, one per site.');
	const lines = elementLines(text);
	const errors: Finding[] = [];
	const objects: { line: number; object: Record<string, unknown> }[] = [];
	elements.forEach((object: unknown, index) => {
		const line = lines[index] ?? 1;
		if (isRecord(object)) objects.push({ line, object });
		else errors.push({ line, code: 'row_no_object', message: 'This element is not an object.' });
	});
	const headers = [...new Set(objects.flatMap(({ object }) => Object.keys(object)))];
	const rows = objects.map(({ line, object }) => ({ line, cells: headers.map((header) => object[header]) }));
	return { ok: true, table: { format: 'json', encoding, headerLine: 1, headers, rows, errors } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface CsvRecord {
	readonly record: string[];
	readonly raw: string;
	readonly info: { readonly lines: number };
}

function readCsv(text: string, encoding: string): TableResult {
	const options: Options = {
		delimiter: delimiterOf(text),
		record_delimiter: '\n',
		bom: true,
		info: true,
		raw: true,
		relax_column_count: true,
		skip_empty_lines: true,
		trim: true
	};
	let records: CsvRecord[];
	try {
		records = parse(text, options) as unknown as CsvRecord[];
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
		return refuse(line, 'csv_broken', `The quotes do not close (${error.code}). Mend the line and import again.`);
	}
	const filled = records.filter(({ record }) => record.some((cell) => cell !== ''));
	const header = filled[headerIndex(filled)];
	if (header === undefined) return refuse(1, 'file_empty', 'The file is empty.');
	const body = filled
		.slice(filled.indexOf(header) + 1)
		.map((entry) => ({ line: firstLine(entry), cells: entry.record }));
	const isWhole = (row: TableRow) => row.cells.slice(header.record.length).every((cell) => cell === '');
	const errors = body.filter((row) => !isWhole(row)).map((row) => tooManyCells(row, header.record.length));
	const rows = body.filter(isWhole);
	return {
		ok: true,
		table: { format: 'csv', encoding, headerLine: firstLine(header), headers: header.record, rows, errors }
	};
}

function tooManyCells(row: TableRow, expected: number): Finding {
	const message = `The row has ${row.cells.length} cells, the header ${expected}. Quote the cell that holds a delimiter.`;
	return { line: row.line, code: 'too_many_cells', message };
}

/** The first record in which two columns are known; else the first record. */
function headerIndex(records: readonly CsvRecord[]): number {
	const found = records.slice(0, HEADER_SEARCH_ROWS).findIndex(({ record }) => mapColumns(record).places.size >= 2);
	return Math.max(found, 0);
}

/** `lines` counts to the end of the record; what it spans inside is taken off. */
function firstLine({ info, raw }: CsvRecord): number {
	return info.lines - (raw.trim().split('\n').length - 1);
}

/** The commonest of comma, semicolon and tab outside quotes in the first lines. */
function delimiterOf(text: string): string {
	const sample = text.slice(0, 4000).replace(/"[^"]*"/g, '');
	const lines = sample.split('\n').slice(0, HEADER_SEARCH_ROWS).join('\n');
	const counted = [',', ';', '\t'].map((sign) => ({ sign, count: lines.split(sign).length }));
	return counted.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}
