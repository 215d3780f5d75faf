/** JSON: an array of objects, one per site, or GeoJSON with one feature per site. */
import type { Decoded } from './decode.ts';
import type { Finding } from './finding.ts';
import { featureOf, GEOMETRY_HEADERS } from './geojson.ts';
import { elementLines } from './json-lines.ts';
import { findJsonBreak } from './json-position.ts';
import { checkColumns, checkRows } from './limits.ts';
import type { TableOptions, TableResult, TableRow } from './table.ts';
import { refuse, sortOut, TELL_EVERY_ROWS } from './table-result.ts';

export function readJson({ text, encoding }: Decoded, options: TableOptions): TableResult {
	const plain = text.replace(/^\ufeff/, '');
	let value: unknown;
	try {
		value = JSON.parse(plain);
	} catch (error) {
		return broken(plain, error as Error);
	}
	if (isRecord(value) && value['type'] === 'Feature') value = { type: 'FeatureCollection', features: [value] };
	const isGeo = isRecord(value) && value['type'] === 'FeatureCollection' && Array.isArray(value['features']);
	const elements: unknown = isGeo ? (value as { features: unknown[] }).features : value;
	if (!Array.isArray(elements))
		return refuse(
			1,
			'json_no_array',
			'The JSON must be an array of objects, one per site, or a GeoJSON FeatureCollection.'
		);
	checkRows(elements.length, 1);
	const { unit, lines } = places(plain, elements.length, isGeo ? 'features' : null);
	const { objects, errors } = collect(elements, lines, isGeo, options);
	const headers = [...new Set(objects.flatMap(({ object }) => Object.keys(object)))];
	if (isGeo) headers.sort((a, b) => Number(isGeometry(a)) - Number(isGeometry(b)));
	checkColumns(headers.length, 1);
	// Every object of the language has a `constructor`; a row has what is written in it.
	const cellOf = (object: LinedObject['object'], header: string): unknown =>
		Object.hasOwn(object, header) ? object[header] : undefined;
	const all = objects.map(({ line, object }): TableRow => ({
		line,
		cells: headers.map((header) => cellOf(object, header))
	}));
	const sorted = sortOut(all, headers);
	const format = isGeo ? 'geojson' : 'json';
	const at = { sheets: [], sheet: null, unit, headerLine: 1 } as const;
	return {
		ok: true,
		table: { format, encoding, ...at, headers, ...sorted, errors: [...errors, ...sorted.errors] }
	};
}

interface LinedObject {
	readonly line: number;
	readonly object: Record<string, unknown>;
}

function collect(elements: readonly unknown[], lines: readonly number[], isGeo: boolean, { onRows }: TableOptions) {
	const errors: Finding[] = [];
	const objects: LinedObject[] = [];
	elements.forEach((element, index) => {
		const line = lines[index] ?? index + 1;
		const reading = isGeo ? featureOf(element) : recordOf(element);
		if (reading.ok) objects.push({ line, object: reading.object });
		else errors.push({ line, code: reading.code, message: reading.message });
		if (index % TELL_EVERY_ROWS === 0) onRows?.(index);
	});
	return { objects, errors };
}

function recordOf(element: unknown) {
	if (isRecord(element)) return { ok: true, object: element } as const;
	return {
		ok: false,
		code: 'row_no_object',
		message: 'This element is not an object. Write one object per site.'
	} as const;
}

/** Elements that share a line (minified JSON) are counted instead: "line 1" for each of them would help nobody. */
function places(text: string, count: number, key: string | null): { unit: 'line' | 'element'; lines: number[] } {
	const lines = elementLines(text, key);
	const isApart = lines.length === count && new Set(lines).size === count;
	if (isApart) return { unit: 'line', lines };
	return { unit: 'element', lines: Array.from({ length: count }, (_, index) => index + 1) };
}

function broken(text: string, error: Error): TableResult {
	const place = findJsonBreak(text);
	if (place === null) return refuse(1, 'json_broken', `The JSON cannot be read: ${error.message}.`);
	const { line, column, elementsBefore, around } = place;
	const where = `line ${line}, column ${column}, in element ${elementsBefore + 1}`;
	return refuse(line, 'json_broken', `The JSON breaks at ${where}, near: ${around}. Mend that place and import again.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGeometry(header: string): boolean {
	return GEOMETRY_HEADERS.includes(header);
}
