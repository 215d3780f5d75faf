/**
 * What a door asks of who comes. Every HTTP door carries one (server/http/route.ts), so that a new door without a rule does
 * not compile; test/integration/permission-table.test.ts walks over all of them with every role.
 */
import { decide, type Ask } from '#domain/permission.ts';
import type { ObjectName, Right } from '#domain/role.ts';
import { parseScope, type Places } from '#domain/scope.ts';
import type { Caller } from './caller.ts';

export type DoorRule =
	/** anybody, signed in or not; `why` is for the reader */
	| { readonly who: 'everyone'; readonly why: string }
	/** a person in a session, whatever they may do; `evenWith: 'need'` also before a second factor or a new password */
	| { readonly who: 'person'; readonly evenWithNeed?: boolean }
	/** a person or a screen, for what is the same for all of them (the ground of the map, the language) */
	| { readonly who: 'known' }
	/** a right on an object, in the scope that the query names (`?scope=`, city when absent), or anywhere at all */
	| { readonly who: 'able'; readonly object: ObjectName; readonly right: Right; readonly scope: 'query' | 'anywhere' };

export type Verdict =
	| { readonly isAllowed: true }
	| {
			readonly isAllowed: false;
			readonly status: 401 | 403;
			readonly code: 'sign_in_needed' | 'second_factor_needed' | 'new_password_needed' | 'no_right' | 'out_of_scope';
			readonly message: string;
	  };

const ALLOWED: Verdict = { isAllowed: true };

const REFUSED = {
	sign_in_needed: [401, 'Sign in first.'],
	second_factor_needed: [403, 'Show the code of your second factor first.'],
	new_password_needed: [403, 'Set a new password first.'],
	no_right: [403, 'Your roles do not include this. Ask an administrator for a grant.'],
	out_of_scope: [403, 'This lies outside the scope of your grants. Ask an administrator for a grant there.']
} as const satisfies Record<string, readonly [401 | 403, string]>;

export function refusal(code: keyof typeof REFUSED): Exclude<Verdict, { isAllowed: true }> {
	const [status, message] = REFUSED[code];
	return { isAllowed: false, status, code, message };
}

/** Whether a caller may pass; `scopeText` is what the query says, null when it says nothing. */
export function judge(rule: DoorRule, caller: Caller, scopeText: string | null, places: Places): Verdict {
	if (rule.who === 'everyone') return ALLOWED;
	if (caller.kind === 'nobody') return refusal('sign_in_needed');
	const need = caller.kind === 'person' ? caller.need : null;
	if (need !== null && !(rule.who === 'person' && rule.evenWithNeed)) {
		return refusal(need === 'new_password' ? 'new_password_needed' : 'second_factor_needed');
	}
	switch (rule.who) {
		case 'known':
			return ALLOWED;
		case 'person':
			return caller.kind === 'person' ? ALLOWED : refusal('no_right');
		case 'able': {
			// A text that is no scope is the door's own to refuse; it covers nothing that could leak.
			const scope = rule.scope === 'anywhere' ? null : (parseScope(scopeText ?? 'city') ?? { level: 'city' });
			return verdictOf(caller, { object: rule.object, right: rule.right, scope }, places);
		}
	}
}

/** The same decision for doors that find their scope in a body or a path. */
export function verdictOf(caller: Caller, ask: Ask, places: Places): Verdict {
	if (caller.kind === 'nobody') return refusal('sign_in_needed');
	const decision = decide(caller.grants, ask, places);
	return decision.isAllowed ? ALLOWED : refusal(decision.code);
}

/** A door for one right in the scope of the query. */
export const ableInScope = (object: ObjectName, right: Right): DoorRule => ({
	who: 'able',
	object,
	right,
	scope: 'query'
});
/** A door for one right, had anywhere; the door cuts its answer to the caller's scopes. */
export const ableAnywhere = (object: ObjectName, right: Right): DoorRule => ({
	who: 'able',
	object,
	right,
	scope: 'anywhere'
});
export const everyone = (why: string): DoorRule => ({ who: 'everyone', why });
