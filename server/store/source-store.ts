/**
 * Source accounts, their keys, and how often sources are expected to speak. An account says what may be written with its
 * keys; of a key only its SHA-256 and its last characters are kept [SO].
 */
import { and, asc, eq, gt, isNull, lt, or } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { areas, sites, sourceAccounts, sourceKeys, sources } from '#db/schema.ts';
import { parseScope, type Scope } from '#domain/scope.ts';
import { hashOf, newToken } from '#server/access/tokens.ts';
import { bumpRegistryRevision } from './query.ts';

const KEY_PREFIX = 'yz_';
/** Characters of a key that are kept to tell keys apart: 24 of its 256 bits. */
const HINT_LENGTH = 4;

/** What may come with the keys of an account. */
export interface SourceGrants {
	/** CloudEvents `source` values; null = any */
	readonly sources: readonly string[] | null;
	/** event types; null = any */
	readonly types: readonly string[] | null;
	/** stations: `city`, `district:CODE`, `street:CODE`, `station:CODE` */
	readonly scope: string;
}

/** What an account without a row may do: keys from before there were accounts, and keys made without saying more. */
export const EVERYTHING: SourceGrants = { sources: null, types: null, scope: 'city' };

/** Whom a key belongs to, as the event door asks it. */
export interface SourceAccount {
	readonly name: string;
	readonly keyId: number;
	readonly sources: ReadonlySet<string> | null;
	readonly types: ReadonlySet<string> | null;
	readonly scope: Scope;
	/** ms: the key stops by itself then; null = it does not */
	readonly endsAt: number | null;
}

/** A key as people see it. Times in ms. */
export interface KeyRecord {
	readonly id: number;
	/** the last characters; null = a key from before they were kept */
	readonly hint: string | null;
	readonly createdAt: number;
	readonly createdBy: string;
	readonly expiresAt: number | null;
	readonly lastUsedAt: number | null;
	readonly lastAddress: string | null;
	readonly revokedAt: number | null;
}

export interface SourceRecord extends SourceGrants {
	readonly name: string;
	/** null = keys only, no account was ever made */
	readonly createdAt: number | null;
	readonly createdBy: string | null;
	/** newest first */
	readonly keys: readonly KeyRecord[];
}

type Writer = Pick<Database, 'insert' | 'update' | 'select'>;

/** Makes a key for a source and returns it: the only time that it can be read. A source that is new may write everything. */
export async function createSourceKey(db: Writer, name: string, by = 'operator'): Promise<string> {
	await db.insert(sourceAccounts).values({ name, createdBy: by }).onConflictDoNothing();
	const key = newToken(KEY_PREFIX);
	await db.insert(sourceKeys).values({ name, hash: hashOf(key), hint: key.slice(-HINT_LENGTH), createdBy: by });
	return key;
}

/** A new account with its first key; null = the name is taken, by an account or by keys. */
export async function makeSource(
	db: Database,
	source: SourceGrants & { readonly name: string },
	by: string
): Promise<string | null> {
	const { name, sources: values, types, scope } = source;
	return db.transaction(async (tx) => {
		const [older] = await tx.select({ id: sourceKeys.id }).from(sourceKeys).where(eq(sourceKeys.name, name)).limit(1);
		if (older) return null;
		const made = await tx
			.insert(sourceAccounts)
			.values({ name, sources: values && [...values], types: types && [...types], scope, createdBy: by })
			.onConflictDoNothing()
			.returning({ name: sourceAccounts.name });
		return made.length === 0 ? null : createSourceKey(tx, name, by);
	});
}

/** Sets what an account may write from now on; false = there is no such source. */
export async function changeSource(db: Database, name: string, grants: SourceGrants, by: string): Promise<boolean> {
	if (!(await hasSource(db, name))) return false;
	const set = {
		sources: grants.sources && [...grants.sources],
		types: grants.types && [...grants.types],
		scope: grants.scope
	};
	await db
		.insert(sourceAccounts)
		.values({ name, ...set, createdBy: by })
		.onConflictDoUpdate({ target: sourceAccounts.name, set });
	return true;
}

async function hasSource(db: Writer, name: string): Promise<boolean> {
	const accounts = await db
		.select({ name: sourceAccounts.name })
		.from(sourceAccounts)
		.where(eq(sourceAccounts.name, name));
	if (accounts.length > 0) return true;
	const keys = await db.select({ id: sourceKeys.id }).from(sourceKeys).where(eq(sourceKeys.name, name)).limit(1);
	return keys.length > 0;
}

/**
 * A new key, and an end for the others: they work until `keepUntil`, so that every device can be given the new one first.
 * Keys that end sooner are left as they are. null = there is no such source.
 */
export async function rotateSourceKey(
	db: Database,
	name: string,
	keepUntil: Date,
	by: string
): Promise<{ readonly key: string; readonly ending: number } | null> {
	return db.transaction(async (tx) => {
		if (!(await hasSource(tx, name))) return null;
		const { expiresAt } = sourceKeys;
		const ending = await tx
			.update(sourceKeys)
			.set({ expiresAt: keepUntil })
			.where(
				and(eq(sourceKeys.name, name), isNull(sourceKeys.revokedAt), or(isNull(expiresAt), gt(expiresAt, keepUntil)))
			)
			.returning({ id: sourceKeys.id });
		return { key: await createSourceKey(tx, name, by), ending: ending.length };
	});
}

