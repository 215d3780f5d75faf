/** Why one stands before this page again, as a sentence. */
import { OIDC_WORD } from '#lib/panel/account/problem-words.ts';
import { m } from '#lib/paraglide/messages.js';

const WHY: Readonly<Record<string, () => string>> = {
	idle: m.account_why_idle,
	expired: m.account_why_expired,
	revoked: m.account_why_revoked,
	locked: m.account_why_revoked,
	disabled: m.account_why_revoked,
	password_changed: m.account_why_password_changed,
	replaced: m.account_why_replaced,
	signed_out: m.account_why_signed_out,
	ended: m.account_why_ended,
	unknown: m.account_why_ended
};

/** `why`: of the address; null and what is not known say nothing. */
export function whyText(why: string | null): string | null {
	return why !== null && Object.hasOwn(WHY, why) ? (WHY[why]?.() ?? null) : null;
}

/** `problem`: of the address, where the federation's own sign-in came to nothing. */
export function oidcText(problem: string | null): string | null {
	const words: Readonly<Record<string, () => string>> = OIDC_WORD;
	return problem !== null && Object.hasOwn(words, problem) ? (words[problem]?.() ?? null) : null;
}
