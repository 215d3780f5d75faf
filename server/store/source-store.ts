/** Keys of sources and how often sources are expected to speak. Only hashes of keys are stored. */
import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { sourceKeys, sources } from '#db/schema.ts';
import { bumpRegistryRevision } from './query.ts';

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Makes a key for a source and returns it: the only time that it can be read. */
export async function createSourceKey(db: Database, name: string): Promise<string> {
	const key = `yz_${randomBytes(32).toString('base64url')}`;
	await db.insert(sourceKeys).values({ name, hash: hashOf(key) });
	return key;
}

/** Name of the source a key belongs to; null when the key is none or was revoked. */
export async function sourceOfKey(db: Database, key: string): Promise<string | null> {
	const rows = await db
		.select({ name: sourceKeys.name })
		.from(sourceKeys)
		.where(and(eq(sourceKeys.hash, hashOf(key)), isNull(sourceKeys.revokedAt)));
	return rows[0]?.name ?? null;
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