/** Takes keys away at once; those that were taken, by name and hint. Keys that ended before are left out. */
export async function revokeKeys(
	db: Database,
	which: { readonly name: string; readonly id?: number },
	at: Date
): Promise<{ readonly id: number; readonly name: string; readonly hint: string | null }[]> {
	const { name, id } = which;
	return db
		.update(sourceKeys)
		.set({ revokedAt: at })
		.where(
			and(
				eq(sourceKeys.name, name),
				isNull(sourceKeys.revokedAt),
				or(isNull(sourceKeys.expiresAt), gt(sourceKeys.expiresAt, at)),
				id === undefined ? undefined : eq(sourceKeys.id, id)
			)
		)
		.returning({ id: sourceKeys.id, name: sourceKeys.name, hint: sourceKeys.hint });
}

/** Whom a key belongs to; null when it is none, was revoked or has ended. */
export async function accountOfKey(db: Database, key: string, now: Date): Promise<SourceAccount | null> {
	const rows = await db
		.select({ key: sourceKeys, account: sourceAccounts })
		.from(sourceKeys)
		.leftJoin(sourceAccounts, eq(sourceAccounts.name, sourceKeys.name))
		.where(
			and(
				eq(sourceKeys.hash, hashOf(key)),
				isNull(sourceKeys.revokedAt),
				or(isNull(sourceKeys.expiresAt), gt(sourceKeys.expiresAt, now))
			)
		);
	const [row] = rows;
	if (!row) return null;
	const grants: SourceGrants = row.account ?? EVERYTHING;
	const scope = parseScope(grants.scope);
	// A scope that cannot be read grants nothing.
	if (!scope) return null;
	return {
		name: row.key.name,
		keyId: row.key.id,
		sources: grants.sources && new Set(grants.sources),
		types: grants.types && new Set(grants.types),
		scope,
		endsAt: row.key.expiresAt?.getTime() ?? null
	};
}

/** Every account with its keys, by name; names that have keys alone are among them. */
export const listSources = (db: Database): Promise<SourceRecord[]> => readSources(db, null);

export async function findSource(db: Database, name: string): Promise<SourceRecord | null> {
	return (await readSources(db, name))[0] ?? null;
}

async function readSources(db: Database, name: string | null): Promise<SourceRecord[]> {
	const isAccount = name === null ? undefined : eq(sourceAccounts.name, name);
	const isKey = name === null ? undefined : eq(sourceKeys.name, name);
	const [accounts, keys] = await Promise.all([
		db.select().from(sourceAccounts).where(isAccount),
		db.select().from(sourceKeys).where(isKey).orderBy(asc(sourceKeys.id))
	]);
	const byName = new Map<string, SourceRecord & { keys: KeyRecord[] }>(
		accounts.map(({ name, createdAt, createdBy, ...grants }) => [
			name,
			{ name, ...grants, createdAt: createdAt.getTime(), createdBy, keys: [] }
		])
	);
	for (const row of keys) {
		let record = byName.get(row.name);
		if (!record) {
			record = { name: row.name, ...EVERYTHING, createdAt: null, createdBy: null, keys: [] };
			byName.set(row.name, record);
		}
		record.keys.unshift(keyRecord(row));
	}
	return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'));
}

function keyRecord(row: typeof sourceKeys.$inferSelect): KeyRecord {
	const { id, hint, createdBy, lastAddress } = row;
	return {
		id,
		hint,
		createdAt: row.createdAt.getTime(),
		createdBy,
		expiresAt: row.expiresAt?.getTime() ?? null,
		lastUsedAt: row.lastUsedAt?.getTime() ?? null,
		lastAddress,
		revokedAt: row.revokedAt?.getTime() ?? null
	};
}

/** Keeps when and from where a key was used last; of several processes the latest stands. */
export async function noteKeyUse(db: Database, keyId: number, at: Date, address: string): Promise<void> {
	await db
		.update(sourceKeys)
		.set({ lastUsedAt: at, lastAddress: address })
		.where(and(eq(sourceKeys.id, keyId), or(isNull(sourceKeys.lastUsedAt), lt(sourceKeys.lastUsedAt, at))));
}

/** Whether the registry knows the place that a scope names. */
export async function hasPlace(db: Database, scopeText: string): Promise<boolean> {
	const scope = parseScope(scopeText);
	if (!scope || scope.level === 'city') return scope !== null;
	const { level, code } = scope;
	const rows =
		level === 'station'
			? await db.select({ code: sites.code }).from(sites).where(eq(sites.code, code))
			: await db
					.select({ code: areas.code })
					.from(areas)
					.where(and(eq(areas.code, code), eq(areas.level, level)));
	return rows.length > 0;
}

/** source → expected seconds between two events */
export async function loadSourcePeriods(db: Database): Promise<Map<string, number>> {
	const rows = await db.select().from(sources);
	return new Map(rows.map((row) => [row.source, row.periodSeconds]));
}

/** Running servers see it with the registry's next revision. */
export async function setSourcePeriod(db: Database, source: string, periodSeconds: number): Promise<void> {
	await db.transaction(async (tx) => {
		await tx.insert(sources).values({ source, periodSeconds }).onConflictDoUpdate({
			target: sources.source,
			set: { periodSeconds }
		});
		await bumpRegistryRevision(tx);
	});
}
