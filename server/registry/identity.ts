/** Which row is which site. Twice the same site in one file is an error on the later line, never two sites. */
import { derivedCode } from './areas.ts';
import type { Finding } from './finding.ts';
import { UNSAID, type LocatedDraft, type RegisteredSite } from './site-fields.ts';

export interface Matched {
	readonly draft: LocatedDraft;
	/** Null for a site that is new */
	readonly site: RegisteredSite | null;
	/** The code the site will have */
	readonly code: string;
}

export interface Matching {
	readonly matches: readonly Matched[];
	readonly errors: readonly Finding[];
	readonly warnings: readonly Finding[];
}

/** Prefix of codes made here for sites whose file gives none; such a code gives way to a real one. */
const DERIVED = 'X';

/**
 * Certain keys (code, external code, derived code) are matched for the whole file first, so that a row known by name
 * and district only cannot take a site from a row that names it exactly.
 */
export function matchDrafts(drafts: readonly LocatedDraft[], existing: readonly RegisteredSite[]): Matching {
	const register = indexSites(existing);
	const claims = openClaims();
	const firm = drafts.map((draft) => (claims.takeKeys(draft) ? findFirm(draft, register) : null));
	firm.forEach((site, index) => {
		const draft = drafts[index];
		if (site !== null && draft !== undefined && !claims.takeSite(site, draft)) firm[index] = null;
	});
	const matches: Matched[] = [];
	drafts.forEach((draft, index) => {
		if (claims.isRefused(draft)) return;
		const site = firm[index] ?? findByName(draft, register, claims);
		if (site === 'ambiguous' || claims.isRefused(draft)) return;
		if (site !== null && !isCodeFree(draft, site, claims)) return;
		if (!isExternalCodeFree(draft, site, register, claims)) return;
		const code = codeFor(draft, site);
		matches.push({ draft, site, code });
		claims.notice(draft, site);
	});
	return { matches, errors: claims.errors.toSorted((a, b) => a.line - b.line), warnings: claims.warnings };
}

interface Register {
	readonly byCode: ReadonlyMap<string, RegisteredSite>;
	readonly byExternalCode: ReadonlyMap<string, RegisteredSite>;
	readonly byName: ReadonlyMap<string, readonly RegisteredSite[]>;
}

function indexSites(sites: readonly RegisteredSite[]): Register {
	const byName = new Map<string, RegisteredSite[]>();
	for (const site of sites) {
		const key = nameKey(site.name, site.districtCode);
		const list = byName.get(key);
		if (list === undefined) byName.set(key, [site]);
		else list.push(site);
	}
	return {
		byCode: new Map(sites.map((site) => [site.code, site])),
		byExternalCode: new Map(sites.flatMap((site) => (site.externalCode === null ? [] : [[site.externalCode, site]]))),
		byName
	};
}

/** The rows and sites already spoken for, and what is to be said of the rest. */
interface Claims {
	readonly errors: Finding[];
	readonly warnings: Finding[];
	/** False when an earlier row has the same code, external code, or name and address */
	takeKeys(draft: LocatedDraft): boolean;
	/** False when an earlier row is the same site */
	takeSite(site: RegisteredSite, draft: LocatedDraft): boolean;
	isTaken(site: RegisteredSite): boolean;
	isRefused(draft: LocatedDraft): boolean;
	refuse(draft: LocatedDraft, code: string, message: string): void;
	/** Warns of a new site that shares name and district with an earlier row but not its address */
	notice(draft: LocatedDraft, site: RegisteredSite | null): void;
}

