/**
 * What people sign in with: tries and the lockout, passwords, the second factor. Everything that works once, or counts, is one
 * statement, so that two at once cannot both have it. Times are ms. What a password is worth is decided elsewhere.
 */
import { and, desc, eq, isNull, lt, notInArray, sql } from 'drizzle-orm';
import { passwordHistory, people } from '#db/schema.ts';
import { useLink, type LinkKind } from './link-store.ts';
import { personById, type Tx } from './people-store.ts';
import { query, type Database } from './query.ts';

// ── Lockout: a try is counted before it is judged, so that many at once cannot overrun the limit ───────────────────

export interface LockoutRule {
	/** so many failures … */
	readonly tries: number;
	/** … within this time (ms) … */
	readonly windowMs: number;
	/** … lock for this long (ms) */
	readonly lockMs: number;
}

export type Try =
	{ readonly isTaken: true; readonly failures: number } | { readonly isTaken: false; readonly lockedUntil: number };

/** Counts a try as failed until it is told otherwise; the last one locks. Not taken while locked. */
export async function beginTry(db: Database, id: string, rule: LockoutRule, at: number): Promise<Try> {
	const now = new Date(at).toISOString();
	const windowStart = new Date(at - rule.windowMs).toISOString();
	const lockEnd = new Date(at + rule.lockMs).toISOString();
	// A window that is over, or a lock that is over, begins a new count.
	const isFresh = sql`(first_failure_at is null or first_failure_at < ${windowStart}::timestamptz or locked_until is not null)`;
	const failures = sql`(case when ${isFresh} then 1 else failures + 1 end)`;
	const rows = await query<{ failures: number }>(
		db,
		sql`update people set
			failures = ${failures},
			first_failure_at = case when ${isFresh} then ${now}::timestamptz else first_failure_at end,
			locked_until = case when ${failures} >= ${rule.tries}::int then ${lockEnd}::timestamptz end
			where id = ${id} and (locked_until is null or locked_until <= ${now}::timestamptz)
			returning failures`
	);
	const [taken] = rows;
	if (taken) return { isTaken: true, failures: Number(taken.failures) };
	const person = await personById(db, id);
	return { isTaken: false, lockedUntil: person?.lockedUntil ?? at + rule.lockMs };
}

/** The try was right, but more is to be shown: it alone is taken back, earlier failures stay. */
export async function refundTry(db: Database, id: string): Promise<void> {
	await db
		.update(people)
		.set({ failures: sql`greatest(${people.failures} - 1, 0)`, lockedUntil: null })
		.where(eq(people.id, id));
}

/** Signed in wholly, or unlocked by an administrator. */
export async function clearTries(db: Tx, id: string): Promise<void> {
	await db.update(people).set({ failures: 0, firstFailureAt: null, lockedUntil: null }).where(eq(people.id, id));
}

export async function noteSignIn(db: Database, id: string, at: number): Promise<void> {
	await clearTries(db, id);
	await db
		.update(people)
		.set({ lastSignInAt: new Date(at) })
		.where(eq(people.id, id));
}

// ── Passwords ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The newest former passwords, the present one included. */
export async function formerPasswords(db: Tx, id: string, count: number): Promise<string[]> {
	const rows = await db
		.select({ hash: passwordHistory.passwordHash })
		.from(passwordHistory)
		.where(eq(passwordHistory.personId, id))
		.orderBy(desc(passwordHistory.setAt))
		.limit(count);
	return rows.map(({ hash }) => hash);
}

