/** What somebody fills in for a source, read and judged field by field: a code per field that is wrong. */
import { EVENT_TYPES } from '#domain/event.ts';
import { isPlainText } from '#domain/plain-text.ts';
import { formatScope, parseScope } from '#domain/scope.ts';
import type { SourceGrants } from '#server/store/source-store.ts';

const MAX_NAME = 64;
const MAX_SOURCES = 50;
/** As in an event. */
const MAX_SOURCE = 200;
/** The old key of a rotation may go on for a month: longer is no rotation. */
export const MAX_HOURS = 720;
export const DEFAULT_HOURS = 24;

export type SourceField = 'name' | 'types' | 'sources' | 'scope' | 'hours';
export type FieldCode =
	| 'missing'
	| 'too_long'
	| 'bad_form'
	| 'taken'
	| 'none_chosen'
	| 'unknown_type'
	| 'too_many'
	| 'unknown_scope'
	| 'out_of_scope'
	| 'out_of_range';
export type FieldProblems = { [field in SourceField]?: FieldCode };

export type Reading<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly fields: FieldProblems };

type Input = Readonly<Record<string, unknown>>;

/** A new source: its name and what it may write. */
export function readSource(input: Input): Reading<SourceGrants & { readonly name: string }> {
	const name = typeof input['name'] === 'string' ? input['name'].normalize('NFC').trim() : '';
	const problem = nameProblem(name);
	const grants = readGrants(input);
	if (problem !== null) return { ok: false, fields: { name: problem, ...(grants.ok ? {} : grants.fields) } };
	return grants.ok ? { ok: true, value: { name, ...grants.value } } : grants;
}

function nameProblem(name: string): FieldCode | null {
	if (name === '') return 'missing';
	if ([...name].length > MAX_NAME) return 'too_long';
	return isPlainText(name) ? null : 'bad_form';
}

/** What is absent is granted: any type, any `source`, the whole city. */
export function readGrants(input: Input): Reading<SourceGrants> {
	const fields: FieldProblems = {};
	const types = readTypes(input['types'] ?? null);
	if (types.problem) fields.types = types.problem;
	const sources = readSources(input['sources'] ?? null);
	if (sources.problem) fields.sources = sources.problem;
	const scopeText = input['scope'] ?? 'city';
	const scope = typeof scopeText === 'string' && isPlainText(scopeText) ? parseScope(scopeText) : null;
	if (!scope) fields.scope = 'bad_form';
	if (!scope || Object.keys(fields).length > 0) return { ok: false, fields };
	return { ok: true, value: { types: types.list, sources: sources.list, scope: formatScope(scope) } };
}

interface ListReading {
	readonly list: string[] | null;
	readonly problem?: FieldCode;
}

function readTypes(value: unknown): ListReading {
	const list = textsOf(value);
	if (list === null) return { list, ...(value !== null && { problem: 'bad_form' }) };
	if (list.length === 0) return { list, problem: 'none_chosen' };
	const isKnown = list.every((one) => EVENT_TYPES.some((type) => type === one));
	return { list, ...(!isKnown && { problem: 'unknown_type' }) };
}

function readSources(value: unknown): ListReading {
	const list = textsOf(value);
	if (list === null) return { list, ...(value !== null && { problem: 'bad_form' }) };
	if (list.length === 0) return { list, problem: 'none_chosen' };
	if (list.length > MAX_SOURCES) return { list, problem: 'too_many' };
	if (list.some((one) => one.length > MAX_SOURCE)) return { list, problem: 'too_long' };
	return { list, ...(!list.every(isPlainText) && { problem: 'bad_form' }) };
}

/** Trimmed, each once, without empty ones; null = no list of texts. */
function textsOf(value: unknown): string[] | null {
	if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return null;
	return [...new Set(value.map((one) => one.trim()).filter((one) => one !== ''))];
}

/** Hours for which old keys go on working: 0 to MAX_HOURS, DEFAULT_HOURS when absent; null = not such a number. */
export function readHours(value: unknown): number | null {
	const hours = value ?? DEFAULT_HOURS;
	return typeof hours === 'number' && hours >= 0 && hours <= MAX_HOURS ? hours : null;
}
