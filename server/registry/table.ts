/**
 * A file becomes a table: CSV, XLSX, GeoJSON or a JSON array of objects. Every row knows where it begins, because that is
 * what a person will look for.
 */
import { decode } from './decode.ts';
import type { Finding } from './finding.ts';
import { FileLimit, MAX_FILE_BYTES } from './limits.ts';
import { readCsv } from './table-csv.ts';
import { readJson } from './table-json.ts';
import { refuse } from './table-result.ts';
import { readXlsx } from './table-xlsx.ts';

export interface TableRow {
	/** Where the row begins, from 1, in the table's `unit`. No two rows share one. */
	readonly line: number;
	/** One value per header: text from CSV and XLSX, any JSON value from JSON; undefined where the row says nothing */
	readonly cells: readonly unknown[];
}

export type TableFormat = 'csv' | 'xlsx' | 'geojson' | 'json';

export interface Table {
	readonly format: TableFormat;
	/** Of the text; null for XLSX, which has its own */
	readonly encoding: string | null;
	/** Names of a workbook's sheets and the one that was read; empty and null otherwise */
	readonly sheets: readonly string[];
	readonly sheet: string | null;
	/** What `line` counts: lines of text, rows of a sheet, or elements of JSON that stands on one line */
	readonly unit: 'line' | 'row' | 'element';
	readonly headerLine: number;
	readonly headers: readonly string[];
	readonly rows: readonly TableRow[];
	/** Rows that stand in the file but cannot be taken; `errors` says why */
	readonly leftOut: readonly TableRow[];
	/** Of rows that could not be taken at all */
	readonly errors: readonly Finding[];
}

export type TableResult =
	{ readonly ok: true; readonly table: Table } | { readonly ok: false; readonly problem: Finding };

export interface TableOptions {
	/** Sheet of a workbook; the first one that has rows when absent */
	readonly sheet?: string | undefined;
	/** Told now and then how many rows have been read */
	readonly onRows?: ((rows: number) => void) | undefined;
}

/** Reads a file. Refuses (never throws) what is no table: other binary files, broken quotes, broken JSON, too much of it. */
export async function readTable(bytes: Uint8Array, fileName: string, options: TableOptions = {}): Promise<TableResult> {
	try {
		return await readAny(bytes, fileName, options);
	} catch (error) {
		if (error instanceof FileLimit) return refuse(error.line, error.code, error.message);
		throw error;
	}
}

async function readAny(bytes: Uint8Array, fileName: string, options: TableOptions): Promise<TableResult> {
	if (bytes.length > MAX_FILE_BYTES)
		return refuse(1, 'file_too_large', `The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB. Split it.`);
	const kind = binaryKind(bytes);
	if (kind === 'xlsx') return readXlsx(bytes, options);
	if (kind !== null)
		return refuse(
			1,
			'file_not_text',
			`This is ${kind}. Save it as XLSX, CSV (UTF-8), GeoJSON or JSON and import that.`
		);
	const decoded = decode(bytes);
	if (decoded === null)
		return refuse(1, 'encoding_unknown', 'The text is neither UTF-8 nor GB18030. Save it as CSV in UTF-8.');
	if (decoded.text.trim() === '') return refuse(1, 'file_empty', 'The file is empty.');
	const isJson = /\.(?:geo)?json$/i.test(fileName) || /^\s*(?:\[\s*[{\]]|\{)/.test(decoded.text);
	return isJson ? readJson(decoded, options) : readCsv(decoded, options);
}

function binaryKind(bytes: Uint8Array): string | null {
	const head = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	if (head === '504b0304') return 'xlsx';
	if (head.startsWith('504b')) return 'an empty or split ZIP file';
	if (head === 'd0cf11e0') return 'an XLS file of an old Excel';
	return head === '25504446' ? 'a PDF file' : null;
}
