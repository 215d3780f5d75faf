/**
 * Signing in with a user name and a password, and out. Whoever fails learns nothing: unknown, disabled, expired and
 * passwordless accounts cost the same hash, count the same tries and get the same answer as a wrong password [PP].
 */
import { actorOf } from '#server/access/caller.ts';
import { everyone } from '#server/access/rule.ts';
import type { Routes } from '#server/http/route.ts';
import { beginTry, refundTry, renewHash } from '#server/store/credential-store.ts';
import { personById, personByName, type PersonRecord } from '#server/store/people-store.ts';
import { localPath, readForm } from './body.ts';
import { lockedProblem, LOCKOUT } from './limits.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import type { SignedIn } from './shapes.ts';
import { actorAs, door, dropToken, enterAs, leave, objectOf, type Visit } from './visit.ts';

export function signInRoutes(office: Office): Routes {
	const signOut = door(everyone('nobody is kept from signing out'), async (visit) => {
		await leave(office, visit, 'signed_out');
		dropToken(office, visit);
		return {};
	});
	return new Map([
		['POST /api/session', door(everyone('this is where people sign in'), (visit) => signIn(office, visit))],
		['POST /api/session/end', signOut],
		['DELETE /api/session', signOut]
	]);
}

async function signIn(office: Office, visit: Visit): Promise<SignedIn> {
	await office.limit.take(visit.caller.address);
	const form = await readForm(visit.request);
	const userName = form.text('userName').toLowerCase();
	const password = form.secret('password');
	form.check();
	const person = await rightPerson(office, visit, userName, password);
	await office.limit.giveBack(visit.caller.address);
	const next = localPath(form.value('next'));
	return enterAs(office, visit, person, { method: 'password', hasSecondFactor: false, next });
}

/** Throws `sign_in_failed` or `locked`; the same work is done for every reason to fail. */
async function rightPerson(office: Office, visit: Visit, userName: string, password: string): Promise<PersonRecord> {
	const { db, strangers, passwords, now } = office;
	const at = now();
	const person = await personByName(db, userName);
	const taken = person ? await beginTry(db, person.id, LOCKOUT, at) : strangers.beginTry(userName, at);
	if (!taken.isTaken) {
		refuse(office, visit, person, 'locked');
		throw lockedProblem(taken.lockedUntil, at);
	}
	const isRight = await passwords.isRight(password, person?.passwordHash ?? null);
	// Read again: it may have been disabled while the hash was computed.
	const present = person && isRight ? await personById(db, person.id) : null;
	if (!present || !maySignIn(present, at) || present.passwordHash !== person?.passwordHash) {
		refuse(office, visit, person, 'wrong');
		if (taken.failures >= LOCKOUT.tries) await noteLock(office, visit, person);
		throw new AccountProblem('sign_in_failed');
	}
	if (present.isTotpConfirmed) await refundTry(db, present.id);
	await renew(office, present, password);
	return present;
}

/** Sample people have a way of their own, in the demo city only. */
export const maySignIn = (person: PersonRecord, now: number): boolean =>
	person.state === 'active' && !person.isSample && (person.expiresAt === null || person.expiresAt > now);

async function renew({ db, passwords }: Office, { id, passwordHash }: PersonRecord, password: string): Promise<void> {
	if (passwordHash === null || !passwords.isOutdated(passwordHash)) return;
	await renewHash(db, id, passwordHash, await passwords.hash(password));
}

/** A name that is nobody's is not kept: people type passwords into the wrong field. */
function refuse({ audit }: Office, { caller }: Visit, person: PersonRecord | null, reason: 'locked' | 'wrong'): void {
	audit.refused({
		actor: { kind: 'nobody', id: null, name: null, address: caller.address },
		action: 'session.refused',
		object: person ? objectOf(person) : null,
		detail: { reason: person ? reason : 'unknown' }
	});
}

export async function noteLock({ audit }: Office, { caller }: Visit, person: PersonRecord | null): Promise<void> {
	if (!person) return;
	const actor = caller.kind === 'person' ? actorAs(person, caller.address) : actorOf(caller);
	await audit.record({
		actor,
		action: 'person.locked',
		object: objectOf(person),
		result: 'ok',
		detail: { failures: LOCKOUT.tries }
	});
}

/** A session that still owed its second factor ends with the lockout. */
export async function endLockedSession(office: Office, visit: Visit): Promise<void> {
	const { caller } = visit;
	if (caller.kind !== 'person' || caller.need !== 'second_factor') return;
	await leave(office, visit, 'revoked');
	dropToken(office, visit);
}
