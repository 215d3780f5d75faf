/** Accounts and grants as the doors show them: what the caller may do with each is decided here, not in the page. */
import { decide } from '#domain/permission.ts';
import type { Role } from '#domain/role.ts';
import type { Caller } from '#server/access/caller.ts';
import { idleAt } from '#server/access/policy.ts';
import { placeNames, type StoredGrant } from '#server/store/grant-store.ts';
import { openLinks } from '#server/store/link-store.ts';
import { displayNames, type PersonRecord } from '#server/store/people-store.ts';
import { sessionsOf, type SessionListed } from '#server/store/session-store.ts';
import { iso, isoOrNull } from './moment.ts';
import type { Office } from './options.ts';
import type { GrantRow, PersonRow, Who } from './shapes.ts';

export type PersonRight = 'read' | 'write' | 'propose' | 'approve';

/** Rights on accounts are had in the whole city or, to propose, somewhere. */
export const mayPerson = ({ access }: Pick<Office, 'access'>, caller: Caller, right: PersonRight): boolean =>
	decide(caller.grants, { object: 'person', right, scope: null }, access.places).isAllowed;

export async function grantRows(office: Office, caller: Caller, stored: readonly StoredGrant[]): Promise<GrantRow[]> {
	const { db, now } = office;
	const names = await displayNames(
		db,
		stored.flatMap(({ proposedBy, decidedBy }) => (decidedBy === null ? [proposedBy] : [proposedBy, decidedBy]))
	);
	const places = await placeNames(
		db,
		stored.map(({ scope }) => scope)
	);
	const who = (id: string): Who => ({ id, name: names.get(id) ?? id });
	const mayApprove = mayPerson(office, caller, 'approve');
	const mayWithdraw = mayApprove || mayPerson(office, caller, 'write');
	const own = caller.kind === 'person' ? caller.id : null;
	return stored.map(({ proposedAt, decidedAt, expiresAt, proposedBy, decidedBy, ...grant }) => ({
		...grant,
		scopeName: places.get(grant.scope) ?? null,
		isExpired: grant.state === 'active' && expiresAt !== null && expiresAt <= now(),
		proposedBy: who(proposedBy),
		proposedAt: iso(proposedAt),
		decidedBy: decidedBy === null ? null : who(decidedBy),
		decidedAt: isoOrNull(decidedAt),
		expiresAt: isoOrNull(expiresAt),
		mayDecide: mayApprove && grant.state === 'proposed' && own !== proposedBy && own !== grant.personId,
		mayWithdraw: mayWithdraw && proposedBy !== DEMO && (grant.state === 'proposed' || grant.state === 'active')
	}));
}

export async function personRows(
	office: Office,
	caller: Caller,
	people: readonly PersonRecord[],
	stored: readonly StoredGrant[]
): Promise<PersonRow[]> {
	const { db, now } = office;
	const ids = people.map(({ id }) => id);
	const grants = Map.groupBy(await grantRows(office, caller, stored), ({ personId }) => personId);
	const sessions = Map.groupBy(await openSessions(office, ids, stored), ({ personId }) => personId);
	const links = await openLinks(db, ids, now());
	const names = await displayNames(
		db,
		people.map(({ createdBy }) => createdBy)
	);
	return people.map((person) => ({
		id: person.id,
		userName: person.userName,
		displayName: person.displayName,
		state: person.state,
		isSample: person.isSample,
		hasPassword: person.passwordHash !== null,
		hasSecondFactor: person.isTotpConfirmed,
		externalName: person.externalName,
		isExternalBound: person.externalSubject !== null,
		lockedUntil: person.lockedUntil !== null && person.lockedUntil > now() ? iso(person.lockedUntil) : null,
		expiresAt: isoOrNull(person.expiresAt),
		lastSignInAt: isoOrNull(person.lastSignInAt),
		createdAt: iso(person.createdAt),
		createdBy: { id: person.createdBy, name: names.get(person.createdBy) ?? person.createdBy },
		sessions: sessions.get(person.id)?.length ?? 0,
		linkUntil: isoOrNull(links.get(person.id) ?? null),
		grants: grants.get(person.id) ?? []
	}));
}

/** Who made the sample people. */
export const DEMO = 'demo';

/**
 * Sessions that still open something, the newest first. One that nobody touched stands in the table until its browser asks
 * again; here it is over already. `stored`: grants of these people, which say how long their seats wait.
 */
export async function openSessions(
	{ db, policy, now }: Office,
	personIds: readonly string[],
	stored: readonly StoredGrant[]
): Promise<readonly SessionListed[]> {
	const at = now();
	const grants = Map.groupBy(stored, ({ personId }) => personId);
	return (await sessionsOf(db, personIds, at)).filter(({ personId, activeAt }) => {
		return at < idleAt({ activeAt, grants: inForce(grants.get(personId) ?? [], at) }, policy);
	});
}

/** Approved, not withdrawn, not over. */
const inForce = (stored: readonly StoredGrant[], now: number): StoredGrant[] =>
	stored.filter(({ state, expiresAt }) => state === 'active' && (expiresAt === null || expiresAt > now));

export const rolesInForce = (stored: readonly StoredGrant[], now: number): Role[] =>
	inForce(stored, now).map(({ role }) => role);
