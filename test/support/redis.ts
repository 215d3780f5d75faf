import { createClient } from 'redis';
import { startEmbeddedRedis, type EmbeddedRedis, type RedisState } from '#server/embedded/redis-child.ts';
import { tempDir } from './temp-dir.ts';

/** A plain client; node-redis types every configuration differently, so the type is taken from the call we make. */
export type TestRedisClient = ReturnType<typeof unixClient>;

export type TestRedis = {
	socketPath: string;
	/** The data folder: `redis.sock`, `redis/` (the append-only file), `redis.pid`. */
	dataDir: string;
	/** A new connected client; closed by `stop()`. */
	client: () => Promise<TestRedisClient>;
	/** SIGKILL to the server. It is supervised, so it comes back by itself with its data. */
	kill: () => void;
	/** Resolves at the next change to this state. */
	next: (state: RedisState) => Promise<void>;
	/** Closes the clients, ends the server, removes its folder. */
	stop: () => Promise<void>;
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A real Redis for one test file: on a unix socket in a folder of its own, append-only file on, as in the product. */
export async function startTestRedis(): Promise<TestRedis> {
	const dir = tempDir('redis');
	const waiting: { state: RedisState; resolve: () => void }[] = [];
	const onStateChange = (state: RedisState): void => {
		for (const one of waiting.filter((each) => each.state === state)) {
			waiting.splice(waiting.indexOf(one), 1);
			one.resolve();
		}
	};
	const redis = await startEmbeddedRedis({ dataDir: dir.path, log: silent, onStateChange });
	const clients: TestRedisClient[] = [];
	return {
		socketPath: redis.socketPath,
		dataDir: dir.path,
		async client() {
			const client = unixClient(redis.socketPath);
			clients.push(client);
			await client.connect();
			return client;
		},
		kill: () => killNow(redis),
		next: (state) => new Promise((resolve) => waiting.push({ state, resolve })),
		async stop() {
			for (const client of clients) client.destroy();
			await redis.stop();
			dir.remove();
		}
	};
}

function unixClient(path: string) {
	const client = createClient({ socket: { path, reconnectStrategy: 50 } });
	// Without a listener a lost connection would end the test process; a test that kills Redis expects the loss.
	client.on('error', () => undefined);
	return client;
}

function killNow(redis: EmbeddedRedis): void {
	const pid = redis.pid();
	if (pid === null) throw new Error('Redis is down already.');
	process.kill(pid, 'SIGKILL');
}
