/**
 * Events folded per second ÷ a bare loop that drains the same stream and parses its JSON: without commits, and with
 * commits on PGlite and PostgreSQL. Both sides read with the same reader.
 */
import { openPglite, openPostgres, type OpenDatabase } from '#db/client.ts';
import { emptyShard, emptyState, setRegistry } from '#domain/state.ts';
import { tickClock } from '#domain/clock.ts';
import { TICK_MS } from '#server/hub/board.ts';
import { Pipeline } from '#server/hub/pipeline.ts';
import { checkpointStore, type CheckpointStore } from '#server/store/checkpoint-store.ts';
import { streamOf } from '#server/stream/names.ts';
import { readStream } from '#server/stream/reader.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { RejectedLog } from '#server/stream/rejected.ts';
import { startPostgres } from '#test/support/postgres-server.ts';
import { startTestRedis } from '#test/support/redis.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { median, type Row } from './table.ts';
import { benchAreas, benchEvents, benchSites, storeBenchSites } from './world.ts';

const EVENTS = 1_000_000;
const ROUNDS = 3;
const silent = { info: () => undefined, warn: console.error, error: console.error };

export async function benchDrain(): Promise<Row[]> {
	const rows: Row[] = [];
	const redis = await startTestRedis();
	const postgres = await startPostgres();
	try {
		for (const sites of [801, 200_000]) {
			const link = await openRedis({ socketPath: redis.socketPath }, console.error);
			await link.flushAll();
			await fill(link, sites);
			const world = { link, sites, open: () => openRedis({ socketPath: redis.socketPath }, console.error) };
			const bare: number[] = [];
			const fold: number[] = [];
			const pglite: number[] = [];
			const postgresql: number[] = [];
			for (let round = 0; round < ROUNDS; round++) {
				bare.push(await drainBare(world));
				fold.push(await drainFold(world, noStore));
				pglite.push(await withPglite((database) => drainFold(world, database)));
				postgresql.push(await withPostgres(postgres.url, (database) => drainFold(world, database)));
			}
			const ratio = (rates: number[]): number => median(rates.map((rate, round) => rate / (bare[round] ?? Number.NaN)));
			const shown = (rates: number[]): string => `${Math.round(median(rates)).toLocaleString('en')} ev/s`;
			rows.push({ what: `bare drain, ${sites} stations`, measured: shown(bare), ratio: 1, target: '' });
			rows.push({ what: `fold, ${sites} stations`, measured: shown(fold), ratio: ratio(fold), target: '≥ 0.6' });
			rows.push({
				what: `fold + commit PGlite, ${sites}`,
				measured: shown(pglite),
				ratio: ratio(pglite),
				target: '≥ 0.4'
			});
			rows.push({
				what: `fold + commit PostgreSQL, ${sites}`,
				measured: shown(postgresql),
				ratio: ratio(postgresql),
				target: '≥ 0.4'
			});
			link.destroy();
		}
	} finally {
		await redis.stop();
		await postgres.stop();
	}
	return rows;
}

interface World {
	readonly link: Redis;
	readonly sites: number;
	readonly open: () => Promise<Redis>;
}

async function fill(redis: Redis, sites: number): Promise<void> {
	const now = Date.now();
	let waiting: Promise<unknown>[] = [];
	for (const event of benchEvents(sites, EVENTS, now - 60_000, now)) {
		waiting.push(redis.xAdd(streamOf(0), '*', { e: event }));
		if (waiting.length === 5000) {
			await Promise.all(waiting);
			waiting = [];
		}
	}
	await Promise.all(waiting);
}

/** events/s */
async function drainBare({ open }: World): Promise<number> {
	globalThis.gc?.();
	const started = performance.now();
	let count = 0;
	let reader: ReturnType<typeof readStream> | null = null;
	const link = await open();
	await new Promise<void>((resolve) => {
		reader = readStream({
			redis: link,
			stream: streamOf(0),
			position: '0-0',
			onError: console.error,
			onBatch(entries) {
				for (const [, text] of entries) if (JSON.parse(text ?? 'null') !== null) count++;
				if (count === EVENTS) resolve();
			}
		});
	});
	const rate = (EVENTS / (performance.now() - started)) * 1000;
	await (reader as ReturnType<typeof readStream> | null)?.stop();
	return rate;
}

const noStore = null;

/** events/s until the last event is folded and, with a database, committed */
async function drainFold({ link, sites, open }: World, database: OpenDatabase | null): Promise<number> {
	const state = emptyState(Date.now());
	setRegistry(state, benchSites(sites), benchAreas);
	const store = database ? checkpointStore(database.db, database.kind === 'pglite') : emptyStore;
	if (database) await storeBenchSites(database, sites);
	const last = (
		await link.sendCommand<[string, unknown][]>(['XREVRANGE', streamOf(0), '+', '-', 'COUNT', '1'])
	)[0]?.[0];
	const pipeline = new Pipeline({
		state,
		shard: emptyShard(0),
		store,
		redis: keepsItsEntries(link),
		openReader: open,
		rejected: new RejectedLog(link),
		writer: 'bench',
		now: Date.now,
		log: silent
	});
	globalThis.gc?.();
	const started = performance.now();
	if (database) await pipeline.promote();
	else await pipeline.start();
	const timer = setInterval(() => {
		tickClock(state, [pipeline.shard], Date.now());
		void pipeline.tick();
	}, TICK_MS);
	while (pipeline.shard.position !== last) await new Promise((resolve) => setTimeout(resolve, 5));
	if (pipeline.shard.taken !== EVENTS) throw new Error(`${pipeline.shard.taken} events were taken, ${EVENTS} sent`);
	clearInterval(timer);
	const seconds = (performance.now() - started) / 1000;
	await pipeline.stop();
	return EVENTS / seconds;
}

/** The same stream is read in every round, so nothing of it is trimmed. */
function keepsItsEntries(link: Redis): Redis {
	return new Proxy(link, {
		get(target, key) {
			if (key !== 'sendCommand') return Reflect.get(target, key, target);
			return (command: string[]) => (command[0] === 'XTRIM' ? Promise.resolve(0) : target.sendCommand(command));
		}
	});
}

const emptyStore: CheckpointStore = {
	commit: async () => undefined,
	load: async () => null,
	claim: async () => undefined,
	tidy: async () => undefined
};

async function withPglite<T>(run: (database: OpenDatabase) => Promise<T>): Promise<T> {
	const dir = tempDir('bench-pg');
	const database = await openPglite(`${dir.path}/pg`);
	await database.migrate();
	try {
		return await run(database);
	} finally {
		await database.close();
		dir.remove();
	}
}

async function withPostgres<T>(url: string, run: (database: OpenDatabase) => Promise<T>): Promise<T> {
	const admin = await openPostgres(url);
	const name = `bench_${process.pid}_${Math.floor(performance.now())}`;
	await admin.pool.query(`create database ${name}`);
	const database = await openPostgres(url.replace(/\/[^/]*$/, `/${name}`));
	await database.migrate();
	try {
		return await run(database);
	} finally {
		await database.close();
		await admin.pool.query(`drop database ${name} with (force)`);
		await admin.close();
	}
}
