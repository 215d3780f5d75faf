/** Accounts of others: system administrators make and change them, security administrators and auditors look. */
import { ableAnywhere } from '#server/access/rule.ts';
import type { Routes } from '#server/http/route.ts';
import { clearTries } from '#server/store/credential-store.ts';
import { inGrantTurn, listGrants } from '#server/store/grant-store.ts';
import { makeLink, voidLinks, type LinkKind } from '#server/store/link-store.ts';
import {
	allPeople,
	changePerson,
	insertPerson,
	personById,
	personByName,
	type PersonRecord,
	type Tx
} from '#server/store/people-store.ts';
import { endSessionsOf } from '#server/store/session-store.ts';
import { isPlainText, readForm, type Form } from './body.ts';
import { LINK_MS, linkPath } from './link-life.ts';
import { iso, isoOrNull } from './moment.ts';
import type { Office } from './options.ts';
import { readChange, stateAfter } from './person-change.ts';
import { AccountProblem, badField } from './problem.ts';
import { endSessionsFor, sessionList } from './profile.ts';
import { mayPerson, personRows } from './rows.ts';
import { checkKeys, keepLast } from './separation.ts';
import type {
	EndedSessions,
	MadeLink,
	NewLink,
	PeopleList,
	PersonChanged,
	PersonMade,
	PersonRow,
	SessionList
} from './shapes.ts';
import { actorAs, door, objectOf, personAt, type Visit } from './visit.ts';

export function peopleRoutes(office: Office): Routes {
	const read = ableAnywhere('person', 'read');
	const write = ableAnywhere('person', 'write');
	return new Map([
		['GET /api/people', door(read, (visit) => list(office, visit))],
		['POST /api/people', door(write, (visit) => make(office, visit), 201)],
		['POST /api/people/change', door(write, (visit) => change(office, visit))],
		['POST /api/people/link', door(write, (visit) => link(office, visit))],
		['GET /api/people/sessions', door(write, (visit) => sessions(office, visit))],
		['POST /api/people/sessions/end', door(write, (visit) => endSessions(office, visit))]
	]);
}

async function list(office: Office, visit: Visit): Promise<PeopleList> {
	const { db, audit } = office;
	const { url, caller } = visit;
	const search = (url.searchParams.get('q') ?? '').trim().toLowerCase();
	const state = url.searchParams.get('state');
	if (!isPlainText(search)) throw badField('q', 'bad_form');
	if (!isPlainText(state ?? '')) throw badField('state', 'bad_form');
	const people = (await allPeople(db)).filter(
		(person) =>
			(state === null || person.state === state) &&
			[person.userName, person.displayName.toLowerCase()].some((text) => text.includes(search))
	);
	const rows = await personRows(office, caller, people, await listGrants(db));
	// Before the answer: nobody looks unseen.
	const actor = actorAs(personAt(visit), caller.address);
	await audit.record({ actor, action: 'people.viewed', result: 'ok', detail: { shown: rows.length, search, state } });
	const may = (right: 'write' | 'propose' | 'approve'): boolean => mayPerson(office, caller, right);
	return { people: rows, may: { write: may('write'), propose: may('propose'), decide: may('approve') } };
}

async function make(office: Office, visit: Visit): Promise<PersonMade> {
	const { db, now } = office;
	const at = now();
	const form = await readForm(visit.request);
	const userName = form.userName('userName');
	const displayName = form.displayName('displayName');
	const externalName = form.optionalText('externalName') ?? null;
	const expiresAt = form.future('expiresAt', at) ?? null;
	const isExternal = form.value('withoutPassword') === true;
	if (isExternal && externalName === null) form.refuse('externalName', 'missing');
	form.check();
	const by = personAt(visit).id;
	const id = await insertPerson(db, { userName, displayName, externalName, expiresAt, createdBy: by, at });
	if (id === null) {
		const field = (await personByName(db, userName)) ? 'userName' : 'externalName';
		throw new AccountProblem('taken', { fields: { [field]: 'taken' } });
	}
	const detail = { displayName, externalName, expiresAt: isoOrNull(expiresAt) };
	await say(office, visit, 'person.created', { userName }, detail);
	const person = await personOf(db, id);
	const made = isExternal ? null : await linkFor(office, visit, person, 'set_password');
	return { person: await rowOf(office, visit, id), link: made };
}

