/** A file's bytes become drafts of sites: the first half of an import, the same for the command line and a page. */
import type { Datum } from '#domain/site.ts';
import { mapColumns, type Column, type ColumnMapping } from './columns.ts';
import type { Finding } from './finding.ts';
import { PLACE_COLUMNS } from './row-place.ts';
import type { SiteDraft } from './site-fields.ts';
import { DISTRICT_COLUMNS, readSite } from './site-row.ts';
import { readTable } from './table.ts';

export interface DraftReading {
	/** Rows of the file, good and bad */
	readonly rows: number;
	readonly encoding: string | null;
	readonly ignoredColumns: readonly string[];
	readonly drafts: readonly SiteDraft[];
	readonly warnings: readonly Finding[];
	readonly errors: readonly Finding[];
}

/** Reads every row it can. A file that is no table gives no rows and one error; nothing throws. */
export function readDrafts(bytes: Uint8Array, fileName: string, datum: Datum): DraftReading {
	const result = readTable(bytes, fileName);
	if (!result.ok)
		return { rows: 0, encoding: null, ignoredColumns: [], drafts: [], warnings: [], errors: [result.problem] };
	const { table } = result;
	const mapping = mapColumns(table.headers);
	const rows = table.rows.length + table.errors.length;
	const file = { rows, encoding: table.encoding, ignoredColumns: mapping.ignored };
	if (!mapping.places.has('name')) {
		const message = `No column gives the name of a site (such as 站点名称 or name). The headers are: ${table.headers.join(', ')}.`;
		const problem = { line: table.headerLine, code: 'no_name_column', message };
		return { ...file, drafts: [], warnings: [], errors: [problem] };
	}
	const readings = table.rows.map((row) => readSite(row, mapping, datum));
	return {
		...file,
		drafts: readings.map((reading) => reading.draft).filter((draft) => draft !== null),
		warnings: [...missingColumns(mapping, table.headerLine), ...readings.flatMap((reading) => reading.warnings)],
		errors: [...table.errors, ...readings.flatMap((reading) => reading.errors)].toSorted((a, b) => a.line - b.line)
	};
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
