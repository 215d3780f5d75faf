/** Wall screens: devices with a read-only token each. Only hashes of tokens are stored; rows are kept when a screen is revoked. */
import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { people, screens } from '#db/schema.ts';
import type { ScreenLayout } from '#domain/role.ts';
import type { Database } from './query.ts';

/** Times are ms. */
export interface ScreenRecord {
	readonly id: number;
	readonly name: string;
	/** city | district:CODE | street:CODE */
	readonly scope: string;
	readonly layout: ScreenLayout;
	/** addresses and networks (CIDR) it may come from; empty = any */
	readonly addresses: readonly string[];
	/** id of a person, or `operator` */
	readonly pairedBy: string;
	readonly pairedAt: number;
	readonly expiresAt: number;
	/** to the minute; null = it never came */
	readonly lastSeenAt: number | null;
	readonly lastAddress: string | null;
	readonly revokedAt: number | null;
	readonly revokedBy: string | null;
}

export interface NewScreen {
	readonly name: string;
	readonly tokenHash: string;
	readonly scope: string;
	readonly layout: ScreenLayout;
	readonly addresses: readonly string[];
	readonly pairedBy: string;
	/** ms */
	readonly at: number;
	readonly expiresAt: number;
}

/** What may be changed of a screen; what is left out stays. */
export interface ScreenChange {
	readonly name?: string;
	readonly scope?: string;
	readonly layout?: ScreenLayout;
	readonly addresses?: readonly string[];
	readonly expiresAt?: number;
}

type Inserting = Pick<Database, 'insert'>;

/** Number of the new screen. Works inside a transaction too. */
export async function createScreen(db: Inserting, screen: NewScreen): Promise<number> {
	const { at, expiresAt, addresses, ...rest } = screen;
	const rows = await db
		.insert(screens)
		.values({ ...rest, addresses: [...addresses], pairedAt: new Date(at), expiresAt: new Date(expiresAt) })
		.returning({ id: screens.id });
	const id = rows[0]?.id;
	if (id === undefined) throw new Error('The database did not say which number the new screen has.');
	return id;
}

/** The screen of a token, revoked and expired ones too: the caller tells them apart. Null = no such token. */
export async function findScreen(db: Database, tokenHash: string): Promise<ScreenRecord | null> {
	const rows = await db.select().from(screens).where(eq(screens.tokenHash, tokenHash));
	return rows[0] ? recordOf(rows[0]) : null;
}

export async function screenById(db: Database, id: number): Promise<ScreenRecord | null> {
	const rows = await db.select().from(screens).where(eq(screens.id, id));
	return rows[0] ? recordOf(rows[0]) : null;
}

/** All that ever were, in the order in which they came. */
export async function listScreens(db: Database): Promise<ScreenRecord[]> {
	const rows = await db.select().from(screens).orderBy(asc(screens.id));
	return rows.map(recordOf);
}

/** What the people are called who paired and revoked; what is no person (`operator`) is not in it. */
export async function namesOfPeople(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
	if (ids.length === 0) return new Map();
	const rows = await db
		.select({ id: people.id, name: people.displayName })
		.from(people)
		.where(inArray(people.id, [...new Set(ids)]));
	return new Map(rows.map(({ id, name }) => [id, name]));
}

/** False when there is no such screen, or it was revoked before. */
export async function changeScreen(db: Database, id: number, change: ScreenChange): Promise<boolean> {
	const { expiresAt, addresses, ...rest } = change;
	const values = {
		...rest,
		...(addresses && { addresses: [...addresses] }),
		...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) })
	};
	const rows = await db.update(screens).set(values).where(isLiving(id)).returning({ id: screens.id });
	return rows.length > 0;
}

/** False when there is no such screen, or it was revoked before. */
export async function revokeScreen(db: Database, id: number, by: string, at: number): Promise<boolean> {
	const values = { revokedAt: new Date(at), revokedBy: by };
	const rows = await db.update(screens).set(values).where(isLiving(id)).returning({ id: screens.id });
	return rows.length > 0;
}

/** A screen that asks every second is written down once a minute. */
const TOUCH_EVERY_MS = 60_000;

/** Says that a screen came, from where; at most once a minute, unless its address is another one. */
export async function touchScreen(db: Database, id: number, address: string, at: number): Promise<void> {
	const isDue = or(
		isNull(screens.lastSeenAt),
		lt(screens.lastSeenAt, new Date(at - TOUCH_EVERY_MS)),
		sql`${screens.lastAddress} is distinct from ${address}`
	);
	await db
		.update(screens)
		.set({ lastSeenAt: new Date(at), lastAddress: address })
		.where(and(isLiving(id), isDue));
}

const isLiving = (id: number) => and(eq(screens.id, id), isNull(screens.revokedAt));

function recordOf(row: typeof screens.$inferSelect): ScreenRecord {
	const { tokenHash: _, pairedAt, expiresAt, lastSeenAt, revokedAt, ...rest } = row;
	return {
		...rest,
		pairedAt: pairedAt.getTime(),
		expiresAt: expiresAt.getTime(),
		lastSeenAt: lastSeenAt?.getTime() ?? null,
		revokedAt: revokedAt?.getTime() ?? null
	};
}
