/** What is said of screens: states, layouts, scopes, and what is wrong with a field. */
import { faultOfPairingCode, type PairingFault } from '#domain/pairing-code.ts';
import type { ScreenLayout } from '#domain/role.ts';
import { parseScope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import { m } from '#lib/paraglide/messages.js';
import type { ListedScreen } from '#server/screens/admin-doors.ts';

/** A wall asks every minute; past this it is off, or something stands in its way. */
export const SILENT_AFTER_MS = 3 * 60_000;

export type ShownState = 'active' | 'silent' | 'expired' | 'revoked';

/** `silent`: it may show something, and has not come for a while. */
export function shownState({ state, lastSeenAt }: ListedScreen, nowMs: number): ShownState {
	if (state !== 'active') return state;
	return lastSeenAt === null || nowMs - lastSeenAt > SILENT_AFTER_MS ? 'silent' : 'active';
}

export const STATE_WORD: Readonly<Record<ShownState, () => string>> = {
	active: m.screens_state_active,
	silent: m.screens_state_silent,
	expired: m.screens_state_expired,
	revoked: m.screens_state_revoked
};

export const LAYOUT_WORD: Readonly<Record<ScreenLayout, () => string>> = {
	overview: m.screens_layout_overview,
	map: m.screens_layout_map
};

/** `滨湖区`, `滨湖区 · 河埒街道`; the code of an area that is no longer known. */
export function scopeText(text: string, areas: readonly Area[]): string {
	const scope = parseScope(text);
	if (scope === null || scope.level === 'city') return m.screens_scope_city();
	const own = areas.find(({ code }) => code === scope.code);
	const above = own?.level === 'street' ? areas.find(({ code }) => code === own.parentCode) : undefined;
	return [above?.name, own?.name ?? scope.code].filter((name) => name !== undefined).join(' · ');
}

/** Whole days until a moment, for what is said of an expiry that is near. */
export const daysUntil = (moment: number, nowMs: number): number =>
	Math.max(0, Math.ceil((moment - nowMs) / 86_400_000));

/** What the server (or the line to it) said instead of doing what was asked. */
export interface ScreenProblem {
	readonly code: string;
	readonly fields: Readonly<Record<string, string>>;
	/** of the screen, where the list of addresses leaves it out */
	readonly address: string | null;
	readonly message: string;
}

const FIELD: Readonly<Record<string, (problem: ScreenProblem) => string>> = {
	required: () => m.screens_problem_required(),
	too_long: () => m.screens_problem_too_long(),
	bad_form: () => m.screens_problem_bad_form(),
	bad_code: () => m.screens_problem_bad_code(),
	code_unknown: () => m.screens_problem_code_unknown(),
	unknown_scope: () => m.screens_problem_unknown_scope(),
	out_of_scope: () => m.screens_problem_out_of_scope(),
	unknown_layout: () => m.screens_problem_unknown_layout(),
	out_of_range: () => m.screens_problem_out_of_range(),
	bad_address: () => m.screens_problem_bad_address(),
	too_many: () => m.screens_problem_too_many(),
	excludes_screen: ({ address }) => m.screens_problem_excludes_screen({ address: address ?? '' })
};

function faultText(fault: PairingFault): string {
	switch (fault.kind) {
		case 'empty':
			return m.screens_problem_no_code();
		case 'length':
			return m.screens_problem_code_length({ count: fault.length });
		case 'signs':
			return m.screens_problem_code_signs({ signs: fault.signs });
	}
}

/** `typed`: the code that was sent, to tell a missing one from a short one. */
export function codeText(problem: ScreenProblem | null, typed: string): string | undefined {
	const fault = problem?.fields['code'] === 'bad_code' ? faultOfPairingCode(typed) : null;
	return fault ? faultText(fault) : fieldText(problem, 'code');
}

/** Undefined = nothing is wrong with this field. */
export function fieldText(problem: ScreenProblem | null, field: string): string | undefined {
	const code = problem?.fields[field];
	if (!problem || code === undefined) return undefined;
	return FIELD[code]?.(problem) ?? code;
}

/** What is wrong with the whole, beside the fields; null = nothing. */
export function problemText(problem: ScreenProblem | null): string | null {
	if (problem === null || Object.keys(problem.fields).length > 0) return null;
	if (problem.code === 'unreachable') return m.screens_problem_unreachable();
	if (problem.code === 'too_many_wrong_codes') return m.screens_problem_too_many_wrong_codes();
	if (problem.code === 'unknown_screen') return m.screens_problem_unknown_screen();
	return m.screens_problem_unknown({ reason: problem.message || problem.code });
}
