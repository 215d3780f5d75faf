/** The whole product in this process, on a PostgreSQL that the test may look into: for tests of many people at once. */
import type { RequestListener } from 'node:http';
import type { OpenPostgres } from '#db/client.ts';
import { readConfig } from '#server/config.ts';
import { setPageEnvironment } from '#server/http/page-address.ts';
import { openLog } from '#server/log.ts';
import { startRuntime, type Runtime } from '#server/runtime.ts';
import { openTestPostgres } from './databases.ts';
import { tempDir } from './temp-dir.ts';

export interface Whole {
	readonly runtime: Runtime;
	readonly database: OpenPostgres;
	stop(): Promise<void>;
}

/** With the demo city and without its events. Integration tests only: their setup starts the PostgreSQL server. */
export async function startWhole(): Promise<Whole> {
	const dir = tempDir('whole');
	const database = (await openTestPostgres(process.env['TEST_POSTGRES_URL'] ?? '')) as OpenPostgres;
	const read = readConfig({
		...{ PORT: '0', DATA_DIR: dir.path, DEMO: 'registry', LOG_LEVEL: 'silent' },
		DATABASE_URL: database.pool.options.connectionString
	});
	if (!read.ok) throw new Error(read.problems.join('\n'));
	// adapter-node reads it when it is loaded, and builds the address of a page from it.
	setPageEnvironment(process.env, null);
	const built = new URL('../../build/handler.js', import.meta.url).href;
	const { handler } = (await import(built)) as { handler: RequestListener };
	const runtime = await startRuntime({
		config: read.config,
		log: openLog('silent'),
		say: () => undefined,
		build: 'test',
		pages: async () => handler
	});
	return {
		runtime,
		database,
		async stop() {
			await runtime.stop();
			await database.close();
			dir.remove();
		}
	};
}
