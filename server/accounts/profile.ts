/** One's own account: what it is, and where it is signed in. */
import { SECOND_FACTOR_ROLES, type Role } from '#domain/role.ts';
import type { Routes } from '#server/http/route.ts';
import { listGrants } from '#server/store/grant-store.ts';
import { endSession, endSessionsOf, sessionsOf } from '#server/store/session-store.ts';
import { readForm } from './body.ts';
import { iso, isoOrNull } from './moment.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import { grantRows, openSessions, rolesInForce } from './rows.ts';
import type { EndedSessions, Profile, SessionList } from './shapes.ts';
import { accountAt, actorAs, door, objectOf, personAt, type Visit } from './visit.ts';
import type { PersonRecord } from '#server/store/people-store.ts';

export function profileRoutes(office: Office): Routes {
	const rule = { who: 'person' } as const;
	return new Map([
		['GET /api/profile', door(rule, (visit) => profile(office, visit))],
		[
			'GET /api/profile/sessions',
			door(rule, async (visit) => sessionList(office, personAt(visit).id, personAt(visit).sessionId))
		],
		['POST /api/profile/sessions/end', door(rule, (visit) => endOwn(office, visit))]
	]);
}

const NEEDED_BY: readonly Role[] = SECOND_FACTOR_ROLES;

async function profile(office: Office, visit: Visit): Promise<Profile> {
	const { db, policy, now } = office;
	const person = await accountAt(office, visit);
	const grants = await listGrants(db, [person.id]);
	const { passwordSetAt } = person;
	const hasEnd = passwordSetAt !== null && policy.passwordMaxAgeMs > 0;
	return {
		id: person.id,
		userName: person.userName,
		displayName: person.displayName,
		isSample: person.isSample,
		hasPassword: person.passwordHash !== null,
		passwordSetAt: isoOrNull(passwordSetAt),
		passwordEndsAt: hasEnd ? iso(passwordSetAt + policy.passwordMaxAgeMs) : null,
		hasSecondFactor: person.isTotpConfirmed,
		needsSecondFactor: rolesInForce(grants, now()).some((role) => NEEDED_BY.includes(role)),
		recoveryCodesLeft: person.recoveryCodesLeft,
		externalName: person.externalName,
		lastSignInAt: isoOrNull(person.lastSignInAt),
		expiresAt: isoOrNull(person.expiresAt),
		grants: await grantRows(office, visit.caller, grants)
	};
}

/** Open sessions of a person; `ownId`: the one that asks. */
export async function sessionList(office: Office, personId: string, ownId: string): Promise<SessionList> {
	const sessions = await openSessions(office, [personId], await listGrants(office.db, [personId]));
	return {
		sessions: sessions.map(({ id, method, createdAt, activeAt, endsAt, address, userAgent }) => ({
			id,
			isThis: id === ownId,
			method,
			createdAt: iso(createdAt),
			activeAt: iso(activeAt),
			endsAt: iso(endsAt),
			address,
			userAgent
		}))
	};
}

async function endOwn(office: Office, visit: Visit): Promise<EndedSessions> {
	const { sessionId } = personAt(visit);
	const form = await readForm(visit.request);
	const isAllOthers = form.value('allOthers') === true;
	const id = isAllOthers ? null : form.text('id');
	form.check();
	return endSessionsFor(office, visit, await accountAt(office, visit), { id, exceptId: sessionId });
}

/** Ends one session of a person (`id`), or all but `exceptId`; throws `unknown_session` when it is not theirs or not open. */
export async function endSessionsFor(
	office: Office,
	visit: Visit,
	person: PersonRecord,
	which: { id: string | null; exceptId?: string }
): Promise<EndedSessions> {
	const { db, audit, access, now } = office;
	const at = now();
	const ended = which.id === null ? await endSessionsOf(db, person.id, 'revoked', at, which.exceptId) : [which.id];
	if (which.id !== null) {
		const isOpen = (await sessionsOf(db, [person.id], at)).some(({ id }) => id === which.id);
		if (!isOpen || !(await endSession(db, which.id, 'revoked', at))) throw new AccountProblem('unknown_session');
	}
	await access.changed({ kind: 'person', id: person.id });
	const actor = actorAs(personAt(visit), visit.caller.address);
	const detail = { reason: 'revoked', sessions: ended };
	await audit.record({ actor, action: 'session.ended', object: objectOf(person), result: 'ok', detail });
	return { ended: ended.length };
}
