/**
 * The first minute of an installation: whoever holds the first link becomes the system administrator and names the
 * security administrator and the auditor, so that the three are three people from the start [PP].
 */
import { PASSWORD_HISTORY } from '#domain/password.ts';
import { makeFirstPeople, type FirstPerson } from '#server/store/first-people.ts';
import { personById } from '#server/store/people-store.ts';
import type { Form } from './body.ts';
import { LINK_MS, linkPath } from './link-life.ts';
import { iso } from './moment.ts';
import type { Office } from './options.ts';
import { hashOfNew } from './own-password.ts';
import { AccountProblem } from './problem.ts';
import type { LinkUsed, MadeLink } from './shapes.ts';
import { actorAs, enterAs, objectOf, type Visit } from './visit.ts';

export async function makeFirst(office: Office, visit: Visit, token: string, form: Form): Promise<LinkUsed> {
	const { db, now, access } = office;
	const first = readFirst(form);
	const [{ userName }] = first;
	const hash = await hashOfNew(office, { id: null, userName }, form.secret('password'), 'password');
	const at = now();
	const linksUntil = at + LINK_MS;
	const made = await makeFirstPeople(db, { token, first, hash, at, linksUntil, keep: PASSWORD_HISTORY });
	if (!made) throw new AccountProblem('link_used');
	await access.changed({ kind: 'all', id: null });
	const links = made.flatMap(({ userName, displayName, role, link }): MadeLink[] =>
		link === null ? [] : [{ userName, displayName, role, path: linkPath(link), expiresAt: iso(linksUntil) }]
	);
	await recordFirst(office, visit, made);
	const own = await personById(db, made[0]?.id ?? '');
	if (!own) throw new Error('The first administrator was made and is not there.');
	const signedIn = await enterAs(office, visit, own, { method: 'password', hasSecondFactor: false, next: '/' });
	return { ...signedIn, links };
}

/** Three names that differ; throws what is wrong beside which field. */
function readFirst(form: Form): [FirstPerson, FirstPerson, FirstPerson] {
	const system = namesOf(form, 'system_admin');
	const security = namesOf(form.within('securityAdmin'), 'security_admin');
	const auditor = namesOf(form.within('auditor'), 'auditor');
	if (security.userName === system.userName) form.within('securityAdmin').refuse('userName', 'taken');
	if ([system.userName, security.userName].includes(auditor.userName))
		form.within('auditor').refuse('userName', 'taken');
	form.secret('password');
	form.check();
	return [system, security, auditor];
}

const namesOf = (form: Form, role: FirstPerson['role']): FirstPerson => ({
	userName: form.userName('userName'),
	displayName: form.displayName('displayName'),
	role
});

async function recordFirst(
	{ audit }: Office,
	visit: Visit,
	made: readonly (FirstPerson & { id: string; link: string | null })[]
): Promise<void> {
	const [own] = made;
	if (!own) return;
	const actor = actorAs(own, visit.caller.address);
	const say = (action: string, object: string, detail: { readonly [name: string]: unknown }): Promise<void> =>
		audit.record({ actor, action, object, result: 'ok', detail });
	await say('link.used', objectOf(own), { kind: 'first_administrator' });
	for (const person of made) {
		await say('person.created', objectOf(person), { by: 'setup', displayName: person.displayName });
		await say('grant.approved', objectOf(person), { by: 'setup', role: person.role, scope: 'city' });
		if (person.link !== null) await say('link.made', objectOf(person), { kind: 'set_password' });
	}
}
