/** Who is here, until when, and which ways to sign in there are; and that a hand moved. */
import { formatScope } from '#domain/scope.ts';
import type { Role } from '#domain/role.ts';
import { idleAt } from '#server/access/policy.ts';
import { everyone } from '#server/access/rule.ts';
import type { Routes } from '#server/http/route.ts';
import { placeNames } from '#server/store/grant-store.ts';
import { touchSession } from '#server/store/session-store.ts';
import { iso } from './moment.ts';
import type { Office } from './options.ts';
import type { ActivityAnswer, SessionAnswer } from './shapes.ts';
import { door, personAt, type Visit } from './visit.ts';

export function sessionRoutes(office: Office): Routes {
	return new Map([
		[
			'GET /api/session',
			door(everyone('a page asks whether somebody is signed in, and how one may'), (visit) => answer(office, visit))
		],
		['POST /api/session/activity', door({ who: 'person', evenWithNeed: true }, (visit) => activity(office, visit))]
	]);
}

async function answer({ db, now, oidc, isDemoCity }: Office, { caller }: Visit): Promise<SessionAnswer> {
	const methods = { password: true, oidc: oidc && { label: oidc.label }, sample: isDemoCity } as const;
	const common = { now: iso(now()), methods };
	if (caller.kind !== 'person') {
		return { ...common, person: null, need: null, roles: [], grants: [], idleAt: null, endsAt: null };
	}
	const { id, userName, displayName, isSample, need, roles, endsAt } = caller;
	const scopes = caller.grants.map(({ scope }) => formatScope(scope));
	const names = await placeNames(db, scopes);
	return {
		...common,
		person: { id, userName, displayName, isSample },
		need,
		roles,
		grants: caller.grants.map(({ column, lines }, index) => {
			const scope = scopes[index] ?? '';
			// A person's grants stand in columns of roles: the column of screens has none.
			return { role: column as Role, scope, scopeName: names.get(scope) ?? null, lines };
		}),
		idleAt: iso(caller.idleAt),
		endsAt: iso(endsAt)
	};
}

/** A session near its end is remembered as that for some seconds: then everybody is told to look again. */
const NEAR_MS = 30_000;

async function activity({ db, now, access, policy }: Office, visit: Visit): Promise<ActivityAnswer> {
	const { id, sessionId, idleAt: idleBefore, endsAt, roles } = personAt(visit);
	const at = now();
	await touchSession(db, sessionId, at);
	if (idleBefore - at < NEAR_MS) await access.changed({ kind: 'person', id });
	return {
		idleAt: iso(idleAt({ activeAt: at, grants: roles.map((role) => ({ role, scope: 'city', lines: null })) }, policy)),
		endsAt: iso(endsAt)
	};
}
