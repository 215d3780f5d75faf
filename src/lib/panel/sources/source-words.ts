/** The words of sources, keys and grants, in the language of the page. */
import type { EventType } from '#domain/event.ts';
import { parseScope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import { m } from '#lib/paraglide/messages.js';
import type { KeyState, SourceRow } from '#server/sources/routes.ts';
import type { FieldCode, SourceField } from '#server/sources/source-form.ts';
import { momentText, numberText } from '../figure-text.ts';

export const TYPE_WORD: Readonly<Record<EventType, () => string>> = {
	'station.heartbeat': m.sources_type_station_heartbeat,
	'station.opened': m.sources_type_station_opened,
	'station.closed': m.sources_type_station_closed,
	'station.visited': m.sources_type_station_visited,
	'people.counted': m.sources_type_people_counted,
	'env.read': m.sources_type_env_read,
	'device.changed': m.sources_type_device_changed,
	'supply.changed': m.sources_type_supply_changed,
	'power.changed': m.sources_type_power_changed
};

/** All of them: the list of the domain brings its schemas along, which no page needs. */
export const TYPES = Object.keys(TYPE_WORD) as EventType[];

/** A type of another version stands for itself. */
export const typeText = (type: string): string =>
	Object.hasOwn(TYPE_WORD, type) ? TYPE_WORD[type as EventType]() : type;

/** A few by name, more as a number. */
export function typesText(types: readonly string[] | null): string {
	if (types === null) return m.sources_all_types();
	return types.length <= 2 ? types.map(typeText).join(' · ') : m.sources_types_count({ count: types.length });
}

/** A scope by the name of its area; by its code where the registry does not know it. */
export function scopeText(scope: string, areas: readonly Area[]): string {
	const parsed = parseScope(scope);
	if (!parsed) return scope;
	if (parsed.level === 'city') return m.sources_city();
	if (parsed.level === 'station') return m.sources_station_of({ code: parsed.code });
	return areas.find(({ code }) => code === parsed.code)?.name ?? parsed.code;
}

/** Keys that open something now, or soon do not any more. */
export function keysText(keys: SourceRow['keys']): string {
	const count = (state: KeyState): number => keys.filter((key) => key.state === state).length;
	const [works, ending] = [count('works'), count('ending')];
	const parts = [
		...(works > 0 ? [m.sources_keys_working({ count: numberText(works) })] : []),
		...(ending > 0 ? [m.sources_keys_ending({ count: numberText(ending) })] : [])
	];
	return parts.length > 0 ? parts.join(' · ') : m.sources_keys_none();
}

export function keyStateText(key: SourceRow['keys'][number], nowMs: number): string {
	const at = momentText(key.revokedAt ?? key.expiresAt ?? nowMs, nowMs);
	switch (key.state) {
		case 'works':
			return m.sources_key_works();
		case 'ending':
			return m.sources_key_ending({ at });
		case 'ended':
			return m.sources_key_ended({ at });
		case 'revoked':
			return m.sources_key_revoked({ at });
	}
}

/** The last characters of a key, as they are known to tell it apart. */
export const hintText = (hint: string | null): string => `…${hint ?? '????'}`;

/** Ids of people mean nothing to a reader; the audit has their names. */
export const byText = (by: string | null): string =>
	by === 'operator' ? m.sources_by_operator() : m.sources_by_person();

const PROBLEM_WORD: Readonly<Record<FieldCode, (field: SourceField) => string>> = {
	missing: m.sources_problem_missing,
	too_long: m.sources_problem_too_long,
	bad_form: m.sources_problem_bad_form,
	taken: m.sources_problem_taken,
	none_chosen: (field) => (field === 'types' ? m.sources_problem_none_types() : m.sources_problem_none_sources()),
	unknown_type: m.sources_problem_unknown_type,
	too_many: m.sources_problem_too_many,
	unknown_scope: m.sources_problem_unknown_scope,
	out_of_scope: m.sources_problem_out_of_scope,
	out_of_range: m.sources_problem_hours
};

/** What is wrong beside a field; undefined = nothing. */
export function fieldText(fields: Readonly<Record<string, string>>, field: SourceField): string | undefined {
	const code = fields[field];
	if (code === undefined) return undefined;
	return Object.hasOwn(PROBLEM_WORD, code) ? PROBLEM_WORD[code as FieldCode](field) : m.sources_problem_bad_form();
}

/** A problem that belongs to no field; empty = there is none. */
export function problemText(problem: { readonly code: string; readonly message: string } | null): string {
	switch (problem?.code) {
		case undefined:
		case 'bad_fields':
			return '';
		case 'unreachable':
			return m.sources_problem_unreachable();
		case 'unknown_source':
		case 'unknown_key':
			return m.sources_problem_gone();
		case 'out_of_scope':
			return m.sources_problem_out_of_scope();
		case 'no_right':
		case 'sign_in_needed':
			return m.sources_problem_rights();
		default:
			return m.sources_problem_unknown({ message: problem?.message || (problem?.code ?? '') });
	}
}
