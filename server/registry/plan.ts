/**
 * An import planned before anything is written: what a file would add and change, field by field. Pure, so that a
 * preview shows exactly what the import will do. Planning the same file on its own result changes nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import { openAreaBook, type AreaBook } from './areas.ts';
import type { Finding } from './finding.ts';
import { matchDrafts, type Matched } from './identity.ts';
import { checkPlacement, type PlacedSite } from './placement.ts';
import {
	UNSAID,
	type LocatedDraft,
	type NewArea,
	type RegisteredSite,
	type SiteDraft,
	type SiteFields
} from './site-fields.ts';
import { mayWriteSite } from './writer-scope.ts';

export interface FieldChange {
	readonly field: string;
	readonly before: unknown;
	readonly after: unknown;
}

export interface AddedSite {
	readonly line: number;
	readonly site: SiteFields & { readonly code: string };
}

export interface ChangedSite {
	readonly line: number;
	/** The site after the change; its slot is the one it had */
	readonly site: RegisteredSite;
	readonly changes: readonly FieldChange[];
}

export interface ImportPlan {
	readonly added: readonly AddedSite[];
	readonly changed: readonly ChangedSite[];
	readonly unchanged: readonly { readonly line: number; readonly code: string }[];
	/** Parents before children */
	readonly newAreas: readonly NewArea[];
	readonly warnings: readonly Finding[];
	readonly errors: readonly Finding[];
}

/**
 * Plans an import. A draft is the same site as a registered one by code, else by external code, else by name and
 * district; a second row for one site is an error on the later line. A field a row does not say keeps its value. A site that
 * lies, or would lie, outside of `scopes` is an error [PE24].
 */
export function planImport(
	drafts: readonly SiteDraft[],
	existing: readonly RegisteredSite[],
	areas: readonly Area[],
	scopes: readonly Scope[] = [{ level: 'city' }]
): ImportPlan {
	const book = openAreaBook(areas);
	const located = drafts.map((draft) => locate(draft, book));
	const found = matchDrafts(located, existing);
	const { matches, outside } = split(found.matches, scopes, book, areas);
	const { warnings } = found;
	const errors = [...found.errors, ...outside].toSorted((a, b) => a.line - b.line);
	const added: AddedSite[] = [];
	const changed: ChangedSite[] = [];
	const unchanged: { line: number; code: string }[] = [];
	for (const match of matches) {
		const { line } = match.draft;
		const site = { ...apply(match), code: match.code };
		if (match.site === null) {
			added.push({ line, site });
			continue;
		}
		const after: RegisteredSite = { ...site, slot: match.site.slot };
		const changes = differences(match.site, after);
		if (changes.length === 0) unchanged.push({ line, code: match.code });
		else changed.push({ line, site: after, changes });
	}
	const placement = checkPlacement(placed(matches, existing), book.nameOf);
	return {
		added,
		changed,
		unchanged,
		newAreas: usedAreas(book.newAreas, [...added, ...changed], scopes),
		warnings: [...book.warnings, ...warnings, ...placement].toSorted((a, b) => a.line - b.line),
		errors
	};
}

/** Rows of sites that the writer may write, and an error for each of the others. */
function split(
	matches: readonly Matched[],
	scopes: readonly Scope[],
	book: AreaBook,
	areas: readonly Area[]
): { readonly matches: readonly Matched[]; readonly outside: readonly Finding[] } {
	const parents = new Map([...areas, ...book.newAreas].map(({ code, parentCode }) => [code, parentCode]));
	const districtOf = (street: string): string | null => parents.get(street) ?? null;
	const isInside = (match: Matched): boolean =>
		mayWriteSite(scopes, match.site, { ...apply(match), code: match.code }, districtOf);
	const message = 'This site lies outside the scope of your grants, or would; the row was left out.';
	const outside = matches.filter((match) => !isInside(match));
	return {
		matches: outside.length === 0 ? matches : matches.filter(isInside),
		outside: outside.map(({ draft: { line } }) => ({ line, code: 'outside_scope', message }))
	};
}

/** Areas that only rows outside of the scope name are not made. */
function usedAreas(
	newAreas: readonly NewArea[],
	written: readonly (AddedSite | ChangedSite)[],
	scopes: readonly Scope[]
): readonly NewArea[] {
	if (scopes.some(({ level }) => level === 'city')) return newAreas;
	const used = new Set(written.flatMap(({ site }) => [site.districtCode, site.streetCode]));
	return newAreas.filter(({ code }) => used.has(code));
}

function locate(draft: SiteDraft, book: AreaBook): LocatedDraft {
	const stated = draft.district === null ? undefined : book.district(draft.district, draft.line);
	const street = draft.street === null ? null : book.street(draft.street, stated ?? null, draft.line);
	return { ...draft, districtCode: stated ?? street?.districtCode ?? undefined, streetCode: street?.code };
}

/**
 * The site as it will be. A move to another district leaves the old street behind; "open 24 h" without a text leaves a text
 * behind that says otherwise.
 */
function apply({ draft, site }: Matched): SiteFields {
	const base: SiteFields = site ?? { ...UNSAID, name: draft.values.name };
	const districtCode = draft.districtCode ?? base.districtCode;
	const keptStreet = districtCode === base.districtCode ? base.streetCode : null;
	const isContradicted = draft.values.hours !== undefined && draft.values.hoursText === undefined && !base.isOpen24h;
	const keptText = isContradicted ? { hoursText: null } : {};
	return { ...base, ...keptText, ...draft.values, districtCode, streetCode: draft.streetCode ?? keptStreet };
}

function differences(before: RegisteredSite, after: RegisteredSite): FieldChange[] {
	const fields = Object.keys(after) as (keyof RegisteredSite)[];
	return fields
		.filter((field) => !isDeepStrictEqual(before[field], after[field]))
		.map((field) => ({ field, before: before[field], after: after[field] }));
}

function placed(matches: readonly Matched[], existing: readonly RegisteredSite[]): PlacedSite[] {
	const named = new Set(matches.map((match) => match.site?.slot));
	const fromFile = matches.map((match) => place(apply(match), match.draft.line));
	const others = existing.filter((site) => !named.has(site.slot)).map((site) => place(site, null));
	return [...fromFile, ...others].filter((site) => site !== null);
}

function place(site: SiteFields, line: number | null): PlacedSite | null {
	const { name, kind, address, districtCode: district, lng, lat } = site;
	return lng === null || lat === null ? null : { line, name, kind, address, district, lng, lat };
}
