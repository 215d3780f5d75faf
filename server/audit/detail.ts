/**
 * What of a detail is written: little, and nothing secret. A caller that hands over a whole request by mistake leaves the
 * names in the audit, not the values [AU5].
 */

const MAX_DEPTH = 3;
const MAX_FIELDS = 24;
const MAX_ITEMS = 24;
const MAX_STRING = 240;
/** characters of the JSON */
const MAX_DETAIL = 2000;

export const WITHHELD = '[withheld]';

/** A name made of words, one of which is of these, names a secret: `newPassword`, `api-key`, `second_factor_code`. */
const SECRET_WORDS = new Set(
	'password passwd pass passphrase pin otp totp token tokens secret secrets code codes key keys cookie cookies'
		.concat(' authorization credential credentials hash seed signature bearer jwt')
		.split(' ')
);
/** These hide in names that are written in one, too. */
const SECRET_PARTS = /passw|secret|token|cookie|credential|authorization|apikey/;
/** `keyId`, `token_count` say something about a secret and are none. */
const HARMLESS_ENDS = new Set(['id', 'name', 'count', 'kind', 'state', 'at', 'until']);

/** Codes of problems are words; codes that open something are not. One word alone could be either, so it is known here. */
const PROBLEM_CODE = /^[a-z]+(?:_[a-z]+)+$/;
const PROBLEM_WORDS = new Set(
	'unknown ended expired revoked address locked busy internal disabled wrong forbidden'.split(' ')
);

/** A key of this product or of a header, wherever it stands in a text. */
const SECRET_TEXT = /\byzs?_[\w-]{16,}|\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/gi;

/** JSON of what may be kept of a detail, at most MAX_DETAIL characters. Throws on what is no JSON (a circle, a bigint). */
export function detailText(detail: { readonly [name: string]: unknown } | undefined): string {
	if (detail === undefined) return '{}';
	// Through JSON first: dates and the like become what they are written as.
	const plain = JSON.parse(JSON.stringify(detail)) as Record<string, unknown>;
	const text = JSON.stringify(cleanFields(plain, MAX_DEPTH));
	return text.length <= MAX_DETAIL ? text : JSON.stringify({ tooLarge: text.length, names: namesOf(plain) });
}

/** A field of a record: no secret, no NUL (which the database refuses), no half character, at most `max` characters. */
export function fieldText(text: string, max: number): string {
	const clean = text.replaceAll('\0', '').toWellFormed().replace(SECRET_TEXT, WITHHELD);
	return clean.length <= max ? clean : `${clean.slice(0, max - 1).toWellFormed()}…`;
}

function cleanFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
	const entries = Object.entries(fields);
	const kept = entries.slice(0, MAX_FIELDS).map(([name, value]) => {
		return [fieldText(name, MAX_STRING), isKept(name, value) ? clean(value, depth) : WITHHELD] as const;
	});
	return Object.fromEntries(entries.length > MAX_FIELDS ? [...kept, ['…', entries.length - MAX_FIELDS]] : kept);
}

function clean(value: unknown, depth: number): unknown {
	if (typeof value === 'string') return fieldText(value, MAX_STRING);
	if (typeof value !== 'object' || value === null) return value;
	if (depth === 0) return '…';
	if (!Array.isArray(value)) return cleanFields(value as Record<string, unknown>, depth - 1);
	const items = value.slice(0, MAX_ITEMS).map((item) => clean(item, depth - 1));
	return value.length > MAX_ITEMS ? [...items, `… ${value.length - MAX_ITEMS}`] : items;
}

function isKept(name: string, value: unknown): boolean {
	// Whether there was one is no secret; a number may be the code of a second factor.
	if (value === null || typeof value === 'boolean' || !isSecretName(name)) return true;
	return name === 'code' && typeof value === 'string' && (PROBLEM_CODE.test(value) || PROBLEM_WORDS.has(value));
}

function isSecretName(name: string): boolean {
	const words = name
		.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.split(/[^a-z\d]+/);
	if (HARMLESS_ENDS.has(words.at(-1) ?? '') && words.length > 1) return false;
	return words.some((word) => SECRET_WORDS.has(word)) || SECRET_PARTS.test(words.join(''));
}

const namesOf = (fields: Record<string, unknown>): string[] =>
	Object.keys(fields)
		.slice(0, MAX_FIELDS)
		.map((name) => fieldText(name, 40));
