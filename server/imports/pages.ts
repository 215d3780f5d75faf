/** How a plan is shown: pages of sites and findings, and the list of rows to mend. */
import { adviceFor } from '#server/registry/advice.ts';
import { mappingOf, type Column } from '#server/registry/columns.ts';
import { CSV_MARK, csvLine, guarded } from '#server/registry/csv-text.ts';
import type { Finding } from '#server/registry/finding.ts';
import type { AddedSite, ChangedSite } from '#server/registry/plan.ts';
import { withoutPersonalNumbers } from '#server/registry/privacy.ts';
import { UNSAID } from '#server/registry/site-fields.ts';
import type { Table, TableRow } from '#server/registry/table.ts';
import type { FindingItem, Mapping, SiteItem } from './protocol.ts';

const VALUE_LENGTH = 200;
/** What these were about is a person's, and is not shown again. */
const PERSONAL_CODES = new Set(['personal_number_dropped', 'phone_personal', 'keeper_personal']);

type CellOf = (line: number, field: string | undefined) => string | null;

/** Finds the cell that a finding is about. */
export function cellOf(table: Table, mapping: Mapping): CellOf {
	const { places } = mappingOf(table.headers, mapping);
	const rows = rowsByLine(table);
	return (line, field) => {
		const place = places.get(field as Column);
		const cell = place === undefined ? undefined : rows.get(line)?.cells[place];
		return cell === undefined || cell === null ? null : plain(cell);
	};
}

export function findingItem(finding: Finding, cell: CellOf): FindingItem {
	const value = PERSONAL_CODES.has(finding.code)
		? null
		: finding.code === 'outside_scope'
			? whoseRow(finding.line, cell)
			: cell(finding.line, finding.field);
	const shown = value === null ? null : (withoutPersonalNumbers(value.slice(0, VALUE_LENGTH)).text ?? '');
	return { ...finding, value: shown, advice: adviceFor(finding.code) };
}

/** What a row that is left out as a whole is traced by: name, code and area, as the file has them. */
function whoseRow(line: number, cell: CellOf): string | null {
	const said = (['name', 'code', 'district', 'street'] as const).map((field) => cell(line, field));
	return said.filter((text) => text !== null && text !== '').join(' · ') || null;
}

export function siteItems(
	kind: 'added' | 'changed' | 'unchanged',
	part: readonly unknown[],
	table: Table,
	mapping: Mapping
): SiteItem[] {
	switch (kind) {
		case 'added':
			return (part as AddedSite[]).map(({ line, site }) => ({
				line,
				code: site.code,
				name: site.name,
				fields: saidFields(site)
			}));
		case 'changed':
			return (part as ChangedSite[]).map(({ line, site, changes }) => ({
				line,
				code: site.code,
				name: site.name,
				changes
			}));
		case 'unchanged': {
			const cell = cellOf(table, mapping);
			return (part as { line: number; code: string }[]).map(({ line, code }) => ({
				line,
				code,
				name: cell(line, 'name') ?? ''
			}));
		}
	}
}

function saidFields(site: AddedSite['site']): Record<string, unknown> {
	const unsaid: Readonly<Record<string, unknown>> = UNSAID;
	const isSaid = ([field, value]: [string, unknown]) =>
		field !== 'code' && field !== 'name' && JSON.stringify(value) !== JSON.stringify(unsaid[field]);
	return Object.fromEntries(Object.entries(site).filter(isSaid));
}

/** None of these is a header that an import knows: the list can be mended and imported as it is. */
const LIST_HEADERS = ['行号 line no.', '问题 findings', '错误代码 finding codes', '怎么办 what to do'];

/**
 * One line of CSV per row that has findings, the row as the file has it behind them: mended here, the list is itself a file
 * to import. What was left out as personal stays out.
 */
export function errorListOf(
	table: Table,
	mapping: Mapping,
	warnings: readonly Finding[],
	errors: readonly Finding[]
): string {
	const rows = rowsByLine(table);
	const { places } = mappingOf(table.headers, mapping);
	const byLine = new Map<number, { finding: Finding; level: string }[]>();
	const note = (level: string) => (finding: Finding) => {
		const list = byLine.get(finding.line);
		if (list === undefined) byLine.set(finding.line, [{ finding, level }]);
		else list.push({ finding, level });
	};
	errors.forEach(note('错误 error'));
	warnings.forEach(note('警告 warning'));
	const lines = [...byLine]
		.toSorted(([a], [b]) => a - b)
		.map(([line, found]) => {
			const personal = new Set(
				found.flatMap(({ finding }) =>
					PERSONAL_CODES.has(finding.code) ? [places.get(finding.field as Column) ?? -1] : []
				)
			);
			const original = table.headers.map((_, place) => {
				const text = plain(rows.get(line)?.cells[place]);
				return personal.has(place) ? '' : (withoutPersonalNumbers(text).text ?? '');
			});
			const said = [
				String(line),
				found.map(({ finding, level }) => `${level}: ${finding.message}`).join('\n'),
				[...new Set(found.map(({ finding }) => finding.code))].join(' '),
				[...new Set(found.map(({ finding }) => adviceFor(finding.code)))].join('\n')
			];
			return csvLine([...said, ...original].map(guarded));
		});
	return CSV_MARK + csvLine([...LIST_HEADERS, ...table.headers].map(guarded)) + lines.join('');
}

function rowsByLine(table: Table): ReadonlyMap<number, TableRow> {
	return new Map([...table.rows, ...table.leftOut].map((row) => [row.line, row]));
}

function plain(cell: unknown): string {
	if (cell === undefined || cell === null) return '';
	return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
