import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { openPglite, openPostgres, type OpenDatabase } from '#db/client.ts';

export type TestDatabase = {
	name: 'pglite' | 'postgres';
	/** A new, empty, migrated database; `close()` also throws it away. */
	open: () => Promise<OpenDatabase>;
};

/**
 * Both kinds of database, for contract tests: `describe.each(testDatabases())('$name', ({ open }) => …)`.
 * Integration tests only: their setup starts the PostgreSQL server.
 */
export function testDatabases(): TestDatabase[] {
	return [
		{ name: 'pglite', open: openTestPglite },
		{ name: 'postgres', open: async () => openTestPostgres(serverUrl()) }
	];
}

async function openTestPglite(): Promise<OpenDatabase> {
	const database = await openPglite();
	await database.migrate();
	return database;
}

/** `url`: a server on which databases may be created. Outside the integration tests see `startPostgres()`. */
export async function openTestPostgres(url: string): Promise<OpenDatabase> {
	const name = `test_${randomUUID().replaceAll('-', '')}`;
	await runOn(url, `CREATE DATABASE ${name}`);
	const own = new URL(url);
	own.pathname = `/${name}`;
	const database = await openPostgres(own.href);
	await database.migrate();
	return {
		...database,
		async close() {
			await database.close();
			await runOn(url, `DROP DATABASE ${name} WITH (FORCE)`);
		}
	};
}

function serverUrl(): string {
	const url = process.env['TEST_POSTGRES_URL'];
	if (url === undefined) throw new Error('testDatabases() needs the PostgreSQL server of the integration tests.');
	return url;
}

async function runOn(url: string, statement: string): Promise<void> {
	const client = new Client({ connectionString: url });
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}
