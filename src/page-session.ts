/** From the caller that the server found to what a page is told of them, and whether they may open it. */
import { decide, scopesFor, type Grant } from '#domain/permission.ts';
import { formatScope, NOWHERE, type Places, type Scope } from '#domain/scope.ts';
import type { Session } from '#lib/shell/session.ts';
import type { PageCaller } from './app.d.ts';
import type { PageRule } from './page-rules.ts';

export function sessionOf(caller: PageCaller | null, places: Places | null): Session {
	if (caller === null || caller.kind === 'nobody') return null;
	const scopes = scopesFor(caller.grants, { object: 'figures', right: 'see' }, places ?? NOWHERE).map(formatScope);
	const { id, grants } = caller;
	if (caller.kind === 'screen') {
		return {
			kind: caller.kind,
			id,
			name: caller.name,
			grants,
			scopes,
			home: formatScope(caller.scope),
			layout: caller.layout
		};
	}
	const { userName, displayName, roles, need, idleAt, endsAt, isSample } = caller;
	const person = { id, userName, displayName, roles, need, idleAt, endsAt, isSample };
	return { ...person, kind: caller.kind, grants, scopes, home: scopes[0] ?? null };
}

export type PageVerdict = 'open' | 'sign_in' | 'screen' | 'no_right' | 'out_of_scope';

/** `code`: of the area or station in the page's address. */
export function judgePage(rule: PageRule, session: Session, code: string, places: Places): PageVerdict {
	if (rule === 'everyone') return 'open';
	if (session === null) return 'sign_in';
	if (session.kind === 'screen') return 'screen';
	if (rule === 'person') return 'open';
	// A second factor or a new password is still to come: where one signs in says so.
	if (session.need !== null) return 'sign_in';
	const decision = decideFor(rule, session.grants, code, places);
	return decision.isAllowed ? 'open' : decision.code;
}

function decideFor(
	{ object, right, scope }: Exclude<PageRule, string>,
	grants: readonly Grant[],
	code: string,
	places: Places
) {
	const where: Scope | null = scope === 'own' ? null : { level: scope, code };
	return decide(grants, { object, right, scope: where }, places);
}
