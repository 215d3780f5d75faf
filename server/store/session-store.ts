/** Sessions of people. What a request shows is found by its hash, together with the person and what they may do. */
import { randomUUID } from 'node:crypto';
import { and, desc, eq, gt, inArray, isNull, ne, or } from 'drizzle-orm';
import { grants, people, sessions } from '#db/schema.ts';
import type { PersonState, Role, ServiceLine } from '#domain/role.ts';
import { hashOf, newToken } from '#server/access/tokens.ts';
import type { Database } from './query.ts';

export type SessionMethod = 'password' | 'oidc' | 'sample';
export type EndReason = 'signed_out' | 'revoked' | 'idle' | 'expired' | 'disabled' | 'password_changed' | 'replaced';

export interface NewSession {
	readonly personId: string;
	readonly method: SessionMethod;
	readonly hasSecondFactor: boolean;
	/** ms */
	readonly at: number;
	readonly endsAt: number;
	readonly address: string;
	readonly userAgent: string;
}

export interface GrantRecord {
	readonly role: Role;
	/** in the words of scopes */
	readonly scope: string;
	readonly lines: readonly ServiceLine[] | null;
	/** ms; null = without end */
	readonly expiresAt: number | null;
}

/** A session, the person it belongs to, and their grants in force; times in ms. */
export interface SessionRecord {
	readonly id: string;
	readonly method: SessionMethod;
	readonly hasSecondFactor: boolean;
	readonly activeAt: number;
	readonly endsAt: number;
	readonly endReason: EndReason | null;
	readonly person: {
		readonly id: string;
		readonly userName: string;
		readonly displayName: string;
		readonly state: PersonState;
		readonly isSample: boolean;
		readonly hasTotp: boolean;
		readonly passwordSetAt: number | null;
		readonly expiresAt: number | null;
	};
	readonly grants: readonly GrantRecord[];
}

/** The token is readable here and never again. */
export async function openSession(db: Database, session: NewSession): Promise<{ id: string; token: string }> {
	const id = randomUUID();
	const token = newToken();
	const { at, endsAt, userAgent, ...rest } = session;
	await db.insert(sessions).values({
		...rest,
		id,
		tokenHash: hashOf(token),
		userAgent: userAgent.slice(0, 300),
		createdAt: new Date(at),
		activeAt: new Date(at),
		expiresAt: new Date(endsAt)
	});
	return { id, token };
}

/** null = no such token was ever given. An ended session is found, with its reason. */
export async function findSession(db: Database, tokenHash: string, now: number): Promise<SessionRecord | null> {
	const [row] = await db
		.select({ session: sessions, person: people })
		.from(sessions)
		.innerJoin(people, eq(people.id, sessions.personId))
		.where(eq(sessions.tokenHash, tokenHash));
	if (!row) return null;
	const { session, person } = row;
	return {
		id: session.id,
		method: session.method,
		hasSecondFactor: session.hasSecondFactor,
		activeAt: session.activeAt.getTime(),
		endsAt: session.expiresAt.getTime(),
		endReason: session.endedAt === null ? null : ((session.endReason ?? 'revoked') as EndReason),
		person: {
			id: person.id,
			userName: person.userName,
			displayName: person.displayName,
			state: person.state,
			isSample: person.isSample,
			hasTotp: person.totpConfirmedAt !== null,
			passwordSetAt: person.passwordSetAt?.getTime() ?? null,
			expiresAt: person.expiresAt?.getTime() ?? null
		},
		grants: await grantsInForce(db, person.id, now)
	};
}

/** Approved, not withdrawn, not over. */
async function grantsInForce(db: Database, personId: string, now: number): Promise<GrantRecord[]> {
	const inForce = or(isNull(grants.expiresAt), gt(grants.expiresAt, new Date(now)));
	const rows = await db
		.select({ role: grants.role, scope: grants.scope, lines: grants.lines, expiresAt: grants.expiresAt })
		.from(grants)
		.where(and(eq(grants.personId, personId), eq(grants.state, 'active'), inForce))
		.orderBy(grants.id);
	return rows.map((row) => ({ ...row, expiresAt: row.expiresAt?.getTime() ?? null }));
}

/** A hand moved. */
export async function touchSession(db: Database, id: string, at: number): Promise<void> {
	await db
		.update(sessions)
		.set({ activeAt: new Date(at) })
		.where(and(eq(sessions.id, id), isNull(sessions.endedAt)));
}

/** The second factor was shown: the session goes on under a new token, so that one seen before is worth nothing. */
export async function proveSecondFactor(db: Database, id: string, at: number): Promise<string> {
	const token = newToken();
	await db
		.update(sessions)
		.set({ hasSecondFactor: true, tokenHash: hashOf(token), activeAt: new Date(at) })
		.where(and(eq(sessions.id, id), isNull(sessions.endedAt)));
	return token;
}

export async function endSession(db: Database, id: string, reason: EndReason, at: number): Promise<boolean> {
	const rows = await db
		.update(sessions)
		.set({ endedAt: new Date(at), endReason: reason })
		.where(and(eq(sessions.id, id), isNull(sessions.endedAt)))
		.returning({ id: sessions.id });
	return rows.length > 0;
}

/** Ends all open sessions of a person, but one if asked; the ids of those that ended. */
export async function endSessionsOf(
	db: Database,
	personId: string,
	reason: EndReason,
	at: number,
	exceptId?: string
): Promise<string[]> {
	const others = exceptId === undefined ? undefined : ne(sessions.id, exceptId);
	const rows = await db
		.update(sessions)
		.set({ endedAt: new Date(at), endReason: reason })
		.where(and(eq(sessions.personId, personId), isNull(sessions.endedAt), others))
		.returning({ id: sessions.id });
	return rows.map(({ id }) => id);
}

/** A session as people see it; times in ms. */
export interface SessionListed {
	readonly id: string;
	readonly personId: string;
	readonly method: SessionMethod;
	readonly createdAt: number;
	readonly activeAt: number;
	readonly endsAt: number;
	readonly address: string;
	readonly userAgent: string;
}

/** Open sessions of these people, the newest first. */
export async function sessionsOf(
	db: Database,
	personIds: readonly string[],
	now: number
): Promise<readonly SessionListed[]> {
	if (personIds.length === 0) return [];
	const rows = await db
		.select()
		.from(sessions)
		.where(
			and(inArray(sessions.personId, [...personIds]), isNull(sessions.endedAt), gt(sessions.expiresAt, new Date(now)))
		)
		.orderBy(desc(sessions.createdAt));
	return rows.map((row) => ({
		id: row.id,
		personId: row.personId,
		method: row.method,
		createdAt: row.createdAt.getTime(),
		activeAt: row.activeAt.getTime(),
		endsAt: row.expiresAt.getTime(),
		address: row.address,
		userAgent: row.userAgent
	}));
}
