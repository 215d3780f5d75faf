/**
 * What keeps the three administrators three people, each with keys of their own, and each of the three offices somebody's
 * [PE5, PP9, PP11, PP12]. Call these within the turn of grants: what they look at does not change then. Times are ms.
 */
import { SEPARATE_ROLES, type Role } from '#domain/role.ts';
import { hasOtherHolder, listGrants, standingGrants, type StoredGrant } from '#server/store/grant-store.ts';
import { voidLinks } from '#server/store/link-store.ts';
import { personById, type PersonRecord, type Tx } from '#server/store/people-store.ts';
import { AccountProblem } from './problem.ts';

export const isSeparate = (role: Role): boolean => SEPARATE_ROLES.some((separate) => separate === role);

/** Whether the account is somebody's: a password was set, or the federation's own sign-in was used. */
export const isActivated = ({ passwordHash, externalSubject }: PersonRecord): boolean =>
	passwordHash !== null || externalSubject !== null;

/**
 * Throws `separate_administrator` when a key of another administrator would be given: whoever makes a link can use it, and
 * would be that administrator. One's own keys are free; and so is the first link to an account that is nobody's yet, while
 * the grant is only proposed: who approves it sees the account as it is then.
 */
export async function checkKeys(
	tx: Tx,
	person: PersonRecord,
	{ by, key, now }: { by: string; key: 'link' | 'factor' | 'external_name'; now: number }
): Promise<void> {
	if (person.id === by) return;
	const offices = (await standingGrants(tx, person.id, now)).filter(({ role }) => isSeparate(role));
	if (offices.length === 0) return;
	const isFirstLink = key === 'link' && !isActivated(person) && offices.every(({ state }) => state === 'proposed');
	if (!isFirstLink) throw new AccountProblem('separate_administrator');
}

/** Before one of the three comes into office: the account is somebody's, and no link to it is out. */
export async function checkArrival(tx: Tx, { personId, role }: StoredGrant): Promise<void> {
	if (!isSeparate(role)) return;
	const person = await personById(tx, personId);
	if (!person || !isActivated(person)) throw new AccountProblem('not_activated');
	await voidLinks(tx, personId);
}

/** The sooner of two ends; null = never. */
function sooner(one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return Math.min(one, other);
}

/** Throws `last_administrator` when an office of this person, who is to stop at `end`, would be nobody's sooner than now. */
export async function keepLast(
	tx: Tx,
	person: PersonRecord,
	{ now, end }: { now: number; end: number }
): Promise<void> {
	for (const grant of await listGrants(tx, [person.id])) {
		const until = sooner(grant.expiresAt, person.expiresAt);
		if (isInForce(grant, now) && (until === null || end < until)) await keepOffice(tx, grant, { now, until });
	}
}

/** The same for one grant that is to be withdrawn. */
export async function keepLastGrant(tx: Tx, grant: StoredGrant, now: number): Promise<void> {
	if (!isInForce(grant, now)) return;
	const person = await personById(tx, grant.personId);
	await keepOffice(tx, grant, { now, until: sooner(grant.expiresAt, person?.expiresAt ?? null) });
}

async function keepOffice(
	tx: Tx,
	{ role, personId }: StoredGrant,
	time: { now: number; until: number | null }
): Promise<void> {
	if (isSeparate(role) && !(await hasOtherHolder(tx, role, personId, time)))
		throw new AccountProblem('last_administrator');
}

const isInForce = ({ state, expiresAt }: StoredGrant, now: number): boolean =>
	state === 'active' && (expiresAt === null || expiresAt > now);
