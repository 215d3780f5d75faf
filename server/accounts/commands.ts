/**
 * What an operator may do with accounts from the command line: whoever may start programs on the machine is trusted with
 * it, and everything is recorded. It is the way back in when nobody can sign in any more [PP].
 */
import { isRole, isServiceLine, type Role, type ServiceLine } from '#domain/role.ts';
import { formatScope, parseScope } from '#domain/scope.ts';
import { OPERATOR } from '#server/access/caller.ts';
import { draftOf } from '#server/audit/draft.ts';
import { appendAudit } from '#server/store/audit-store.ts';
import { clearTries } from '#server/store/credential-store.ts';
import { inGrantTurn, insertGrant, listGrants, placeNames } from '#server/store/grant-store.ts';
import { makeLink, voidLinks, type LinkKind } from '#server/store/link-store.ts';
import { allPeople, changePerson, insertPerson, personByName, type PersonRecord } from '#server/store/people-store.ts';
import type { Database } from '#server/store/query.ts';
import { endSessionsOf } from '#server/store/session-store.ts';
import { Form } from './body.ts';
import { LINK_MS, linkPath } from './link-life.ts';
import { iso, isoOrNull } from './moment.ts';
import { scopeMisfit } from './proposal.ts';
import { rolesInForce } from './rows.ts';

interface Context {
	readonly db: Database;
	/** Tells the running server; without it it notices within 5 s. */
	readonly onPersonChanged?: (id: string) => Promise<void>;
}

export interface CreateInput {
	readonly userName: string;
	/** null = the user name */
	readonly displayName: string | null;
	readonly role: string;
	readonly scope: string;
	/** null = all */
	readonly lines: readonly string[] | null;
}

/** A link as the terminal shows it: the address of the site goes before the path. */
export interface LinkOutput {
	readonly userName: string;
	readonly path: string;
	readonly expiresAt: string;
}

const OPERATOR_ID = 'operator';

export const ACCOUNT_COMMANDS = {
	async createUser({ db }: Context, input: CreateInput): Promise<LinkOutput> {
		const { userName, displayName, role, scope, lines } = await checked(db, input);
		const at = Date.now();
		const id = await inGrantTurn(db, async (tx) => {
			const names = { userName, displayName, externalName: null, expiresAt: null };
			const made = await insertPerson(tx, { ...names, createdBy: OPERATOR_ID, at });
			if (made === null)
				throw new Error(`"${userName}" is or was somebody's name. Names are not given again: choose another.`);
			const grant = { personId: made, role, scope, lines, reason: null, proposedBy: OPERATOR_ID, at, expiresAt: null };
			await insertGrant(tx, { ...grant, isActive: true });
			return made;
		});
		await note(db, 'person.created', userName, { displayName });
		await note(db, 'grant.approved', userName, { role, lines }, scope);
		return linkFor(db, { id, userName }, 'set_password');
	},
	async linkUser({ db, onPersonChanged }: Context, input: { userName: string; resetSecondFactor: boolean }) {
		const person = await named(db, input.userName);
		if (person.state === 'disabled')
			throw new Error(`${person.userName} is disabled. An administrator has to enable the account first.`);
		await clearTries(db, person.id);
		await onPersonChanged?.(person.id);
		return linkFor(db, person, input.resetSecondFactor ? 'reset_factor' : 'set_password');
	},
	async listUsers({ db }: Context, _: object) {
		const grants = Map.groupBy(await listGrants(db), ({ personId }) => personId);
		const now = Date.now();
		return (await allPeople(db)).map(
			({ id, userName, displayName, state, isSample, lastSignInAt, isTotpConfirmed }) => {
				const roles = rolesInForce(grants.get(id) ?? [], now);
				return {
					userName,
					displayName,
					state,
					isSample,
					roles,
					hasSecondFactor: isTotpConfirmed,
					lastSignInAt: isoOrNull(lastSignInAt)
				};
			}
		);
	},
	/** The last administrator too: an account that is misused has to go, and another is made here. */
	async disableUser({ db, onPersonChanged }: Context, { userName }: { userName: string }) {
		const person = await named(db, userName);
		await db.transaction(async (tx) => {
			await changePerson(tx, person.id, { state: 'disabled' });
			await voidLinks(tx, person.id);
		});
		const ended = await endSessionsOf(db, person.id, 'disabled', Date.now());
		await onPersonChanged?.(person.id);
		await note(db, 'person.disabled', person.userName, { sessionsEnded: ended.length });
		return { userName: person.userName, sessionsEnded: ended.length };
	}
};

async function named(db: Database, userName: string): Promise<PersonRecord> {
	const person = await personByName(db, userName);
	if (!person) throw new Error(`There is no "${userName}". \`user list\` shows everybody.`);
	if (person.isSample) throw new Error(`"${userName}" is a sample person of the demo city, who is not changed.`);
	return person;
}

async function linkFor(
	db: Database,
	{ id, userName }: { id: string; userName: string },
	kind: LinkKind
): Promise<LinkOutput> {
	const at = Date.now();
	const expiresAt = at + LINK_MS;
	const token = await db.transaction((tx) =>
		makeLink(tx, { kind, personId: id, createdBy: OPERATOR_ID, at, expiresAt })
	);
	await note(db, 'link.made', userName, { kind, expiresAt: iso(expiresAt) });
	return { userName, path: linkPath(token), expiresAt: iso(expiresAt) };
}

interface Checked {
	readonly userName: string;
	readonly displayName: string;
	readonly role: Role;
	readonly scope: string;
	readonly lines: readonly ServiceLine[] | null;
}

/** Throws a sentence that says what to write instead. */
async function checked(db: Database, input: CreateInput): Promise<Checked> {
	const form = new Form({ userName: input.userName, displayName: input.displayName ?? input.userName });
	const names = { userName: form.userName('userName'), displayName: form.displayName('displayName') };
	if (!form.isGood)
		throw new Error('NAME: 2 to 32 of a-z, 0-9, dot, hyphen, underscore; --display: 1 to 60 characters.');
	const { role, lines } = input;
	if (!isRole(role)) throw new Error(`--role ${role}: there is no such role. See docs/SPEC.md [PE].`);
	const scope = parseScope(input.scope);
	const misfit = scope && scopeMisfit(role, scope);
	if (!scope || misfit)
		throw new Error(
			`--scope ${input.scope}: ${scope ? FITS[misfit ?? ''] : 'use city, district:CODE, street:CODE or station:CODE.'}`
		);
	const text = formatScope(scope);
	if (text !== 'city' && !(await placeNames(db, [text])).has(text))
		throw new Error(`The registry knows no ${text}. Use its code.`);
	if (lines !== null && !lines.every(isServiceLine))
		throw new Error(`--lines ${lines.join(',')}: one of them is no service line.`);
	return { ...names, role, scope: text, lines: lines === null ? null : lines.filter(isServiceLine) };
}

const FITS: Readonly<Record<string, string>> = {
	needs_city: 'this role works in the whole city: use city.',
	needs_station: 'a keeper has one station: use station:CODE.'
};

async function note(
	db: Database,
	action: string,
	userName: string,
	detail: { readonly [name: string]: unknown },
	scope: string | null = null
): Promise<void> {
	const entry = { actor: OPERATOR, action, object: `person:${userName}`, scope, result: 'ok', detail } as const;
	await appendAudit(db, [draftOf(entry, Date.now())]);
}
