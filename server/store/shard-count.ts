/** The number of streams is part of the data: a site's values lie with the shard that its district fell to. */
import { eq } from 'drizzle-orm';
import { settings } from '#db/schema.ts';
import type { Database } from './query.ts';

const KEY = 'shards';

/** Remembers the number at the first start; answers the number that the data was written with. */
export async function shardCountOf(db: Database, shards: number): Promise<number> {
	await db
		.insert(settings)
		.values({ key: KEY, value: String(shards) })
		.onConflictDoNothing();
	const [row] = await db.select().from(settings).where(eq(settings.key, KEY));
	return Number(row?.value ?? shards);
}
