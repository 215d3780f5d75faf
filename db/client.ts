/**
 * Opens the database. PGlite (embedded) and PostgreSQL speak one dialect through drizzle, so everything above this file
 * is written once. Errors of the drivers are thrown as they come: the caller knows what it was about to do.
 */
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migrateNodePostgres } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import * as schema from './schema.ts';

export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

interface OpenBase {
	readonly db: Database;
	/** Brings the tables to this version of the program. Safe to call at every start and from several processes. */
	migrate(): Promise<void>;
	close(): Promise<void>;
}

export interface OpenPglite extends OpenBase {
	readonly kind: 'pglite';
}

export interface OpenPostgres extends OpenBase {
	readonly kind: 'postgres';
	readonly pool: pg.Pool;
	/** A connection of its own, outside the pool: an advisory lock lives exactly as long as it. The caller ends it. */
	lockConnection(): Promise<pg.Client>;
}

export type OpenDatabase = OpenPglite | OpenPostgres;

const MIGRATIONS = { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) };
/** Any number, the same in every process of this product: only one migrates at a time. */
const MIGRATION_LOCK = 7_205_341;
const POOL_SIZE = 8;

/** Opens PGlite in a folder (made when missing), or in memory without one. */
export async function openPglite(dir?: string): Promise<OpenPglite> {
	const client = await PGlite.create(dir === undefined ? {} : { dataDir: dir });
	const db = drizzlePglite(client, { schema });
	return {
		kind: 'pglite',
		db,
		migrate: () => migratePglite(db, MIGRATIONS),
		close: () => client.close()
	};
}

/**
 * Opens a PostgreSQL server by its URL and proves that it answers. An idle connection that breaks is replaced by the
 * pool; `onConnectionLost` is only told.
 */
export async function openPostgres(
	url: string,
	onConnectionLost: (error: Error) => void = (error) => process.emitWarning(error)
): Promise<OpenPostgres> {
	const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE, application_name: 'yizhan' });
	pool.on('error', onConnectionLost);
	try {
		await pool.query('select 1');
	} catch (error) {
		await pool.end();
		throw error;
	}
	return {
		kind: 'postgres',
		db: drizzleNodePostgres(pool, { schema }),
		pool,
		migrate: () => migratePostgres(pool),
		close: () => pool.end(),
		async lockConnection() {
			const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'yizhan-lock' });
			await client.connect();
			return client;
		}
	};
}

async function migratePostgres(pool: pg.Pool): Promise<void> {
	const client = await pool.connect();
	try {
		await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
		await migrateNodePostgres(drizzleNodePostgres(client, { schema }), MIGRATIONS);
		await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
		client.release();
	} catch (error) {
		// the broken connection goes, and its lock with it
		client.release(true);
		throw error;
	}
}