/** Sets a password, keeps the newest `keep` of them, and makes an invited account an active one. */
export async function setPassword(tx: Tx, id: string, hash: string, at: number, keep: number): Promise<void> {
	const setAt = new Date(at);
	await tx
		.update(people)
		.set({
			passwordHash: hash,
			passwordSetAt: setAt,
			state: sql`case when state = 'invited' then 'active' else state end`
		})
		.where(eq(people.id, id));
	await tx
		.insert(passwordHistory)
		.values({ personId: id, passwordHash: hash, setAt })
		.onConflictDoUpdate({ target: [passwordHistory.personId, passwordHistory.setAt], set: { passwordHash: hash } });
	const newest = tx
		.select({ setAt: passwordHistory.setAt })
		.from(passwordHistory)
		.where(eq(passwordHistory.personId, id))
		.orderBy(desc(passwordHistory.setAt))
		.limit(keep);
	await tx
		.delete(passwordHistory)
		.where(and(eq(passwordHistory.personId, id), notInArray(passwordHistory.setAt, newest)));
}

/** The same password, hashed with the parameters of today. Not when it was changed meanwhile. */
export async function renewHash(db: Database, id: string, old: string, hash: string): Promise<void> {
	await db.transaction(async (tx) => {
		await tx
			.update(people)
			.set({ passwordHash: hash })
			.where(and(eq(people.id, id), eq(people.passwordHash, old)));
		await tx
			.update(passwordHistory)
			.set({ passwordHash: hash })
			.where(and(eq(passwordHistory.personId, id), eq(passwordHistory.passwordHash, old)));
	});
}

/**
 * A link is used up, sets the password and, when it was made for that, takes the second factor away: all or nothing. What
 * it was for; null = the link was not good any more.
 */
export async function setPasswordByLink(
	db: Database,
	input: { token: string; personId: string; hash: string; at: number; keep: number }
): Promise<LinkKind | null> {
	const { token, personId, hash, at, keep } = input;
	return db.transaction(async (tx) => {
		const kind = await useLink(tx, token, at);
		if (kind === null) return null;
		if (kind === 'reset_factor') await removeTotp(tx, personId);
		await setPassword(tx, personId, hash, at, keep);
		await clearTries(tx, personId);
		return kind;
	});
}

// ── Second factor ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Shown, not proven yet; false = there is a proven one. */
export async function startTotp(db: Database, id: string, secret: string): Promise<boolean> {
	const rows = await db
		.update(people)
		.set({ totpSecret: secret })
		.where(and(eq(people.id, id), isNull(people.totpConfirmedAt)))
		.returning({ id: people.id });
	return rows.length > 0;
}

/** Proven by a code of this step; false = another secret was started meanwhile, or it is proven already. */
export async function confirmTotp(
	db: Database,
	id: string,
	proof: { secret: string; step: number; at: number; recoveryHashes: string[] }
): Promise<boolean> {
	const rows = await db
		.update(people)
		.set({ totpConfirmedAt: new Date(proof.at), totpLastStep: proof.step, recoveryHashes: proof.recoveryHashes })
		.where(and(eq(people.id, id), eq(people.totpSecret, proof.secret), isNull(people.totpConfirmedAt)))
		.returning({ id: people.id });
	return rows.length > 0;
}

/** A code counts once: false = this step, or a later one, was taken already. */
export async function takeStep(db: Database, id: string, step: number): Promise<boolean> {
	const rows = await db
		.update(people)
		.set({ totpLastStep: step })
		.where(and(eq(people.id, id), lt(people.totpLastStep, step)))
		.returning({ id: people.id });
	return rows.length > 0;
}

/** A recovery code counts once: false = it is none, or was used. */
export async function takeRecoveryCode(db: Database, id: string, hash: string): Promise<boolean> {
	const rows = await query(
		db,
		sql`update people set recovery_hashes = recovery_hashes - ${hash}::text
			where id = ${id} and jsonb_exists(recovery_hashes, ${hash}::text) returning id`
	);
	return rows.length > 0;
}

export async function removeTotp(db: Tx, id: string): Promise<void> {
	await db
		.update(people)
		.set({ totpSecret: null, totpConfirmedAt: null, totpLastStep: 0, recoveryHashes: [] })
		.where(eq(people.id, id));
}
