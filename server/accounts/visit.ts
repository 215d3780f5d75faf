/** One request at a door of people, and the session that it opens, raises or ends. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { actorOf, type Actor, type Caller, type Need, type PersonCaller } from '#server/access/caller.ts';
import { clearCookie, readCookie, SESSION_COOKIE, setCookie } from '#server/access/cookies.ts';
import { needOf } from '#server/access/policy.ts';
import { hashOf } from '#server/access/tokens.ts';
import { sendJson, type Door } from '#server/http/route.ts';
import type { DoorRule } from '#server/access/rule.ts';
import { noteSignIn } from '#server/store/credential-store.ts';
import { personById, type PersonRecord } from '#server/store/people-store.ts';
import { endSession, findSession, openSession, type SessionMethod } from '#server/store/session-store.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import type { SignedIn } from './shapes.ts';

export interface Visit {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly url: URL;
	readonly caller: Caller;
}

/** A door that answers a visit with JSON; what it cannot do it throws as `AccountProblem` (routes.ts answers that). */
export function door(rule: DoorRule, answer: (visit: Visit) => Promise<object>, status = 200): Door {
	return {
		rule,
		async answer(request, response, url, caller) {
			sendJson(response, status, await answer({ request, response, url, caller }));
		}
	};
}

/** The person at the door: its rule let no one else pass. */
export function personAt({ caller }: Visit): PersonCaller {
	if (caller.kind !== 'person') throw new Error('A door of persons let somebody else pass.');
	return caller;
}

/** Doors that are open before everything is done say how far: throws what has to be done first. */
export function onlyWith(visit: Visit, needs: readonly (Need | null)[]): void {
	const { need } = personAt(visit);
	if (needs.includes(need)) return;
	throw new AccountProblem(need === 'new_password' ? 'new_password_needed' : 'second_factor_needed');
}

/** The caller's account, secrets included. */
export async function accountAt({ db }: Office, visit: Visit): Promise<PersonRecord> {
	const person = await personById(db, personAt(visit).id);
	if (!person) throw new AccountProblem('unknown_person');
	return person;
}

export const actorAs = (person: Pick<PersonRecord, 'id' | 'userName'>, address: string): Actor => ({
	kind: 'person',
	id: person.id,
	name: person.userName,
	address
});

export const objectOf = (person: Pick<PersonRecord, 'userName'>): string => `person:${person.userName}`;

/** Opens a session in this browser; the one it had ends. */
export async function enterAs(
	office: Office,
	visit: Visit,
	person: PersonRecord,
	how: { method: SessionMethod; hasSecondFactor: boolean; next: string }
): Promise<SignedIn> {
	const { db, policy, audit, now } = office;
	const at = now();
	const { address } = visit.caller;
	const userAgent = visit.request.headers['user-agent'] ?? '';
	const { method, hasSecondFactor, next } = how;
	const session = {
		personId: person.id,
		method,
		hasSecondFactor,
		at,
		endsAt: at + policy.sessionMs,
		address,
		userAgent
	};
	const { id, token } = await openSession(db, session);
	const need = await needOfToken(office, token);
	// Wrong codes to come are counted with wrong passwords: only who is wholly inside begins anew.
	if (need !== 'second_factor') await noteSignIn(db, person.id, at);
	await audit.record({
		actor: actorAs(person, address),
		action: 'session.started',
		object: objectOf(person),
		result: 'ok',
		detail: { method, need, session: id }
	});
	await leave(office, visit, 'replaced');
	keepToken(office, visit, token);
	return { need, next };
}

/** Ends the session that this browser has, if it has one. */
export async function leave(
	{ db, audit, access, now }: Office,
	visit: Visit,
	reason: 'signed_out' | 'replaced' | 'revoked'
): Promise<void> {
	const { caller } = visit;
	if (caller.kind !== 'person' || !(await endSession(db, caller.sessionId, reason, now()))) return;
	await access.changed({ kind: 'person', id: caller.id });
	await audit.record({
		actor: actorOf(caller),
		action: 'session.ended',
		object: objectOf(caller),
		result: 'ok',
		detail: { reason, session: caller.sessionId }
	});
}

export function keepToken({ access }: Office, { request, response }: Visit, token: string): void {
	const { isHttps } = access.clientOf(request);
	setCookie(response, { name: SESSION_COOKIE, value: token, isSecure: isHttps, maxAgeSeconds: null });
}

export function dropToken({ access }: Office, { request, response }: Visit): void {
	clearCookie(response, SESSION_COOKIE, access.clientOf(request).isHttps);
}

/** What the session of this browser still has to do, after something was done. */
export async function needLeft(office: Office, { request }: Visit): Promise<Need | null> {
	const token = readCookie(request, SESSION_COOKIE, office.access.clientOf(request).isHttps);
	return token === null ? null : needOfToken(office, token);
}

export async function needOfToken({ db, policy, now }: Office, token: string): Promise<Need | null> {
	const record = await findSession(db, hashOf(token), now());
	return record && needOf(record, policy, now());
}
