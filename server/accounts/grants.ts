/**
 * Grants: one person proposes, another approves. System administrators propose anything, district administrators
 * keepers and street administrators of their own area; security administrators decide, never about what they proposed
 * or what would be theirs [PP].
 */
import { formatScope } from '#domain/scope.ts';
import { scopesFor } from '#domain/permission.ts';
import { forbiddenPair, ROLES, type Role } from '#domain/role.ts';
import { covers, parseScope, type Scope } from '#domain/scope.ts';
import { ableAnywhere } from '#server/access/rule.ts';
import type { Routes } from '#server/http/route.ts';
import {
	grantById,
	inGrantTurn,
	insertGrant,
	listGrants,
	moveGrant,
	standingGrants,
	type StoredGrant
} from '#server/store/grant-store.ts';
import type { Tx } from '#server/store/people-store.ts';
import { numberOf, readForm } from './body.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import { personNamed, readProposal, type Proposal } from './proposal.ts';
import { DEMO, grantRows, mayPerson } from './rows.ts';
import { checkArrival, keepLastGrant } from './separation.ts';
import type { GrantChanged, GrantList } from './shapes.ts';
import { actorAs, door, personAt, type Visit } from './visit.ts';

export function grantRoutes(office: Office): Routes {
	const propose_ = ableAnywhere('person', 'propose');
	return new Map([
		['GET /api/grants', door(propose_, (visit) => list(office, visit))],
		['POST /api/grants/propose', door(propose_, (visit) => propose(office, visit), 201)],
		['POST /api/grants/decide', door(ableAnywhere('person', 'approve'), (visit) => decideOn(office, visit))],
		// Two roles may, by two rights; the auditor, who may read as well, is refused inside.
		['POST /api/grants/withdraw', door(ableAnywhere('person', 'read'), (visit) => withdraw(office, visit))]
	]);
}

/** What district administrators may propose. */
const LOCAL_ROLES: readonly Role[] = ['street_admin', 'keeper'];

interface May {
	readonly roles: readonly Role[];
	readonly scopes: readonly Scope[];
}

/** Who makes accounts proposes anything anywhere. */
function mayPropose(office: Office, { caller }: Visit): May {
	if (mayPerson(office, caller, 'write')) return { roles: ROLES, scopes: [{ level: 'city' }] };
	const scopes = scopesFor(caller.grants, { object: 'person', right: 'propose' }, office.access.places);
	return { roles: LOCAL_ROLES, scopes };
}

async function list(office: Office, visit: Visit): Promise<GrantList> {
	const may = mayPropose(office, visit);
	const own = personAt(visit).id;
	const stored = (await listGrants(office.db)).filter(
		({ proposedBy, role, scope }) => proposedBy === own || (may.roles.includes(role) && isWithin(office, may, scope))
	);
	const grants = await grantRows(office, visit.caller, stored);
	return { grants, may: { roles: may.roles, scopes: may.scopes.map(formatScope) } };
}

function isWithin({ access }: Office, may: May, text: string): boolean {
	const scope = parseScope(text);
	return scope !== null && may.scopes.some((wide) => covers(wide, scope, access.places));
}

async function propose(office: Office, visit: Visit): Promise<GrantChanged> {
	const { db, now } = office;
	const form = await readForm(visit.request);
	const proposal = await readProposal(office, form);
	const may = mayPropose(office, visit);
	const isAllowed = may.roles.includes(proposal.role) && isWithin(office, may, proposal.scope);
	if (!isAllowed) throw new AccountProblem('not_yours_to_propose');
	const person = await personNamed(office, form);
	const proposedBy = personAt(visit).id;
	const id = await inGrantTurn(db, async (tx) => {
		const standing = await standingGrants(tx, person.id, now());
		if (standing.some((grant) => isSame(grant, proposal))) throw new AccountProblem('wrong_state');
		checkPair(standing, proposal.role);
		const made = await insertGrant(tx, { ...proposal, personId: person.id, proposedBy, at: now() });
		await note(office, visit, { tx, action: 'grant.proposed', id: made });
		return made;
	});
	return answerOf(office, visit, id);
}

