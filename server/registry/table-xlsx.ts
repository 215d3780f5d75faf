/** XLSX through read-excel-file, which sees only what zip.ts has unpacked and measured. */
import readWorkbook, { InvalidInputError, InvalidSpreadsheetError } from 'read-excel-file/universal';
import { plainNumber } from './plain-number.ts';
import { checkColumns, checkRows, FileLimit, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS } from './limits.ts';
import type { TableOptions, TableResult, TableRow } from './table.ts';
import { headerIndex, refuse, sortOut } from './table-result.ts';
import { packStored, unpack } from './zip.ts';

interface Sheet {
	readonly sheet: string;
	readonly data: readonly (readonly unknown[])[];
}

/** A number as the file writes it, told apart from a text of the same digits. */
class SheetNumber {
	readonly raw: string;
	constructor(raw: string) {
		this.raw = raw.trim();
	}
}

/** A title and empty rows may stand above the header and below the list. */
const ROWS_AROUND = 1_000;

export async function readXlsx(bytes: Uint8Array, options: TableOptions): Promise<TableResult> {
	const sheets = await openWorkbook(bytes);
	if (sheets.length > MAX_SHEETS)
		return refuse(1, 'too_many_sheets', `The workbook has ${sheets.length} sheets, at most ${MAX_SHEETS} are read.`);
	const names = sheets.map(({ sheet }) => sheet);
	const wanted = options.sheet;
	const chosen = sheets.find(({ sheet, data }) => (wanted === undefined ? data.length > 1 : sheet === wanted));
	if (chosen === undefined && wanted !== undefined)
		return refuse(1, 'sheet_unknown', `There is no sheet "${wanted}". Choose one of: ${names.join(', ')}.`);
	const filled = (chosen?.data ?? [])
		.map((cells, index): TableRow => ({ line: index + 1, cells: cells.map(cellText) }))
		.filter(({ cells }) => cells.some((cell) => cell !== ''));
	options.onRows?.(filled.length);
	const place = headerIndex(filled.slice(0, 10).map(({ cells }) => cells.map(String)));
	const header = filled[place];
	if (header === undefined) return refuse(1, 'file_empty', 'No sheet of the workbook has rows.');
	const headers = withoutTail(header.cells.map(String), filled);
	checkColumns(headers.length, header.line);
	checkRows(filled.length - place - 1, header.line);
	const sorted = sortOut(filled.slice(place + 1), headers);
	const at = { sheets: names, sheet: chosen?.sheet ?? null, unit: 'row', headerLine: header.line } as const;
	return { ok: true, table: { format: 'xlsx', encoding: null, ...at, headers, ...sorted } };
}

async function openWorkbook(bytes: Uint8Array): Promise<readonly Sheet[]> {
	const parts = unpack(bytes, (name) => name.endsWith('.xml') || name.endsWith('.xml.rels'));
	if (!parts.some(({ name }) => name === 'xl/workbook.xml'))
		throw new FileLimit('file_not_text', 'This ZIP file is not an XLSX workbook. Unpack it and import what is inside.');
	for (const { name, bytes: xml } of parts) if (/^xl\/worksheets\/[^/]*\.xml$/.test(name)) checkCells(xml);
	try {
		// Numbers as they are written: Number() would round what is really a long code.
		return await readWorkbook(packStored(parts), { parseNumber: (raw) => new SheetNumber(raw) });
	} catch (error) {
		if (error instanceof InvalidSpreadsheetError || error instanceof InvalidInputError || isParserError(error))
			throw new FileLimit(
				'xlsx_broken',
				`The workbook cannot be read (${(error as Error).message}). Save it again as XLSX.`
			);
		throw error;
	}
}

/** The XML parser throws plain errors for what is no XML. */
function isParserError(error: unknown): boolean {
	return error instanceof Error && !(error instanceof RangeError);
}

/**
 * The reader fills every row up to the last one and every column up to the widest: one cell in the far corner would make
 * it build a billion. So addresses are looked at before it is.
 */
function checkCells(xml: Uint8Array): void {
	const text = Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength).toString('latin1');
	for (const [, letters = '', digits = ''] of text.matchAll(/\sr\s*=\s*["']([A-Za-z]*)(\d+)["']/g)) {
		const row = Number(digits);
		if (row > MAX_ROWS + ROWS_AROUND) checkRows(row, 1);
		if (letters.length > 3 || columnNumber(letters) > MAX_COLUMNS) checkColumns(columnNumber(letters), row);
	}
}

/** A = 1, Z = 26, AA = 27 */
function columnNumber(letters: string): number {
	return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

const DAY_MS = 86_400_000;
/** Excel's day 0: a cell with only a time of day lies on it. */
const DAY_ZERO = Date.UTC(1899, 11, 30);

function cellText(cell: unknown): string {
	if (cell === null || cell === undefined) return '';
	if (cell instanceof Date) return dateText(cell);
	if (typeof cell === 'boolean') return cell ? 'true' : 'false';
	return cell instanceof SheetNumber ? numberText(cell.raw) : String(cell).trim();
}

/** 2024-05-01, 2024-05-01 08:30, or 08:30 for a cell that holds a time of day only. */
function dateText(date: Date): string {
	if (Number.isNaN(date.getTime())) return '';
	const rounded = new Date(Math.round(date.getTime() / 60_000) * 60_000);
	const [day = '', time = ''] = rounded.toISOString().slice(0, 16).split('T');
	if (rounded.getTime() < DAY_ZERO + 2 * DAY_MS) return time;
	return time === '00:00' ? day : `${day} ${time}`;
}

/** 120.30180000000001 and 1.2E-3 are how a spreadsheet stores 120.3018 and 0.0012. */
function numberText(text: string): string {
	return /^-?\d+\.\d{12,}$|^-?\d+(?:\.\d+)?E[+-]?\d+$/i.test(text) ? plainNumber(Number(text)) : text;
}

/** Columns without a header at the right edge are dropped where no row has anything in them. */
function withoutTail(headers: string[], rows: readonly TableRow[]): string[] {
	const width = rows.reduce((most, { cells }) => Math.max(most, cells.findLastIndex((cell) => cell !== '') + 1), 0);
	return headers.slice(0, Math.max(width, headers.findLastIndex((header) => header !== '') + 1));
}
