/** What the command palette finds: by name, pinyin initials, pinyin and code. Pure. */
import type { Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import type { SiteBrief } from '#domain/view.ts';

export interface Findable {
	readonly kind: 'page' | 'district' | 'street' | 'station';
	/** code of a place, id of a page */
	readonly code: string;
	readonly name: string;
	/** where it is, in words */
	readonly hint: string;
	/** lower case: other spellings by which it is found, parted by spaces */
	readonly readings: string;
}

/** Of the registry, beside the live directory. */
export interface Readings {
	readonly code: string;
	readonly initials: string;
	readonly pinyin: string;
	readonly alias: string | null;
	readonly address: string | null;
}

/** By code. */
export function readingsByCode(sites: readonly Readings[]): ReadonlyMap<string, Readings> {
	return new Map(sites.map((site) => [site.code, site]));
}

/**
 * Everything in a directory that can be gone to. `readings` may be missing: then names and codes still find. `opens`: whether
 * the page of a place is for who looks; a directory names more than their own.
 */
export function findables(
	sites: readonly SiteBrief[],
	areas: readonly Area[],
	readings: ReadonlyMap<string, Readings>,
	opens: (scope: Scope) => boolean
): Findable[] {
	const nameOf = new Map(areas.map(({ code, name }) => [code, name]));
	const places = areas.flatMap(({ code, name, level, parentCode }): Findable[] =>
		(level === 'district' || level === 'street') && opens({ level, code })
			? [{ kind: level, code, name, hint: nameOf.get(parentCode ?? '') ?? '', readings: '' }]
			: []
	);
	const own = sites.filter(({ code }) => opens({ level: 'station', code }));
	const stations = own.map((site): Findable => {
		const read = readings.get(site.code);
		const spoken = [read?.initials, read?.pinyin, read?.alias, read?.address].filter(Boolean).join(' ');
		const where = [nameOf.get(site.district ?? ''), nameOf.get(site.street ?? '')].filter(Boolean).join(' · ');
		return { kind: 'station', code: site.code, name: site.name, hint: where, readings: spoken.toLowerCase() };
	});
	return [...places, ...stations];
}

/** The smaller, the nearer; null = not meant. Codes and beginnings before what stands somewhere inside. */
export function rankOf(item: Findable, query: string): number | null {
	const [name, code] = [item.name.toLowerCase(), item.code.toLowerCase()];
	if (code === query || name === query) return 0;
	if (name.startsWith(query)) return 1;
	if (item.readings.split(' ').some((one) => one.startsWith(query))) return 2;
	if (name.includes(query)) return 3;
	if (code.startsWith(query)) return 4;
	if (code.includes(query) || item.readings.includes(query)) return 5;
	return null;
}

/** At equal rank the wider place comes first. */
const WIDEST_FIRST: Record<Findable['kind'], number> = { page: 0, district: 1, street: 2, station: 3 };

export interface Found {
	readonly items: readonly Findable[];
	/** how many more there are */
	readonly more: number;
}

/** The nearest `most` of what is meant by every word of `text`. Nothing asked: nothing found. */
export function find(items: readonly Findable[], text: string, most: number): Found {
	const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return { items: [], more: 0 };
	const ranked = items.flatMap((item) => {
		const ranks = words.map((word) => rankOf(item, word));
		return ranks.includes(null) ? [] : [{ item, rank: Math.max(...ranks.map((rank) => rank ?? 0)) }];
	});
	ranked.sort((a, b) => a.rank - b.rank || WIDEST_FIRST[a.item.kind] - WIDEST_FIRST[b.item.kind]);
	return { items: ranked.slice(0, most).map(({ item }) => item), more: Math.max(0, ranked.length - most) };
}
