/** Finding a site by what a person has in mind: name, alias, pinyin, code, address. Pure. */
import type { SiteBrief } from '#domain/view.ts';

export interface SearchFacts {
	/** first letters in pinyin; other readings after spaces */
	readonly initials: string;
	readonly pinyin: string;
	readonly alias: string | null;
	readonly address: string | null;
	readonly externalCode?: string | null;
}

/** By what a site was found: the better hit comes first. */
export const HIT_FIELDS = ['code', 'name', 'alias', 'initials', 'pinyin', 'address'] as const;
export type HitField = (typeof HIT_FIELDS)[number];

export interface Hit {
	readonly row: number;
	readonly field: HitField;
}

/** A list that one can look over. */
const MOST = 20;
/** A hit that is not at the beginning counts less than any that is. */
const INSIDE = 10;

/** Width of characters, case and spaces are a matter of typing. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

interface Entry {
	readonly row: number;
	readonly fields: readonly (readonly [HitField, readonly string[]])[];
}

export class SiteIndex {
	readonly #entries: readonly Entry[];

	/** `facts` null: names and codes only. Sites that are no longer in service are left out. */
	constructor(sites: readonly SiteBrief[], facts: ReadonlyMap<string, SearchFacts> | null) {
		this.#entries = sites.flatMap((site, row) =>
			site.lifecycle === 'open' ? [{ row, fields: fieldsOf(site, facts?.get(site.code)) }] : []
		);
	}

	/** The best hits first, at most 20; none for an empty text. */
	find(text: string): Hit[] {
		const wanted = plain(text);
		if (wanted === '') return [];
		const hits: (Hit & { readonly rank: number })[] = [];
		for (const { row, fields } of this.#entries) {
			const best = bestOf(fields, wanted);
			if (best) hits.push({ row, ...best });
		}
		return hits
			.sort((a, b) => a.rank - b.rank || a.row - b.row)
			.slice(0, MOST)
			.map(({ row, field }) => ({ row, field }));
	}
}

function fieldsOf(site: SiteBrief, facts: SearchFacts | undefined): Entry['fields'] {
	const texts = (...values: (string | null | undefined)[]): string[] =>
		values.flatMap((value) => (value ? [plain(value)] : []));
	return [
		['code', texts(site.code, facts?.externalCode)],
		['name', texts(site.name)],
		['alias', texts(facts?.alias)],
		['initials', (facts?.initials ?? '').split(' ').filter(Boolean)],
		['pinyin', texts(facts?.pinyin)],
		['address', texts(facts?.address)]
	];
}

function bestOf(fields: Entry['fields'], wanted: string): { field: HitField; rank: number } | null {
	let best: { field: HitField; rank: number } | null = null;
	fields.forEach(([field, texts], order) => {
		for (const text of texts) {
			const at = text.indexOf(wanted);
			if (at < 0) continue;
			const rank = text === wanted ? order - INSIDE : at === 0 ? order : order + INSIDE;
			if (!best || rank < best.rank) best = { field, rank };
		}
	});
	return best;
}
