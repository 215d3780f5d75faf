/** Why a door of people said no, as a sentence that says what to do; codes are those of the server. */
import { LONG_ENOUGH, LONGEST, PASSWORD_HISTORY, SHORTEST, type PasswordProblem } from '#domain/password.ts';
import { m } from '#lib/paraglide/messages.js';
import type { FieldCode, OidcProblem, ProblemCode } from '#server/accounts/shapes.ts';
import type { DoorProblem } from './door.ts';

type OwnCode = 'unreachable' | 'sign_in_needed' | 'no_right' | 'out_of_scope' | 'origin_not_allowed';

const SENTENCE: Readonly<Record<ProblemCode | OwnCode, () => string>> = {
	bad_request: m.account_problem_bad_request,
	sign_in_failed: m.account_problem_sign_in_failed,
	wrong_code: m.account_problem_wrong_code,
	second_factor_needed: m.account_problem_second_factor_needed,
	new_password_needed: m.account_problem_new_password_needed,
	wrong_password: m.account_problem_wrong_password,
	locked: m.account_problem_locked,
	too_many_tries: m.account_problem_too_many_tries,
	link_unknown: m.account_problem_link_unknown,
	link_used: m.account_problem_link_used,
	link_expired: m.account_problem_link_expired,
	second_factor_present: m.account_problem_second_factor_present,
	second_factor_absent: m.account_problem_second_factor_absent,
	unknown_person: m.account_problem_unknown_person,
	unknown_grant: m.account_problem_unknown_grant,
	unknown_session: m.account_problem_unknown_session,
	not_here: m.account_problem_not_here,
	wrong_state: m.account_problem_wrong_state,
	taken: m.account_problem_taken,
	own_proposal: m.account_problem_own_proposal,
	own_grant: m.account_problem_own_grant,
	not_yours_to_propose: m.account_problem_not_yours_to_propose,
	forbidden_pair: m.account_problem_forbidden_pair,
	separate_administrator: m.account_problem_separate_administrator,
	not_activated: m.account_problem_not_activated,
	last_administrator: m.account_problem_last_administrator,
	sample_person: m.account_problem_sample_person,
	unreachable: m.account_problem_unreachable,
	sign_in_needed: m.account_problem_sign_in_needed,
	no_right: m.account_problem_no_right,
	out_of_scope: m.account_problem_out_of_scope,
	origin_not_allowed: m.account_problem_origin_not_allowed
};

export function problemText({ code, message, status }: Pick<DoorProblem, 'code' | 'message' | 'status'>): string {
	const sentence = Object.hasOwn(SENTENCE, code) ? SENTENCE[code as ProblemCode] : undefined;
	return sentence?.() ?? m.account_problem_unknown({ reason: message || `${code} ${status}` });
}

/** The rules of a password, as they are said when one is not kept. */
export const PASSWORD_WORD: Record<PasswordProblem, () => string> = {
	too_short: () => m.account_password_too_short({ shortest: SHORTEST }),
	too_plain: () => m.account_password_too_plain({ long: LONG_ENOUGH }),
	too_long: () => m.account_password_too_long({ longest: LONGEST }),
	has_user_name: m.account_password_has_user_name,
	too_common: m.account_password_too_common,
	used_before: () => m.account_password_used_before({ count: PASSWORD_HISTORY })
};

const FIELD: Record<Exclude<FieldCode, PasswordProblem>, () => string> = {
	missing: m.account_field_missing,
	bad_form: m.account_field_bad_form,
	taken: m.account_field_taken,
	wrong: m.account_field_wrong,
	unknown_scope: m.account_field_unknown_scope,
	needs_city: m.account_field_needs_city,
	needs_station: m.account_field_needs_station,
	in_the_past: m.account_field_in_the_past
};

/** A code that is not known yet is shown as it is rather than not at all. `field`: its name, where its own rule is to be said. */
export function fieldText(code: FieldCode | undefined, field = ''): string | undefined {
	if (code === undefined) return undefined;
	if (code === 'bad_form' && /(?:^|\.)userName$/u.test(field)) return m.account_field_user_name();
	const words: Readonly<Record<string, () => string>> = { ...FIELD, ...PASSWORD_WORD };
	return words[code]?.() ?? code;
}

export const OIDC_WORD: Record<OidcProblem, () => string> = {
	oidc_unknown: m.account_oidc_unknown,
	oidc_refused: m.account_oidc_refused,
	oidc_failed: m.account_oidc_failed,
	oidc_unavailable: m.account_oidc_unavailable
};
