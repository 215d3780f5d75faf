/** Screens that wait for somebody to enter their code. Of what the screen's browser holds only a hash is stored. */
import { and, asc, count, eq, gt, inArray, isNull, lte, ne } from 'drizzle-orm';
import { screenPairings, screens } from '#db/schema.ts';
import type { Database } from './query.ts';
import { createScreen, screenById, type NewScreen, type ScreenRecord } from './screen-store.ts';

/** Times are ms. */
export interface PairingRecord {
	readonly code: string;
	readonly address: string;
	readonly createdAt: number;
	readonly expiresAt: number;
	/** null = nobody has entered the code yet */
	readonly screenId: number | null;
}

export interface NewPairing {
	readonly deviceHash: string;
	readonly code: string;
	readonly address: string;
	/** ms */
	readonly at: number;
	readonly expiresAt: number;
	/** codes of one address that wait; the oldest of others give way to a new one */
	readonly maxOfAddress: number;
	/** pairings of others at a time */
	readonly maxInAll: number;
}

/**
 * Begins, or begins anew with another code. Whoever asks again and again drives out codes of the own address, not the screens
 * behind it that come later. `too_many`: that many wait in all. Codes that ran out are cleared away.
 */
export async function openPairing(db: Database, pairing: NewPairing): Promise<'open' | 'too_many'> {
	const { deviceHash, code, address, at, expiresAt, maxOfAddress, maxInAll } = pairing;
	return db.transaction(async (tx) => {
		await tx.delete(screenPairings).where(lte(screenPairings.expiresAt, new Date(at)));
		const others = ne(screenPairings.deviceHash, deviceHash);
		const all = (await tx.select({ count: count() }).from(screenPairings).where(others))[0]?.count ?? 0;
		// One that is paired already only has to fetch its token: it is driven out by nobody.
		const ofAddress = await tx
			.select({ deviceHash: screenPairings.deviceHash })
			.from(screenPairings)
			.where(and(others, eq(screenPairings.address, address), isNull(screenPairings.screenId)))
			.orderBy(asc(screenPairings.createdAt), asc(screenPairings.deviceHash));
		const leaving = ofAddress.slice(0, Math.max(0, ofAddress.length - maxOfAddress + 1));
		if (all - leaving.length >= maxInAll) return 'too_many';
		const gone = leaving.map((one) => one.deviceHash);
		if (gone.length > 0) await tx.delete(screenPairings).where(inArray(screenPairings.deviceHash, gone));
		const values = { code, address, createdAt: new Date(at), expiresAt: new Date(expiresAt), screenId: null };
		await tx
			.insert(screenPairings)
			.values({ deviceHash, ...values })
			.onConflictDoUpdate({ target: screenPairings.deviceHash, set: values });
		return 'open';
	});
}

/** Null = there is none, or its code ran out. */
export async function findPairing(db: Database, deviceHash: string, at: number): Promise<PairingRecord | null> {
	return pairingWhere(db, eq(screenPairings.deviceHash, deviceHash), at);
}

/** Of a code that somebody may still enter. */
export async function findWaiting(db: Database, code: string, at: number): Promise<PairingRecord | null> {
	return pairingWhere(db, and(eq(screenPairings.code, code), isNull(screenPairings.screenId)), at);
}

/**
 * Somebody entered a code: makes the screen, with a token that nobody has yet. Number of the screen; null = the code is
 * none, ran out, or was used, be it a moment ago by somebody else. The screen has until `collectUntil` to fetch its token.
 */
export async function pairScreen(
	db: Database,
	code: string,
	screen: NewScreen,
	collectUntil: number
): Promise<number | null> {
	return db.transaction(async (tx) => {
		const waiting = and(
			eq(screenPairings.code, code),
			isNull(screenPairings.screenId),
			gt(screenPairings.expiresAt, new Date(screen.at))
		);
		const [pairing] = await tx.select().from(screenPairings).where(waiting).for('update');
		if (!pairing) return null;
		const id = await createScreen(tx, screen);
		await tx
			.update(screenPairings)
			.set({ screenId: id, expiresAt: new Date(collectUntil) })
			.where(eq(screenPairings.deviceHash, pairing.deviceHash));
		return id;
	});
}

/**
 * The paired screen fetches its token. An answer that got lost on the way is fetched again: the newest token counts. Null =
 * it is not paired, or was revoked before it came.
 */
export async function collectScreen(
	db: Database,
	deviceHash: string,
	tokenHash: string,
	at: number
): Promise<ScreenRecord | null> {
	const pairing = await findPairing(db, deviceHash, at);
	if (pairing === null || pairing.screenId === null) return null;
	const rows = await db
		.update(screens)
		.set({ tokenHash })
		.where(and(eq(screens.id, pairing.screenId), isNull(screens.revokedAt)))
		.returning({ id: screens.id });
	return rows.length > 0 ? screenById(db, pairing.screenId) : null;
}

/** The screen has come with its token: what it paired with opens nothing any more. */
export async function endPairingOf(db: Database, screenId: number): Promise<void> {
	await db.delete(screenPairings).where(eq(screenPairings.screenId, screenId));
}

async function pairingWhere(db: Database, where: ReturnType<typeof and>, at: number): Promise<PairingRecord | null> {
	const rows = await db
		.select()
		.from(screenPairings)
		.where(and(where, gt(screenPairings.expiresAt, new Date(at))));
	const row = rows[0];
	if (!row) return null;
	const { code, address, screenId } = row;
	return { code, address, screenId, createdAt: row.createdAt.getTime(), expiresAt: row.expiresAt.getTime() };
}
