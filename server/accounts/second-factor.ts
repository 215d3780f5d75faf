/** Showing, setting up and taking away the second factor. Wrong codes count to the lockout, and a code counts once [PP]. */
import type { Need } from '#server/access/caller.ts';
import type { Routes } from '#server/http/route.ts';
import {
	beginTry,
	confirmTotp,
	noteSignIn,
	refundTry,
	removeTotp,
	startTotp,
	takeRecoveryCode,
	takeStep
} from '#server/store/credential-store.ts';
import type { PersonRecord } from '#server/store/people-store.ts';
import { proveSecondFactor } from '#server/store/session-store.ts';
import { localPath, readForm, readText } from './body.ts';
import { lockedProblem, LOCKOUT } from './limits.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import { checkPresentPassword } from './own-password.ts';
import type { FactorConfirmed, FactorStart, SignedIn } from './shapes.ts';
import { endLockedSession, noteLock } from './sign-in.ts';
import { enrolmentOf, newRecoveryCodes, newSecret, plainCode, recoveryHash, stepOf } from './totp.ts';
import {
	accountAt,
	actorAs,
	door,
	keepToken,
	needLeft,
	needOfToken,
	objectOf,
	onlyWith,
	personAt,
	type Visit
} from './visit.ts';

const EVEN_WITH_NEED = { who: 'person', evenWithNeed: true } as const;

export function secondFactorRoutes(office: Office): Routes {
	const at = (answer: (office: Office, visit: Visit) => Promise<object>) =>
		door(EVEN_WITH_NEED, (visit) => answer(office, visit));
	return new Map([
		['POST /api/session/second-factor', at(show)],
		['POST /api/profile/second-factor/start', at(start)],
		['POST /api/profile/second-factor/confirm', at(confirm)],
		['POST /api/profile/second-factor/remove', at(remove)]
	]);
}

async function show(office: Office, visit: Visit): Promise<SignedIn> {
	const { db, now, access } = office;
	const { id, sessionId, need } = personAt(visit);
	if (need !== 'second_factor') throw new AccountProblem('wrong_state');
	await office.limit.take(visit.caller.address);
	const form = await readForm(visit.request);
	const code = form.text('code');
	form.check();
	const person = await accountAt(office, visit);
	const kind = await checkCode(office, visit, person, code);
	await office.limit.giveBack(visit.caller.address);
	await noteSignIn(db, id, now());
	const token = await proveSecondFactor(db, sessionId, now());
	await access.changed({ kind: 'person', id });
	await record(office, visit, person, 'shown', { kind, session: sessionId });
	keepToken(office, visit, token);
	return { need: await needOfToken(office, token), next: localPath(form.value('next')) };
}

/** Ends a session whose codes were wrong too often: who knows the password alone does not go on guessing. */
async function checkCode(
	office: Office,
	visit: Visit,
	person: PersonRecord,
	code: string
): Promise<'code' | 'recovery'> {
	const { db, now, audit } = office;
	const at = now();
	const taken = await beginTry(db, person.id, LOCKOUT, at);
	if (!taken.isTaken) throw lockedProblem(taken.lockedUntil, at);
	const kind = await kindOf(office, person, code, at);
	if (kind !== null) return kind;
	const actor = actorAs(person, visit.caller.address);
	audit.refused({ actor, action: 'second_factor.refused', object: objectOf(person) });
	if (taken.failures < LOCKOUT.tries) throw new AccountProblem('wrong_code');
	await noteLock(office, visit, person);
	await endLockedSession(office, visit);
	throw lockedProblem(at + LOCKOUT.lockMs, at);
}

async function kindOf(
	{ db }: Office,
	person: PersonRecord,
	typed: string,
	at: number
): Promise<'code' | 'recovery' | null> {
	const code = plainCode(typed);
	if (!person.isTotpConfirmed || person.totpSecret === null) return null;
	if (!/^\d{6}$/.test(code)) return (await takeRecoveryCode(db, person.id, recoveryHash(code))) ? 'recovery' : null;
	const step = stepOf(person.totpSecret, code, at);
	return step !== null && (await takeStep(db, person.id, step)) ? 'code' : null;
}

/** Not while another need stands before it: a session that still owes a code must not replace what the code is of. */
const ENROLLING: readonly (Need | null)[] = [null, 'enrol_second_factor'];

async function start(office: Office, visit: Visit): Promise<FactorStart> {
	onlyWith(visit, ENROLLING);
	const form = await readForm(visit.request);
	const person = await accountAt(office, visit);
	if (person.isTotpConfirmed) throw new AccountProblem('second_factor_present');
	if (person.isSample) throw new AccountProblem('sample_person');
	// A desk left open must not become somebody else's for good.
	if (personAt(visit).need === null && person.passwordHash !== null) {
		const password = form.secret('password');
		form.check();
		await checkPresentPassword(office, visit, person, password);
	}
	const secret = newSecret();
	if (!(await startTotp(office.db, person.id, secret))) throw new AccountProblem('second_factor_present');
	await record(office, visit, person, 'started', {});
	return enrolmentOf(secret, person.userName);
}

async function confirm(office: Office, visit: Visit): Promise<FactorConfirmed> {
	onlyWith(visit, ENROLLING);
	const { db, now, access } = office;
	const at = now();
	const code = plainCode(await readText(visit.request, 'code'));
	const person = await accountAt(office, visit);
	if (person.isTotpConfirmed) throw new AccountProblem('second_factor_present');
	if (person.totpSecret === null) throw new AccountProblem('second_factor_absent');
	const step = /^\d{6}$/.test(code) ? stepOf(person.totpSecret, code, at) : null;
	// Not counted to the lockout: who sets it up has the secret before their eyes.
	if (step === null) throw new AccountProblem('wrong_code');
	const recoveryCodes = newRecoveryCodes();
	const proof = { secret: person.totpSecret, step, at, recoveryHashes: recoveryCodes.map(recoveryHash) };
	if (!(await confirmTotp(db, person.id, proof))) throw new AccountProblem('wrong_state');
	const token = await proveSecondFactor(db, personAt(visit).sessionId, at);
	await access.changed({ kind: 'person', id: person.id });
	await record(office, visit, person, 'enrolled', {});
	keepToken(office, visit, token);
	return { need: await needOfToken(office, token), next: '/', recoveryCodes };
}

async function remove(office: Office, visit: Visit): Promise<SignedIn> {
	onlyWith(visit, [null]);
	const { db, access } = office;
	const code = await readText(visit.request, 'code');
	const person = await accountAt(office, visit);
	if (!person.isTotpConfirmed) throw new AccountProblem('second_factor_absent');
	await checkCode(office, visit, person, code);
	await refundTry(db, person.id);
	await removeTotp(db, person.id);
	await access.changed({ kind: 'person', id: person.id });
	await record(office, visit, person, 'removed', {});
	return { need: await needLeft(office, visit), next: '/' };
}

function record(
	{ audit }: Office,
	visit: Visit,
	person: PersonRecord,
	what: 'shown' | 'started' | 'enrolled' | 'removed',
	detail: { readonly [name: string]: unknown }
): Promise<void> {
	const actor = actorAs(person, visit.caller.address);
	return audit.record({ actor, action: `second_factor.${what}`, object: objectOf(person), result: 'ok', detail });
}
