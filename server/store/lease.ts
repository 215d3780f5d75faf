/**
 * Who writes a shard. On PostgreSQL a session's advisory lock: it is let go the instant its process dies. PGlite
 * belongs to one process (the lock of DATA_DIR sees to that), so there the lease is always held.
 */
import type pg from 'pg';

/** Keeps our locks apart from those of others in the same database: "yz" in ASCII. */
const LOCK_SPACE = 0x797a;

export interface Lease {
	/** Tries once; true when this process may write the shard now (also when it could already). */
	tryAcquire(shard: number): Promise<boolean>;
	/** Calls back when held leases may be lost, since the connection broke. */
	onLost(callback: () => void): void;
	release(): Promise<void>;
}

export function localLease(): Lease {
	return { tryAcquire: async () => true, onLost: () => undefined, release: async () => undefined };
}

/** `open` gives a connection of its own: the locks live exactly as long as it. */
export function postgresLease(open: () => Promise<pg.Client>): Lease {
	let client: pg.Client | null = null;
	const held = new Set<number>();
	const lostCallbacks: (() => void)[] = [];
	let opening: Promise<pg.Client> | null = null;
	/** The end of an older connection says nothing about a newer one. */
	const drop = (ended: pg.Client): void => {
		if (ended !== client) return;
		client = null;
		opening = null;
		if (held.size === 0) return;
		held.clear();
		for (const callback of lostCallbacks) callback();
	};
	const connect = async (): Promise<pg.Client> => {
		if (client) return client;
		// One connection, however many ask for it at once: locks of a second one would never be let go.
		opening ??= open().then(
			(opened) => {
				for (const event of ['error', 'end'] as const) opened.on(event, () => drop(opened));
				client = opened;
				return opened;
			},
			(error: Error) => {
				opening = null;
				throw error;
			}
		);
		return opening;
	};
	return {
		async tryAcquire(shard) {
			const connection = await connect();
			if (held.has(shard)) {
				// Asking proves that the connection, and with it the lock, still lives.
				await connection.query('select 1');
				return held.has(shard);
			}
			const { rows } = await connection.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
				LOCK_SPACE,
				shard
			]);
			if (rows[0]?.locked) held.add(shard);
			return held.has(shard);
		},
		onLost(callback) {
			lostCallbacks.push(callback);
		},
		async release() {
			held.clear();
			await client?.end();
		}
	};
}
