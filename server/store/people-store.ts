/** Accounts of people: found, made, changed. Times are ms. What they sign in with: credential-store.ts. */
import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import { people } from '#db/schema.ts';
import type { PersonState } from '#domain/role.ts';
import type { Database } from './query.ts';

/** An account as the server knows it: secrets included, never sent. */
export interface PersonRecord {
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly state: PersonState;
	readonly isSample: boolean;
	readonly passwordHash: string | null;
	readonly passwordSetAt: number | null;
	readonly lockedUntil: number | null;
	readonly totpSecret: string | null;
	readonly isTotpConfirmed: boolean;
	readonly recoveryCodesLeft: number;
	readonly externalName: string | null;
	readonly externalSubject: string | null;
	readonly expiresAt: number | null;
	readonly lastSignInAt: number | null;
	readonly createdAt: number;
	readonly createdBy: string;
}

export interface NewPerson {
	readonly userName: string;
	readonly displayName: string;
	readonly externalName: string | null;
	readonly expiresAt: number | null;
	readonly createdBy: string;
	readonly at: number;
	readonly isSample?: boolean;
}

type Row = typeof people.$inferSelect;
export type Tx = Pick<Database, 'insert' | 'update' | 'delete' | 'select' | 'execute'>;

const ms = (moment: Date | null): number | null => moment?.getTime() ?? null;

const recordOf = (row: Row): PersonRecord => ({
	id: row.id,
	userName: row.userName,
	displayName: row.displayName,
	state: row.state,
	isSample: row.isSample,
	passwordHash: row.passwordHash,
	passwordSetAt: ms(row.passwordSetAt),
	lockedUntil: ms(row.lockedUntil),
	totpSecret: row.totpSecret,
	isTotpConfirmed: row.totpConfirmedAt !== null,
	recoveryCodesLeft: row.recoveryHashes.length,
	externalName: row.externalName,
	externalSubject: row.externalSubject,
	expiresAt: ms(row.expiresAt),
	lastSignInAt: ms(row.lastSignInAt),
	createdAt: row.createdAt.getTime(),
	createdBy: row.createdBy
});

async function one(db: Tx, where: SQL | undefined): Promise<PersonRecord | null> {
	const [row] = await db.select().from(people).where(where);
	return row ? recordOf(row) : null;
}

export const personById = (db: Tx, id: string): Promise<PersonRecord | null> => one(db, eq(people.id, id));
/** User names are stored in lower case. */
export const personByName = (db: Tx, userName: string): Promise<PersonRecord | null> =>
	one(db, eq(people.userName, userName.trim().toLowerCase()));
export const personBySubject = (db: Tx, subject: string): Promise<PersonRecord | null> =>
	one(db, eq(people.externalSubject, subject));

export async function allPeople(db: Tx): Promise<readonly PersonRecord[]> {
	return (await db.select().from(people).orderBy(asc(people.userName))).map(recordOf);
}

export async function samplePeople(db: Tx): Promise<readonly PersonRecord[]> {
	const rows = await db.select().from(people).where(eq(people.isSample, true)).orderBy(asc(people.createdAt));
	return rows.map(recordOf);
}

/** id → display name, for those who did something. */
export async function displayNames(db: Tx, ids: readonly string[]): Promise<Map<string, string>> {
	if (ids.length === 0) return new Map();
	const rows = await db
		.select({ id: people.id, name: people.displayName })
		.from(people)
		.where(inArray(people.id, [...new Set(ids)]));
	return new Map(rows.map(({ id, name }) => [id, name]));
}

/** null = the user name or the external name belongs to somebody already. */
export async function insertPerson(tx: Tx, person: NewPerson): Promise<string | null> {
	const { at, expiresAt, isSample = false, ...rest } = person;
	const rows = await tx
		.insert(people)
		.values({
			...rest,
			id: randomUUID(),
			isSample,
			state: isSample ? 'active' : 'invited',
			expiresAt: expiresAt === null ? null : new Date(expiresAt),
			createdAt: new Date(at)
		})
		.onConflictDoNothing()
		.returning({ id: people.id });
	return rows[0]?.id ?? null;
}

export interface PersonChange {
	readonly displayName?: string;
	readonly externalName?: string | null;
	readonly expiresAt?: number | null;
	readonly state?: PersonState;
}

/** false = the external name belongs to somebody else. Another external name has to prove its subject anew. */
export async function changePerson(tx: Tx, id: string, change: PersonChange): Promise<boolean> {
	const { expiresAt, externalName, ...rest } = change;
	if (externalName !== undefined && externalName !== null) {
		const owner = await one(tx, eq(people.externalName, externalName));
		if (owner && owner.id !== id) return false;
	}
	const isNewName = externalName !== undefined && (await personById(tx, id))?.externalName !== externalName;
	const set = {
		...rest,
		...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
		...(isNewName ? { externalName, externalSubject: null } : {})
	};
	if (Object.keys(set).length > 0) await tx.update(people).set(set).where(eq(people.id, id));
	return true;
}

// ── The federation's own sign-in ────────────────────────────────────────────────────────────────────────────────────

/** The first who comes under an external name is bound to it; null = there is none to bind. */
export async function bindSubject(db: Database, externalName: string, subject: string): Promise<PersonRecord | null> {
	const [row] = await db
		.update(people)
		.set({ externalSubject: subject })
		.where(and(eq(people.externalName, externalName), isNull(people.externalSubject)))
		.returning();
	return row ? recordOf(row) : null;
}

export async function activate(db: Database, id: string): Promise<void> {
	await db
		.update(people)
		.set({ state: 'active' })
		.where(and(eq(people.id, id), eq(people.state, 'invited')));
}
