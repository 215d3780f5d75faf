/** One row of a table becomes the draft of a site. Bad rows are refused with all their reasons, doubtful cells warned of. */
import type { Datum } from '#domain/site.ts';
import type { Column, ColumnMapping } from './columns.ts';
import type { Finding } from './finding.ts';
import { openDesk, type RowDesk } from './row-desk.ts';
import { readContact, readEquipment, readNumbers, readStanding } from './row-facts.ts';
import { readHours } from './row-hours.ts';
import { readPlace } from './row-place.ts';
import type { AreaMention, SiteDraft } from './site-fields.ts';
import type { TableRow } from './table.ts';

export interface RowReading {
	/** Null when the row has errors */
	readonly draft: SiteDraft | null;
	readonly errors: readonly Finding[];
	readonly warnings: readonly Finding[];
}

/** A file without any of these says so once, not in every row (drafts.ts). */
export const DISTRICT_COLUMNS: readonly Column[] = ['district', 'districtCode'];

/** `datum` holds for the whole file; a column that names a datum goes before it. */
export function readSite(row: TableRow, mapping: ColumnMapping, datum: Datum): RowReading {
	const errors: Finding[] = [];
	const warnings: Finding[] = [];
	const desk = openDesk(row, mapping, errors, warnings);
	const name = desk.freeText('name');
	if (name === null) desk.error('name', 'name_missing', 'The row has no name, so it cannot become a site.');
	const values = {
		name: name ?? '',
		...texts(desk),
		...readStanding(desk),
		...readPlace(desk, datum),
		...readHours(desk),
		...readNumbers(desk),
		...readEquipment(desk),
		...readContact(desk)
	};
	const draft: SiteDraft = {
		line: row.line,
		code: desk.text('code'),
		district: statedDistrict(desk),
		street: mention(desk.text('streetCode'), desk.text('street')),
		values
	};
	if (draft.district === null && DISTRICT_COLUMNS.some(desk.has))
		desk.warn('district', 'district_missing', 'The row names no district; the site counts for the city only.');
	return { draft: errors.length === 0 ? draft : null, errors, warnings };
}

function texts(desk: RowDesk): Partial<SiteDraft['values']> {
	const externalCode = desk.text('externalCode');
	const alias = desk.freeText('alias');
	const address = desk.freeLines('address');
	const hostType = desk.freeText('hostType');
	const note = desk.freeLines('note');
	return {
		...(externalCode !== null && { externalCode }),
		...(alias !== null && { alias }),
		...(address !== null && { address }),
		...(hostType !== null && { hostType }),
		...(note !== null && { note })
	};
}

/** The district a row names, by code, by name, or both; null where it names none. */
export function statedDistrict(desk: RowDesk): AreaMention | null {
	return mention(desk.text('districtCode'), desk.text('district'));
}

function mention(code: string | null, name: string | null): AreaMention | null {
	return code === null && name === null ? null : { code, name };
}
