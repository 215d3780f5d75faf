/** A table becomes drafts of sites: the first half of an import, the same for the command line and the import desk. */
import type { Datum } from '#domain/site.ts';
import type { Column, ColumnMapping } from './columns.ts';
import type { Finding } from './finding.ts';
import { PLACE_COLUMNS } from './row-place.ts';
import type { SiteDraft } from './site-fields.ts';
import { DISTRICT_COLUMNS, readSite } from './site-row.ts';
import type { Table } from './table.ts';

export interface DraftReading {
	/** Rows of the file, good and bad */
	readonly rows: number;
	readonly drafts: readonly SiteDraft[];
	readonly warnings: readonly Finding[];
	readonly errors: readonly Finding[];
}

/** Reads every row it can. A table without names of sites gives no drafts and one error; nothing throws. */
export function readDrafts(
	table: Table,
	mapping: ColumnMapping,
	datum: Datum,
	onRows: (rows: number) => void = () => undefined
): DraftReading {
	const rows = table.rows.length + table.errors.length;
	if (!mapping.places.has('name')) {
		const message = `No column gives the name of a site (such as 站点名称 or name). The headers are: ${table.headers.join(', ')}.`;
		return { rows, drafts: [], warnings: [], errors: [{ line: table.headerLine, code: 'no_name_column', message }] };
	}
	const drafts: SiteDraft[] = [];
	const warnings = missingColumns(mapping, table.headerLine);
	const errors = [...table.errors];
	table.rows.forEach((row, index) => {
		const reading = readSite(row, mapping, datum);
		if (reading.draft !== null) drafts.push(reading.draft);
		for (const finding of reading.warnings) warnings.push(finding);
		for (const finding of reading.errors) errors.push(finding);
		onRows(index + 1);
	});
	return { rows, drafts, warnings, errors: errors.toSorted((a, b) => a.line - b.line) };
}

function missingColumns({ places }: ColumnMapping, line: number): Finding[] {
	const isWithout = (columns: readonly Column[]) => !columns.some((column) => places.has(column));
	const noPlace = 'No column gives coordinates (such as 经度 and 纬度, or lng and lat); new sites stand on no map.';
	const noDistrict = 'No column gives a district (such as 区县 or district); new sites count for the city only.';
	return [
		...(isWithout(PLACE_COLUMNS) ? [{ line, code: 'no_coordinate_columns', message: noPlace }] : []),
		...(isWithout(DISTRICT_COLUMNS) ? [{ line, code: 'no_district_column', message: noDistrict }] : [])
	];
}
