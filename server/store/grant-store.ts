/**
 * Grants: proposed, decided, withdrawn. All changes of grants stand in one row (a table lock; they are few), so that two at
 * once cannot make a forbidden pair or take away the last administrator. Times are ms.
 */
import { and, desc, eq, gt, gte, inArray, isNotNull, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import { areas, grants, people, sites } from '#db/schema.ts';
import type { GrantState, Role, ServiceLine } from '#domain/role.ts';
import { parseScope } from '#domain/scope.ts';
import type { Tx } from './people-store.ts';
import { query, type Database } from './query.ts';

export interface StoredGrant {
	readonly id: number;
	readonly personId: string;
	readonly userName: string;
	readonly displayName: string;
	readonly role: Role;
	readonly scope: string;
	readonly lines: readonly ServiceLine[] | null;
	readonly state: GrantState;
	readonly reason: string | null;
	readonly proposedBy: string;
	readonly proposedAt: number;
	readonly decidedBy: string | null;
	readonly decidedAt: number | null;
	readonly expiresAt: number | null;
}

export interface NewGrant {
	readonly personId: string;
	readonly role: Role;
	readonly scope: string;
	readonly lines: readonly ServiceLine[] | null;
	readonly reason: string | null;
	readonly proposedBy: string;
	readonly at: number;
	readonly expiresAt: number | null;
	/** in force at once: setup, demo, the command line */
	readonly isActive?: boolean;
}

/** Runs a change of grants; nobody else changes one meanwhile. */
export async function inGrantTurn<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
	return db.transaction(async (tx) => {
		await query(tx, sql`lock table grants in share row exclusive mode`);
		return work(tx);
	});
}

/** The newest first; of everybody, or of these people. */
export async function listGrants(db: Tx, personIds?: readonly string[]): Promise<StoredGrant[]> {
	if (personIds?.length === 0) return [];
	const where = personIds === undefined ? undefined : inArray(grants.personId, [...personIds]);
	return select(db, where);
}

export async function grantById(db: Tx, id: number): Promise<StoredGrant | null> {
	return (await select(db, eq(grants.id, id)))[0] ?? null;
}

async function select(db: Tx, where: ReturnType<typeof and>): Promise<StoredGrant[]> {
	const rows = await db
		.select({ grant: grants, userName: people.userName, displayName: people.displayName })
		.from(grants)
		.innerJoin(people, eq(people.id, grants.personId))
		.where(where)
		.orderBy(desc(grants.id));
	return rows.map(({ grant, userName, displayName }) => ({
		...grant,
		userName,
		displayName,
		proposedAt: grant.proposedAt.getTime(),
		decidedAt: grant.decidedAt?.getTime() ?? null,
		expiresAt: grant.expiresAt?.getTime() ?? null
	}));
}

/** Proposed and active grants of a person whose time is not over: those that count for the separation of duties. */
export async function standingGrants(tx: Tx, personId: string, now: number): Promise<StoredGrant[]> {
	const isOpen = or(isNull(grants.expiresAt), gt(grants.expiresAt, new Date(now)));
	return select(tx, and(eq(grants.personId, personId), inArray(grants.state, ['proposed', 'active']), isOpen));
}

export async function insertGrant(tx: Tx, grant: NewGrant): Promise<number> {
	const { at, expiresAt, lines, isActive = false, ...rest } = grant;
	const moment = new Date(at);
	const [row] = await tx
		.insert(grants)
		.values({
			...rest,
			lines: lines === null ? null : [...lines],
			state: isActive ? 'active' : 'proposed',
			proposedAt: moment,
			decidedBy: isActive ? grant.proposedBy : null,
			decidedAt: isActive ? moment : null,
			expiresAt: expiresAt === null ? null : new Date(expiresAt)
		})
		.returning({ id: grants.id });
	if (!row) throw new Error('A grant was written and has no number.');
	return row.id;
}

export async function moveGrant(
	tx: Tx,
	id: number,
	move: { state: GrantState; by: string; at: number; reason: string | null }
): Promise<void> {
	const { state, by, at, reason } = move;
	const kept = reason === null ? {} : { reason };
	await tx
		.update(grants)
		.set({ state, decidedBy: by, decidedAt: new Date(at), ...kept })
		.where(eq(grants.id, id));
}

/**
 * Whether somebody else, who can sign in, holds this role in force at least as long as `until`, when the person's own time
 * in it is over (null = never): the last day on which the role is somebody's does not come nearer. Who has not set up
 * the second factor cannot do the work yet.
 */
export async function hasOtherHolder(
	tx: Tx,
	role: Role,
	personId: string,
	{ now, until }: { now: number; until: number | null }
): Promise<boolean> {
	const lasts = (end: typeof grants.expiresAt | typeof people.expiresAt): SQL | undefined => {
		const isLater = until === null ? undefined : and(gt(end, new Date(now)), gte(end, new Date(until)));
		return or(isNull(end), isLater);
	};
	const rows = await tx
		.select({ id: grants.id })
		.from(grants)
		.innerJoin(people, eq(people.id, grants.personId))
		.where(
			and(
				eq(grants.role, role),
				eq(grants.state, 'active'),
				lasts(grants.expiresAt),
				ne(grants.personId, personId),
				eq(people.state, 'active'),
				eq(people.isSample, false),
				isNotNull(people.totpConfirmedAt),
				lasts(people.expiresAt)
			)
		)
		.limit(1);
	return rows.length > 0;
}

/** scope → name of its area or site. What the registry does not know is not in it; neither is `city`. */
export async function placeNames(db: Tx, scopes: readonly string[]): Promise<Map<string, string>> {
	const wanted = [...new Set(scopes)].flatMap((text) => {
		const scope = parseScope(text);
		return scope && scope.level !== 'city' ? [{ text, ...scope }] : [];
	});
	const codesOf = (level: string): string[] => wanted.flatMap((scope) => (scope.level === level ? [scope.code] : []));
	const areaCodes = [...codesOf('district'), ...codesOf('street')];
	const stationCodes = codesOf('station');
	const names = new Map<string, string>();
	if (areaCodes.length > 0) {
		const { code, name, level } = areas;
		const rows = await db.select({ code, name, level }).from(areas).where(inArray(code, areaCodes));
		for (const row of rows) names.set(`${row.level}:${row.code}`, row.name);
	}
	if (stationCodes.length > 0) {
		const { code, name } = sites;
		const rows = await db.select({ code, name }).from(sites).where(inArray(code, stationCodes));
		for (const row of rows) names.set(`station:${row.code}`, row.name);
	}
	return names;
}
