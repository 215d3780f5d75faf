import { startPostgres } from './postgres-server.ts';

/** Vitest runs this once before the integration tests and calls the answer after them, also when tests failed. */
export default async function setup(): Promise<() => Promise<void>> {
	const postgres = await startPostgres();
	// Workers inherit the environment of this process.
	process.env['TEST_POSTGRES_URL'] = postgres.url;
	return postgres.stop;
}
