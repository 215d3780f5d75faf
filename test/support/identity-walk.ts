/** Looks for what names a person, in anything that a browser receives or that is stored: names of fields, and numbers in texts. */
import { isIdentityName, maskPersonalNumbers } from '#domain/identity.ts';

/** Names that a place may have all the same, each with its reason beside it. */
export type Allowed = Readonly<Record<string, string>>;

/** Deeper than any answer of ours. */
const MAX_DEPTH = 40;

/** Where in `value` something names a person: `path: what`, each path once, list places as `[]`. Empty = nowhere. */
export function findIdentity(where: string, value: unknown, allowed: Allowed = {}): string[] {
	const found = new Set<string>();
	walk(where, value, 0);
	return [...found];

	function walk(path: string, part: unknown, depth: number): void {
		if (depth > MAX_DEPTH) found.add(`${path}: too deep to be looked into`);
		else if (typeof part === 'string') walkText(path, part);
		else if (typeof part === 'number') walkText(path, String(part));
		else if (part instanceof Map) walk(path, Object.fromEntries(part), depth);
		else if (ArrayBuffer.isView(part)) return;
		else if (Array.isArray(part)) for (const one of part) walk(`${path}[]`, one, depth + 1);
		else if (typeof part === 'object' && part !== null) {
			for (const [name, inner] of Object.entries(part)) {
				if (isIdentityName(name) && !Object.hasOwn(allowed, name) && inner !== null && inner !== '…')
					found.add(`${path}.${name}: a field that names a person`);
				walk(`${path}.${name}`, inner, depth + 1);
			}
		}
	}

	function walkText(path: string, text: string): void {
		if (maskPersonalNumbers(text) !== text) found.add(`${path}: a number of a person`);
		if (/^\s*[{[]/.test(text)) {
			try {
				walk(`${path}(json)`, JSON.parse(text) as unknown, 1);
			} catch {
				// A text that begins like JSON and is none was looked at as a text.
				return;
			}
		}
	}
}

/** Names of fields in a page as it is sent: what is written as `name:` or `"name":`, in scripts and in data. */
export function findIdentityInPage(where: string, html: string, allowed: Allowed = {}): string[] {
	const names = [...html.matchAll(/["']?([\p{L}_$][\p{L}\d_$-]*)["']?\s*:/gu)].map(([, name = '']) => name);
	const fields = new Set(names.filter((name) => isIdentityName(name) && !Object.hasOwn(allowed, name)));
	const number = maskPersonalNumbers(html) === html ? [] : [`${where}: a number of a person`];
	return [...[...fields].map((name) => `${where}.${name}: a field that names a person`), ...number];
}