const isSame = ({ role, scope, lines }: StoredGrant, wanted: Proposal): boolean =>
	role === wanted.role && scope === wanted.scope && JSON.stringify(lines) === JSON.stringify(wanted.lines);

/** Proposed grants count too: two that wait together must not become a forbidden pair one after the other. */
function checkPair(standing: readonly StoredGrant[], role: Role): void {
	if (forbiddenPair([...standing.map((grant) => grant.role), role])) throw new AccountProblem('forbidden_pair');
}

async function decideOn(office: Office, visit: Visit): Promise<GrantChanged> {
	const { db, now, access } = office;
	const form = await readForm(visit.request);
	const id = numberOf(form, 'id');
	const isApproved = form.value('isApproved');
	if (typeof isApproved !== 'boolean') form.refuse('isApproved', 'bad_form');
	const reason = form.optionalText('reason') ?? null;
	form.check();
	const by = personAt(visit).id;
	const personId = await inGrantTurn(db, async (tx) => {
		const grant = await grantIn(tx, id, ['proposed']);
		if (grant.proposedBy === by) throw new AccountProblem('own_proposal');
		if (grant.personId === by) throw new AccountProblem('own_grant');
		if (isApproved === true) {
			if (grant.expiresAt !== null && grant.expiresAt <= now()) throw new AccountProblem('wrong_state');
			checkPair(await standingGrants(tx, grant.personId, now()), grant.role);
			await checkArrival(tx, grant);
		}
		await moveGrant(tx, id, { state: isApproved === true ? 'active' : 'declined', by, at: now(), reason });
		await note(office, visit, { tx, action: isApproved === true ? 'grant.approved' : 'grant.declined', id });
		return grant.personId;
	});
	await access.changed({ kind: 'person', id: personId });
	return answerOf(office, visit, id);
}

async function withdraw(office: Office, visit: Visit): Promise<GrantChanged> {
	const { db, now, access } = office;
	const { caller } = visit;
	const form = await readForm(visit.request);
	const id = numberOf(form, 'id');
	const reason = form.optionalText('reason') ?? null;
	form.check();
	const isAble = mayPerson(office, caller, 'approve') || mayPerson(office, caller, 'write');
	if (!isAble) throw new AccountProblem('no_right');
	const personId = await inGrantTurn(db, async (tx) => {
		const grant = await grantIn(tx, id, ['proposed', 'active']);
		// The demo city stays as it is for who comes next.
		if (grant.proposedBy === DEMO) throw new AccountProblem('sample_person');
		await keepLastGrant(tx, grant, now());
		await moveGrant(tx, id, { state: 'withdrawn', by: personAt(visit).id, at: now(), reason });
		await note(office, visit, { tx, action: 'grant.withdrawn', id });
		return grant.personId;
	});
	await access.changed({ kind: 'person', id: personId });
	return answerOf(office, visit, id);
}

/** Throws `unknown_grant`, or `wrong_state` when somebody was faster. */
async function grantIn(tx: Tx, id: number, states: readonly StoredGrant['state'][]): Promise<StoredGrant> {
	const grant = await grantById(tx, id);
	if (!grant) throw new AccountProblem('unknown_grant');
	if (!states.includes(grant.state)) throw new AccountProblem('wrong_state');
	return grant;
}

/** Writes it down with the change itself: a grant that nobody can trace is worse than none. */
async function note({ audit }: Office, visit: Visit, done: { tx: Tx; action: string; id: number }): Promise<void> {
	const { tx, action, id } = done;
	const stored = await grantById(tx, id);
	if (!stored) throw new AccountProblem('unknown_grant');
	const { userName, role, scope, lines, reason, expiresAt } = stored;
	const actor = actorAs(personAt(visit), visit.caller.address);
	const detail = { grant: id, role, lines, reason, expiresAt };
	await audit.recordIn(tx, { actor, action, object: `person:${userName}`, scope, result: 'ok', detail });
}

/** The grant as it stands. */
async function answerOf(office: Office, visit: Visit, id: number): Promise<GrantChanged> {
	const stored = await grantById(office.db, id);
	if (!stored) throw new AccountProblem('unknown_grant');
	const [grant] = await grantRows(office, visit.caller, [stored]);
	if (!grant) throw new AccountProblem('unknown_grant');
	return { grant };
}
