/** What facets and their values are called, in the language of the page. */
import { FRESHNESS } from '#domain/freshness.ts';
import { SITE_KINDS, TELEMETRY_CLASSES } from '#domain/site.ts';
import { STATUSES } from '#domain/table.ts';
import { m } from '#lib/paraglide/messages.js';
import { FRESHNESS_WORD, KIND_WORD, STATUS_WORD, TELEMETRY_WORD } from '../status-words.ts';
import type { Facet } from './filters.ts';

export const FACET_WORD: Readonly<Record<Facet, () => string>> = {
	kind: m.map_page_facet_kind,
	status: m.map_page_facet_status,
	freshness: m.map_page_facet_freshness,
	telemetry: m.map_page_facet_telemetry,
	hours: m.map_page_facet_hours,
	star: m.map_page_facet_star,
	honour: m.map_page_facet_honour,
	facility: m.map_page_facet_facility
};

const HONOUR_WORD: Readonly<Record<string, () => string>> = {
	national: m.map_page_honour_national,
	provincial: m.map_page_honour_provincial,
	city: m.map_page_honour_city,
	other: m.map_page_honour_other
};

/** A value as people say it; a facility as the registry has it. */
export function facetValueText(facet: Facet, value: string): string {
	switch (facet) {
		case 'kind':
			return wordOf(SITE_KINDS, KIND_WORD, value);
		case 'status':
			return wordOf(STATUSES, STATUS_WORD, value);
		case 'freshness':
			return wordOf(FRESHNESS, FRESHNESS_WORD, value);
		case 'telemetry':
			return wordOf(TELEMETRY_CLASSES, TELEMETRY_WORD, value);
		case 'hours':
			return m.map_page_hours_24();
		case 'star':
			return m.map_page_stars({ count: value });
		case 'honour':
			return HONOUR_WORD[value]?.() ?? value;
		case 'facility':
			return value;
	}
}

function wordOf<T extends string>(
	values: readonly T[],
	words: Readonly<Record<T, () => string>>,
	value: string
): string {
	const known = values.find((one) => one === value);
	return known === undefined ? value : words[known]();
}
