/** Where the rows of a file would stand under each datum, and whose districts they would then contradict. */
import type { Area, Datum } from '#domain/site.ts';
import { openAreaBook } from '#server/registry/areas.ts';
import type { ColumnMapping } from '#server/registry/columns.ts';
import { toWgs84, type Point } from '#server/registry/coordinates.ts';
import { checkPlacement, type PlacedSite } from '#server/registry/placement.ts';
import { openDesk } from '#server/registry/row-desk.ts';
import { readStatedPoint } from '#server/registry/row-place.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import { statedDistrict } from '#server/registry/site-row.ts';
import type { Table, TableRow } from '#server/registry/table.ts';
import { CHOICES, type Placing, type Registry, type StatedPoint } from './protocol.ts';

/** Enough to tell datums apart by a share; more would only cost time. */
const PLACED_ROWS = 10_000;

interface LocatedRow {
	readonly row: TableRow;
	readonly point: Point;
	readonly datum: Datum | null;
	readonly isSwapped: boolean;
}

/** Every so many'th row with coordinates. Areas that only the file knows are no districts to compare with. */
export function placingOf(table: Table, mapping: ColumnMapping, areas: readonly Area[]): Placing {
	const located = locatedRows(table, mapping);
	const districtOf = districtReader(mapping, areas);
	return {
		located: located.length,
		swapped: located.filter(({ isSwapped }) => isSwapped).length,
		isDatumNeeded: located.some(({ datum }) => datum === null),
		points: evenly(located, PLACED_ROWS).map((one): StatedPoint => ({
			line: one.row.line,
			district: districtOf(one.row),
			at: CHOICES.map((choice) => {
				const { lng, lat } = toWgs84(one.point, one.datum ?? choice);
				return [lng, lat] as const;
			})
		}))
	};
}

/** Whether some row with coordinates leaves its datum to the file. */
export function isDatumNeeded(table: Table, mapping: ColumnMapping): boolean {
	return table.rows.some((row) => located(row, mapping)?.datum === null);
}

/**
 * Without areas to look into: lines that stand among sites of another district, under each datum. Sites of the registry are the
 * neighbours that do not move; where it has none, the datums cannot be told apart in this way.
 */
export function doubtsOf(table: Table, mapping: ColumnMapping, registry: Registry): number[][] {
	const rows = evenly(locatedRows(table, mapping), PLACED_ROWS);
	const districtOf = districtReader(mapping, registry.areas);
	const fixed = registry.sites.map(placed).filter((site) => site !== null);
	return CHOICES.map((choice) => {
		const moved = rows.map((one): PlacedSite => ({
			line: one.row.line,
			name: '',
			kind: '',
			address: null,
			district: districtOf(one.row),
			...toWgs84(one.point, one.datum ?? choice)
		}));
		const findings = checkPlacement([...moved, ...fixed], (code) => code);
		return findings.filter(({ code }) => code === 'placement_other_district').map(({ line }) => line);
	});
}

function placed(site: RegisteredSite): PlacedSite | null {
	const { name, kind, address, districtCode: district, lng, lat } = site;
	return lng === null || lat === null ? null : { line: null, name, kind, address, district, lng, lat };
}

function locatedRows(table: Table, mapping: ColumnMapping): LocatedRow[] {
	return table.rows.map((row) => located(row, mapping)).filter((one) => one !== null);
}

function located(row: TableRow, mapping: ColumnMapping): LocatedRow | null {
	const { reading, datum } = readStatedPoint(openDesk(row, mapping, [], []));
	return reading.kind === 'point' ? { row, datum, point: reading.point, isSwapped: reading.isSwapped } : null;
}

function districtReader(mapping: ColumnMapping, areas: readonly Area[]): (row: TableRow) => string | null {
	const known = new Set(areas.map(({ code }) => code));
	const book = openAreaBook(areas);
	return (row) => {
		const mention = statedDistrict(openDesk(row, mapping, [], []));
		const code = mention === null ? null : book.district(mention, row.line);
		return code !== null && known.has(code) ? code : null;
	};
}

function evenly<T>(list: readonly T[], most: number): readonly T[] {
	if (list.length <= most) return list;
	return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]).filter(
		(one) => one !== undefined
	);
}
