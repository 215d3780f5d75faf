import { sql, type SQL } from 'drizzle-orm';
import type { Database } from '#db/client.ts';

export type { Database };

/** A database or a transaction in it. */
export type Executor = Pick<Database, 'execute'>;

/** Runs a statement written as SQL. Both drivers answer with `rows`, which drizzle's common type does not say. */
export async function query<Row = Record<string, unknown>>(executor: Executor, statement: SQL): Promise<Row[]> {
	const result = (await executor.execute(statement)) as { rows: Row[] };
	return result.rows;
}

/** Tells running servers that the registry changed: they look at this number every two seconds. */
export async function bumpRegistryRevision(executor: Executor): Promise<void> {
	await query(
		executor,
		sql`insert into settings (key, value) values ('registry_revision', '1')
			on conflict (key) do update set value = (settings.value::bigint + 1)::text`
	);
}