/** Throws `separate_administrator`; in the turn of grants, so that nobody comes into office meanwhile. */
async function linkFor(office: Office, visit: Visit, person: PersonRecord, kind: LinkKind): Promise<MadeLink> {
	const { db, now } = office;
	const at = now();
	const expiresAt = at + LINK_MS;
	const { id, userName, displayName } = person;
	const by = personAt(visit).id;
	const token = await inGrantTurn(db, async (tx) => {
		const key = kind === 'reset_factor' ? 'factor' : 'link';
		await checkKeys(tx, await personOf(tx, id), { by, key, now: at });
		return makeLink(tx, { kind, personId: id, createdBy: by, at, expiresAt });
	});
	await say(office, visit, 'link.made', person, { kind, expiresAt: iso(expiresAt) });
	return { userName, displayName, role: null, path: linkPath(token), expiresAt: iso(expiresAt) };
}

async function change(office: Office, visit: Visit): Promise<PersonChanged> {
	const { db, access, now } = office;
	const form = await readForm(visit.request);
	const person = await changeable(office, form);
	const wanted = readChange(form, now());
	const { isDisabled } = wanted;
	const by = personAt(visit).id;
	if (isDisabled && person.id === by) throw new AccountProblem('own_grant');
	await inGrantTurn(db, async (tx) => {
		const at = now();
		const present = await personOf(tx, person.id);
		const { displayName, externalName, expiresAt } = wanted;
		const end = isDisabled ? at : (expiresAt ?? null);
		if (end !== null) await keepLast(tx, present, { now: at, end });
		if (externalName !== undefined && externalName !== present.externalName)
			await checkKeys(tx, present, { by, key: 'external_name', now: at });
		const state = stateAfter(present, isDisabled);
		const set = {
			...(displayName === undefined ? {} : { displayName }),
			...(externalName === undefined ? {} : { externalName }),
			...(expiresAt === undefined ? {} : { expiresAt }),
			...(state === null ? {} : { state })
		};
		const isTaken = !(await changePerson(tx, person.id, set));
		if (isTaken) throw new AccountProblem('taken', { fields: { externalName: 'taken' } });
		if (isDisabled) await voidLinks(tx, person.id);
		if (wanted.isUnlocked) await clearTries(tx, person.id);
	});
	const ended = isDisabled ? await endSessionsOf(db, person.id, 'disabled', now()) : [];
	await access.changed({ kind: 'person', id: person.id });
	const action = isDisabled ? 'person.disabled' : 'person.changed';
	const detail = { ...wanted, expiresAt: isoOrNull(wanted.expiresAt ?? null), sessionsEnded: ended.length };
	await say(office, visit, action, person, detail);
	return { person: await rowOf(office, visit, person.id) };
}

async function link(office: Office, visit: Visit): Promise<NewLink> {
	const form = await readForm(visit.request);
	const person = await changeable(office, form);
	if (person.state === 'disabled') throw new AccountProblem('wrong_state');
	const kind = form.value('resetSecondFactor') === true ? 'reset_factor' : 'set_password';
	return { link: await linkFor(office, visit, person, kind) };
}

async function sessions(office: Office, visit: Visit): Promise<SessionList> {
	const person = await personOf(office.db, visit.url.searchParams.get('id') ?? '');
	// Before the answer, as with the list: addresses and browsers tell where somebody is.
	await office.looks.viewed(visit.caller, {
		action: 'people.viewed',
		object: objectOf(person),
		detail: { sessions: true }
	});
	return sessionList(office, person.id, personAt(visit).sessionId);
}

async function endSessions(office: Office, visit: Visit): Promise<EndedSessions> {
	const form = await readForm(visit.request);
	const id = form.text('id');
	const sessionId = form.has('sessionId') ? form.text('sessionId') : null;
	form.check();
	return endSessionsFor(office, visit, await personOf(office.db, id), { id: sessionId });
}

/** The person that a form names, who is nobody's sample. */
async function changeable(office: Office, form: Form): Promise<PersonRecord> {
	const id = form.text('id');
	form.check();
	const person = await personOf(office.db, id);
	if (person.isSample) throw new AccountProblem('sample_person');
	return person;
}

async function personOf(db: Tx, id: string): Promise<PersonRecord> {
	const person = isPlainText(id) ? await personById(db, id) : null;
	if (!person) throw new AccountProblem('unknown_person');
	return person;
}

async function rowOf(office: Office, { caller }: Visit, id: string): Promise<PersonRow> {
	const [row] = await personRows(office, caller, [await personOf(office.db, id)], await listGrants(office.db, [id]));
	if (!row) throw new AccountProblem('unknown_person');
	return row;
}

function say(
	{ audit }: Office,
	visit: Visit,
	action: string,
	person: { readonly userName: string },
	detail: { readonly [name: string]: unknown }
): Promise<void> {
	const actor = actorAs(personAt(visit), visit.caller.address);
	return audit.record({ actor, action, object: objectOf(person), result: 'ok', detail });
}
