/** What an administrator fills in for a screen, read and judged field by field: a code per field that is wrong. */
import { isPlainText } from '#domain/plain-text.ts';
import { SCREEN_LAYOUTS, type ScreenLayout } from '#domain/role.ts';
import { parseScope, formatScope, type Scope } from '#domain/scope.ts';
import type { AreaLevel } from '#domain/site.ts';
import { proxyProblem } from '#server/access/client-address.ts';

export const DAY_MS = 86_400_000;
export const DEFAULT_DAYS = 365;
export const MAX_DAYS = 3 * 365;
const MAX_NAME = 80;
const MAX_ADDRESSES = 50;

export type ScreenField = 'code' | 'name' | 'scope' | 'layout' | 'days' | 'addresses';
export type FieldProblems = Partial<Record<ScreenField, string>>;

export interface ScreenForm {
	readonly name: string;
	readonly scope: Scope;
	readonly scopeText: string;
	readonly layout: ScreenLayout;
	/** from today; null = as it was */
	readonly days: number | null;
	readonly addresses: readonly string[];
}

export type FormReading =
	{ readonly ok: true; readonly form: ScreenForm } | { readonly ok: false; readonly fields: FieldProblems };

/** null where the registry knows no area of this code */
export type AreaLevelOf = (code: string) => AreaLevel | null;

/** `keepsExpiry`: without `days` the expiry stays; else it is DEFAULT_DAYS. */
export function readScreenForm(
	input: Record<string, unknown>,
	areaLevel: AreaLevelOf,
	keepsExpiry: boolean
): FormReading {
	const fields: FieldProblems = {};
	const name = typeof input['name'] === 'string' ? input['name'].trim() : '';
	if (name === '') fields.name = 'required';
	else if (name.length > MAX_NAME) fields.name = 'too_long';
	else if (!isPlainText(name)) fields.name = 'bad_form';
	const scope = scopeOfScreen(input['scope'] ?? 'city', areaLevel);
	if (scope === null) fields.scope = 'unknown_scope';
	const layout = SCREEN_LAYOUTS.find((one) => one === (input['layout'] ?? 'overview'));
	if (layout === undefined) fields.layout = 'unknown_layout';
	const days = input['days'] ?? (keepsExpiry ? null : DEFAULT_DAYS);
	if (days !== null && !isDays(days)) fields.days = 'out_of_range';
	const addresses = readAddresses(input['addresses'] ?? []);
	if (typeof addresses === 'string') fields.addresses = addresses;
	const isGood = scope !== null && layout !== undefined && (days === null || isDays(days)) && Array.isArray(addresses);
	if (!isGood || Object.keys(fields).length > 0) return { ok: false, fields };
	return { ok: true, form: { name, scope, scopeText: formatScope(scope), layout, days, addresses } };
}

/** A screen hangs where many people see it: the city, a district, a street, never one station. */
export function scopeOfScreen(text: unknown, areaLevel: AreaLevelOf): Scope | null {
	const scope = typeof text === 'string' ? parseScope(text) : null;
	if (scope === null || scope.level === 'city') return scope;
	return scope.level !== 'station' && areaLevel(scope.code) === scope.level ? scope : null;
}

const isDays = (value: unknown): value is number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_DAYS;

/** The list, or what is wrong with it. */
function readAddresses(value: unknown): string[] | string {
	if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return 'bad_address';
	const list = value.map((one) => one.trim()).filter((one) => one !== '');
	if (list.length > MAX_ADDRESSES) return 'too_many';
	return list.every((one) => proxyProblem(one) === null) ? [...new Set(list)] : 'bad_address';
}
