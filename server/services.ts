/**
 * The two services that everything stands on, embedded or given: Redis carries events, a Postgres keeps them. Opened in
 * order, closed in reverse.
 */
import { join } from 'node:path';
import { openPglite, openPostgres, type OpenDatabase } from '#db/client.ts';
import type { Config } from './config.ts';
import { lockDataDir } from './embedded/data-dir-lock.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from './embedded/redis-child.ts';
import type { Log } from './log.ts';
import type { RedisAddress } from './stream/redis-link.ts';

export interface Services {
	readonly database: OpenDatabase;
	readonly redis: RedisAddress;
	/** false while the embedded Redis is being restarted */
	isRedisUp(): boolean;
	close(): Promise<void>;
}

/** A sentence for the person who started the program; no stack trace. */
export class StartProblem extends Error {}

/** Turns whatever a service said into one sentence that names the setting. */
export const problem =
	(what: string) =>
	(error: Error): never => {
		// Several addresses of one name fail with several errors and no words of their own.
		const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [error];
		throw new StartProblem(`${what}: ${first?.message ?? error.message}`, { cause: error });
	};

export type Say = (line: string) => void;

export async function openServices(config: Config, log: Log, say: Say): Promise<Services> {
	const closers: (() => Promise<void>)[] = [];
	const close = async (): Promise<void> => {
		for (const closer of closers.splice(0).reverse()) await closer();
	};
	try {
		if (config.redisUrl === null || config.databaseUrl === null) {
			const lock = await lockDataDir(config.dataDir).catch(problem(`DATA_DIR=${config.dataDir} cannot be used`));
			if (!lock.ok) throw new StartProblem(lock.message);
			closers.push(lock.release);
		}
		const redis = await openRedisService(config, log, say, closers);
		say(
			config.databaseUrl === null
				? `Database: embedded PGlite, ${pgliteDir(config)}`
				: 'Database: the PostgreSQL server at DATABASE_URL'
		);
		const database = await openDatabase(config).catch(
			problem(
				config.databaseUrl === null ? 'The embedded database does not open' : 'DATABASE_URL: PostgreSQL does not answer'
			)
		);
		closers.push(() => database.close());
		await database.migrate();
		return { database, ...redis, close };
	} catch (error) {
		await close();
		throw error;
	}
}

async function openRedisService(
	config: Config,
	log: Log,
	say: Say,
	closers: (() => Promise<void>)[]
): Promise<Pick<Services, 'redis' | 'isRedisUp'>> {
	if (config.redisUrl !== null) {
		say('Redis: the server at REDIS_URL');
		return { redis: { url: config.redisUrl }, isRedisUp: () => true };
	}
	let isUp = true;
	const embedded: EmbeddedRedis = await startEmbeddedRedis({
		dataDir: config.dataDir,
		log: { info: (m) => log.info(m), warn: (m) => log.warn(m), error: (m) => log.error(m) },
		onStateChange: (state, reason) => {
			isUp = state === 'up';
			log.warn({ state, reason }, 'the embedded Redis changed');
		}
	});
	closers.push(() => embedded.stop());
	say(`Redis: embedded, ${embedded.socketPath}`);
	return { redis: { socketPath: embedded.socketPath }, isRedisUp: () => isUp };
}

const pgliteDir = (config: Config): string => join(config.dataDir, 'pg');

/** The database of the configuration; the embedded one needs the lock of DATA_DIR. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
	return config.databaseUrl === null ? openPglite(pgliteDir(config)) : openPostgres(config.databaseUrl);
}
