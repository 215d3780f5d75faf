/**
 * The registry as a file: CSV for programs and old spreadsheets, XLSX for people, GeoJSON for maps. In CSV a text that a
 * spreadsheet would run is guarded by an apostrophe (csv-text.ts). In XLSX codes and phones are cells of type text, so zeros in front
 * stay; opened as CSV, Excel drops them from what it shows, so a list that is to be edited there should be the XLSX.
 */
import writeWorkbook from 'write-excel-file/node';
import type { Area } from '#domain/site.ts';
import { CSV_MARK, csvLine, guarded } from './csv-text.ts';
import {
	areaNames,
	featureProperties,
	sheetHeaders,
	sheetRow,
	type ExportCell,
	type ExportTerms
} from './export-columns.ts';
import { plainNumber } from './plain-number.ts';
import type { RegisteredSite } from './site-fields.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'geojson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The bytes of the file, in the order of the sites. */
export async function exportRegistry(
	sites: readonly RegisteredSite[],
	areas: readonly Area[],
	format: ExportFormat,
	terms: ExportTerms
): Promise<Uint8Array> {
	const areaName = areaNames(areas);
	switch (format) {
		case 'csv': {
			const lines = sites.map((site) => csvLine(sheetRow(site, areaName, terms).map(csvCell)));
			return new TextEncoder().encode(CSV_MARK + csvLine(sheetHeaders(terms)) + lines.join(''));
		}
		case 'geojson': {
			const features = sites.map((site) => JSON.stringify(featureOf(site, areaName, terms)));
			const mark = JSON.stringify(terms.mark);
			return new TextEncoder().encode(
				`{"type":"FeatureCollection","exportMark":${mark},"features":[\n${features.join(',\n')}\n]}\n`
			);
		}
		case 'xlsx': {
			const header = sheetHeaders(terms).map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
			const rows = sites.map((site) => sheetRow(site, areaName, terms).map(sheetCell));
			const options = { sheet: '驿站', stickyRowsCount: 1, columns: header.map(() => ({ width: 16 })) };
			return writeWorkbook([header, ...rows], options).toBuffer();
		}
	}
}

function csvCell(cell: ExportCell): string {
	if (cell === null) return '';
	return typeof cell === 'number' ? plainNumber(cell) : guarded(cell);
}

function sheetCell(cell: ExportCell) {
	if (cell === null) return null;
	if (typeof cell === 'number') return { value: cell, type: Number };
	return { value: escaped(cell), type: String };
}

/**
 * `_x0041_` means "A" in XLSX; a text that holds such a thing says so by `_x005F_` for its first sign. The writer keeps its texts
 * as keys of a plain object, where `toString` and the like already stand for something: their first sign is written so too.
 */
function escaped(text: string): string {
	const plain = text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
	return plain in {} ? `_x${text.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_${text.slice(1)}` : plain;
}

function featureOf(site: RegisteredSite, areaName: (code: string) => string, terms: ExportTerms) {
	const { code, lng, lat } = site;
	const geometry = lng === null || lat === null ? null : { type: 'Point', coordinates: [lng, lat] };
	return { type: 'Feature', id: code, geometry, properties: featureProperties(site, areaName, terms) };
}
