/**
 * One-time links: they set a password, and the very first one makes the three administrators. A link is 256 random bits,
 * kept as a hash, good for 72 hours and for one use [PP].
 */
import { PASSWORD_HISTORY } from '#domain/password.ts';
import { everyone } from '#server/access/rule.ts';
import type { Routes } from '#server/http/route.ts';
import { setPasswordByLink } from '#server/store/credential-store.ts';
import { makeFirstLink } from '#server/store/first-people.ts';
import { findLink, type LinkRecord } from '#server/store/link-store.ts';
import { personById, type PersonRecord } from '#server/store/people-store.ts';
import type { Database } from '#server/store/query.ts';
import { readForm, type Form } from './body.ts';
import { makeFirst } from './first-administrators.ts';
import { LINK_MS, linkPath } from './link-life.ts';
import { iso } from './moment.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import { hashOfNew, notePasswordChange } from './own-password.ts';
import type { LinkUsed, LinkView } from './shapes.ts';
import { actorAs, door, enterAs, objectOf, type Visit } from './visit.ts';

export function linkRoutes(office: Office): Routes {
	const rule = everyone('who holds the link has no session yet');
	return new Map([
		['POST /api/link/view', door(rule, (visit) => view(office, visit))],
		['POST /api/link', door(rule, (visit) => use(office, visit))]
	]);
}

/**
 * Path of the link that makes the first administrator, on an empty table of people; null when there is anybody. Every start
 * makes a new one and voids the old.
 */
export async function firstLink({ db, now }: { db: Database; now: number }): Promise<string | null> {
	const token = await makeFirstLink(db, { at: now, expiresAt: now + LINK_MS });
	return token === null ? null : linkPath(token);
}

/** Tells whoever started the program; in the demo city, where there are samples, nobody is asked to. */
export async function sayFirstLink(options: {
	readonly db: Database;
	readonly now: number;
	/** of this site, without a path */
	readonly address: string;
	readonly say: (line: string) => void;
}): Promise<void> {
	const path = await firstLink(options);
	if (path === null) return;
	const what = 'There are no people yet. This link makes the first administrators, once, until the next start:';
	options.say(`People: ${what} ${options.address}${path}`);
}

async function view(office: Office, visit: Visit): Promise<LinkView> {
	const { link, person } = await open(office, visit, await readForm(visit.request));
	const { userName = null, displayName = null } = person ?? {};
	// Whoever holds it sets a password; that the second factor begins anew is shown at the next step.
	const kind = link.kind === 'first_administrator' ? link.kind : 'set_password';
	return { kind, userName, displayName, expiresAt: iso(link.expiresAt) };
}

async function use(office: Office, visit: Visit): Promise<LinkUsed> {
	const form = await readForm(visit.request);
	const { token, person } = await open(office, visit, form);
	return person ? setPassword(office, visit, { token, person, form }) : makeFirst(office, visit, token, form);
}

interface OpenLink {
	readonly token: string;
	readonly link: LinkRecord;
	/** null = the first administrator */
	readonly person: PersonRecord | null;
}

/** Throws what is wrong with a link: whoever holds it may know. */
async function open({ db, now, limit }: Office, visit: Visit, form: Form): Promise<OpenLink> {
	await limit.take(visit.caller.address);
	const token = form.text('token');
	form.check();
	const link = await findLink(db, token);
	if (!link) throw new AccountProblem('link_unknown');
	if (link.usedAt !== null) throw new AccountProblem('link_used');
	if (link.expiresAt <= now()) throw new AccountProblem('link_expired');
	const person = link.personId === null ? null : await personById(db, link.personId);
	const isOver = person?.expiresAt !== null && person?.expiresAt !== undefined && person.expiresAt <= now();
	if (person?.state === 'disabled' || person?.isSample || isOver) throw new AccountProblem('link_unknown');
	// Nobody guesses 256 bits: what is counted are those who try.
	await limit.giveBack(visit.caller.address);
	return { token, link, person };
}

async function setPassword(
	office: Office,
	visit: Visit,
	{ token, person, form }: { token: string; person: PersonRecord; form: Form }
): Promise<LinkUsed> {
	const { db, audit, now } = office;
	const password = form.secret('password');
	form.check();
	const hash = await hashOfNew(office, person, password, 'password');
	const input = { token, personId: person.id, hash, at: now(), keep: PASSWORD_HISTORY };
	const kind = await setPasswordByLink(db, input);
	if (kind === null) throw new AccountProblem('link_used');
	const about = { actor: actorAs(person, visit.caller.address), object: objectOf(person), result: 'ok' } as const;
	await audit.record({ ...about, action: 'link.used', detail: { kind } });
	if (kind === 'reset_factor') await audit.record({ ...about, action: 'second_factor.reset' });
	await notePasswordChange(office, visit, person);
	const signedIn = await enterAs(office, visit, person, { method: 'password', hasSecondFactor: false, next: '/' });
	return { ...signedIn, links: [] };
}
