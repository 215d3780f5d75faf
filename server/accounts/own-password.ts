/** Setting a password: one's own, or by a link. The rules are the domain's; what was used before only the server knows. */
import { PASSWORD_HISTORY, passwordProblems } from '#domain/password.ts';
import type { Routes } from '#server/http/route.ts';
import { beginTry, formerPasswords, refundTry, setPassword } from '#server/store/credential-store.ts';
import type { PersonRecord } from '#server/store/people-store.ts';
import { endSessionsOf } from '#server/store/session-store.ts';
import { readForm } from './body.ts';
import { lockedProblem, LOCKOUT } from './limits.ts';
import type { Office } from './options.ts';
import { AccountProblem, badField } from './problem.ts';
import type { SignedIn } from './shapes.ts';
import { noteLock } from './sign-in.ts';
import { accountAt, actorAs, door, needLeft, objectOf, onlyWith, personAt, type Visit } from './visit.ts';

export function ownPasswordRoutes(office: Office): Routes {
	const rule = { who: 'person', evenWithNeed: true } as const;
	return new Map([['POST /api/profile/password', door(rule, (visit) => changePassword(office, visit))]]);
}

async function changePassword(office: Office, visit: Visit): Promise<SignedIn> {
	onlyWith(visit, [null, 'new_password']);
	const form = await readForm(visit.request);
	const person = await accountAt(office, visit);
	if (person.isSample) throw new AccountProblem('sample_person');
	const present = person.passwordHash === null ? null : form.secret('password');
	const wanted = form.secret('newPassword');
	form.check();
	if (present !== null) await checkPresentPassword(office, visit, person, present);
	const hash = await hashOfNew(office, person, wanted, 'newPassword');
	const at = office.now();
	await office.db.transaction((tx) => setPassword(tx, person.id, hash, at, PASSWORD_HISTORY));
	await notePasswordChange(office, visit, person, personAt(visit).sessionId);
	return { need: await needLeft(office, visit), next: '/' };
}

/** Throws `wrong_password` or `locked`; tries are counted as at the sign-in. */
export async function checkPresentPassword(
	office: Office,
	visit: Visit,
	person: PersonRecord,
	password: string
): Promise<void> {
	const { db, passwords, now, audit } = office;
	const at = now();
	const taken = await beginTry(db, person.id, LOCKOUT, at);
	if (!taken.isTaken) throw lockedProblem(taken.lockedUntil, at);
	if (await passwords.isRight(password, person.passwordHash)) return refundTry(db, person.id);
	const actor = actorAs(person, visit.caller.address);
	audit.refused({ actor, action: 'password.refused', object: objectOf(person) });
	if (taken.failures >= LOCKOUT.tries) await noteLock(office, visit, person);
	throw new AccountProblem('wrong_password', { fields: { password: 'wrong' } });
}

/** The hash of a password that follows every rule; throws `bad_request` with the worst rule it breaks, beside its field. */
export async function hashOfNew(
	{ db, passwords }: Office,
	person: { readonly id: string | null; readonly userName: string },
	password: string,
	field: string
): Promise<string> {
	const [worst] = passwordProblems(password, person.userName);
	if (worst) throw badField(field, worst);
	const former = person.id === null ? [] : await formerPasswords(db, person.id, PASSWORD_HISTORY);
	for (const hash of former) if (await passwords.isRight(password, hash)) throw badField(field, 'used_before');
	return passwords.hash(password);
}

/** Whoever knew the old password is out, everywhere; `exceptId`: the session in which it was changed. */
export async function notePasswordChange(
	{ db, audit, access, now }: Office,
	visit: Visit,
	person: PersonRecord,
	exceptId?: string
): Promise<void> {
	const ended = await endSessionsOf(db, person.id, 'password_changed', now(), exceptId);
	await access.changed({ kind: 'person', id: person.id });
	const actor = actorAs(person, visit.caller.address);
	const detail = { sessionsEnded: ended.length };
	await audit.record({ actor, action: 'password.changed', object: objectOf(person), result: 'ok', detail });
}
