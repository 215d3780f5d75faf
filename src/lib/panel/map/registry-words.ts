/** The registry's fixed choices, in the language of the page; what is not known is shown as it came. */
import type { Datum } from '#domain/site.ts';
import { m } from '#lib/paraglide/messages.js';
import { NOT_KNOWN } from '../figure-text.ts';

const ENTRY: Readonly<Record<string, () => string>> = {
	face: m.map_page_entry_face,
	id: m.map_page_entry_id,
	id_card: m.map_page_entry_id,
	qr: m.map_page_entry_qr,
	remote: m.map_page_entry_remote,
	card: m.map_page_entry_card,
	manual: m.map_page_entry_manual
};

const OWNERSHIP: Readonly<Record<string, () => string>> = {
	union: m.map_page_ownership_union,
	shared: m.map_page_ownership_shared
};

/** Names of standards: the same in every language. */
const DATUM: Readonly<Record<Datum, string>> = {
	wgs84: 'WGS-84',
	cgcs2000: 'CGCS2000',
	gcj02: 'GCJ-02',
	bd09: 'BD-09',
	unknown: NOT_KNOWN
};

export const entryText = (method: string): string => ENTRY[method]?.() ?? method;
export const ownershipText = (value: string | null): string =>
	value === null ? NOT_KNOWN : (OWNERSHIP[value]?.() ?? value);
export const datumText = (datum: Datum): string => DATUM[datum];