function openClaims(): Claims {
	const lines = new Map<string, number>();
	const refused = new Set<LocatedDraft>();
	const errors: Finding[] = [];
	const warnings: Finding[] = [];
	const claims: Claims = {
		errors,
		warnings,
		takeKeys(draft) {
			const keys = keysOf(draft);
			const earlier = keys.map((key) => lines.get(key)).find((line) => line !== undefined);
			if (earlier !== undefined) claims.refuse(draft, 'duplicate', duplicateOf(earlier));
			else for (const key of keys) lines.set(key, draft.line);
			return earlier === undefined;
		},
		takeSite(site, draft) {
			const earlier = lines.get(`slot|${site.slot}`);
			if (earlier !== undefined) claims.refuse(draft, 'duplicate', duplicateOf(earlier));
			else lines.set(`slot|${site.slot}`, draft.line);
			return earlier === undefined;
		},
		isTaken: (site) => lines.has(`slot|${site.slot}`),
		isRefused: (draft) => refused.has(draft),
		refuse(draft, code, message) {
			refused.add(draft);
			errors.push({ line: draft.line, code, message });
		},
		notice(draft, site) {
			const key = `name|${nameKey(draft.values.name, draft.districtCode ?? null)}|${draft.values.kind ?? UNSAID.kind}`;
			const earlier = lines.get(key);
			lines.set(key, earlier ?? draft.line);
			if (earlier !== undefined && site === null && draft.code === null) warnings.push(sameName(draft, earlier));
		}
	};
	return claims;
}

function sameName(draft: LocatedDraft, earlier: number): Finding {
	const message = `"${draft.values.name}" has the name and district of line ${earlier} but not its address; it is taken as a second site. Give both a code.`;
	return { line: draft.line, code: 'same_name', message };
}

function duplicateOf(line: number): string {
	return `The row names the same site as line ${line}; it was left out.`;
}

function keysOf(draft: LocatedDraft): string[] {
	const { externalCode } = draft.values;
	return [
		draft.code === null ? `code|${derived(draft)}` : `code|${draft.code}`,
		...(externalCode ? [`external|${externalCode}`] : [])
	];
}

function findFirm(draft: LocatedDraft, register: Register): RegisteredSite | null {
	const byCode = register.byCode.get(draft.code ?? '');
	if (byCode !== undefined) return byCode;
	const byExternal = register.byExternalCode.get(draft.values.externalCode ?? '');
	if (byExternal !== undefined) return byExternal;
	return register.byCode.get(derived(draft)) ?? null;
}

/** A row with a code of its own can only be, by name, a site that never had a real one. */
function findByName(draft: LocatedDraft, register: Register, claims: Claims): RegisteredSite | 'ambiguous' | null {
	const named = register.byName.get(nameKey(draft.values.name, draft.districtCode ?? null)) ?? [];
	const { kind } = draft.values;
	const free = named.filter(
		(site) =>
			!claims.isTaken(site) &&
			(kind === undefined || kind === site.kind) &&
			(draft.code === null || isDerived(site.code))
	);
	const [first, second] = free;
	if (first === undefined) return null;
	if (second === undefined) return claims.takeSite(first, draft) ? first : null;
	if (draft.code !== null) return null;
	const message = `${free.length} sites have this name in this district. Give the code of the one that is meant.`;
	claims.refuse(draft, 'ambiguous_name', message);
	return 'ambiguous';
}

/** A row found by its external code must not carry the code of another site. */
function isCodeFree(draft: LocatedDraft, site: RegisteredSite, claims: Claims): boolean {
	if (draft.code === null || draft.code === site.code || isDerived(site.code)) return true;
	const message = `The external code belongs to site ${site.code}, but the row says ${draft.code}. Mend one of the two.`;
	claims.refuse(draft, 'code_conflict', message);
	return false;
}

/** Two sites with one external code could never be told apart by it again. */
function isExternalCodeFree(
	draft: LocatedDraft,
	site: RegisteredSite | null,
	register: Register,
	claims: Claims
): boolean {
	const owner = register.byExternalCode.get(draft.values.externalCode ?? '');
	if (owner === undefined || owner.slot === site?.slot || owner.externalCode === site?.externalCode) return true;
	const message = `The external code belongs to site ${owner.code} already. Mend one of the two.`;
	claims.refuse(draft, 'external_code_taken', message);
	return false;
}

function codeFor(draft: LocatedDraft, site: RegisteredSite | null): string {
	return draft.code ?? site?.code ?? derived(draft);
}

function derived({ values }: LocatedDraft): string {
	return derivedCode(DERIVED, plain(values.name), plain(values.address ?? ''), values.kind ?? UNSAID.kind);
}

function isDerived(code: string): boolean {
	return /^X-[0-9A-F]{10}$/.test(code);
}

function nameKey(name: string, district: string | null): string {
	return `${district ?? ''}|${plain(name)}`;
}

function plain(text: string): string {
	return text.normalize('NFKC').replace(/\s+/g, '');
}
