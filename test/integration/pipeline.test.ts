import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { areas, sites as siteTable } from '#db/schema.ts';
import type { StationEvent } from '#domain/event.ts';
import { dateText, dayOf, dayStart } from '#domain/shanghai.ts';
import { tickClock } from '#domain/clock.ts';
import type { LiveState } from '#domain/state.ts';
import { readValue } from '#domain/table.ts';
import { Committer } from '#server/hub/committer.ts';
import { Pipeline, type PipelineOptions } from '#server/hub/pipeline.ts';
import { checkpointStore, type CheckpointStore } from '#server/store/checkpoint-store.ts';
import { postgresLease } from '#server/store/lease.ts';
import { query } from '#server/store/query.ts';
import { compareEntryIds, REJECTED_STREAM } from '#server/stream/names.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { RejectedLog } from '#server/stream/rejected.ts';
import { testDatabases } from '#test/support/databases.ts';
import { startTestRedis, type TestRedis } from '#test/support/redis.ts';
import { seededRandom, station, stationEvent, visit, worldOf } from '#test/support/stations.ts';

const STREAM = 'ops:events:0';
const HOUR = 3_600_000;
const LIMIT_MS = 10_000;
/** S-1 posts hours: 20:00 to midnight. */
const evenings = Array.from({ length: 7 }, () => [{ from: 1200, to: 1440 }]);
const sites = [0, 1, 2, 3].map((slot) =>
	station(slot, { district: 'd0', street: null, hours: slot === 1 ? evenings : null })
);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
	server = await startTestRedis();
	redis = await openRedis({ socketPath: server.socketPath }, () => undefined);
});
afterAll(async () => {
	redis.destroy();
	await server.stop();
});

describe.each(testDatabases())('a pipeline on $name', ({ open }) => {
	let database: OpenDatabase;
	let store: CheckpointStore;
	let running: Pipeline[] = [];

	beforeAll(async () => {
		database = await open();
		store = checkpointStore(database.db, false);
		await database.db.insert(areas).values({ code: 'd0', name: 'd0', level: 'district' });
		await database.db.insert(siteTable).values(
			sites.map(({ slot, code }) => ({
				slot,
				code,
				name: code,
				kind: 'service_station' as const,
				districtCode: 'd0'
			}))
		);
	});
	afterAll(() => database.close());
	beforeEach(async () => {
		await redis.flushAll();
		await query(
			database.db,
			sql`truncate checkpoints, seen_segments, site_buckets, area_buckets, site_occupations, area_occupations, site_days`
		);
	});
	afterEach(async () => {
		// One that lost its shard may fail to commit; what it must do then is a test of its own.
		for (const pipeline of running) await pipeline.stop().catch(() => undefined);
		running = [];
	});

	interface Running {
		readonly pipeline: Pipeline;
		readonly state: LiveState;
		/** Ticks as the hub does, until `isDone` says so; a failed tick is followed by the next one. */
		until(isDone: () => boolean | Promise<boolean>): Promise<void>;
		/** What a SIGKILL does: it reads nothing more. */
		kill(): void;
	}

	function openPipeline(more: Partial<PipelineOptions> = {}): Running {
		const now = more.now ?? Date.now;
		const { state, shard } = worldOf(sites, now());
		const readers: Redis[] = [];
		const pipeline = new Pipeline({
			state,
			shard,
			store,
			redis,
			now,
			openReader: async () => {
				readers.push(await openRedis({ socketPath: server.socketPath }, () => undefined));
				return readers.at(-1)!;
			},
			rejected: new RejectedLog(redis),
			writer: 'one',
			log: silent,
			...more
		});
		running.push(pipeline);
		return {
			pipeline,
			state,
			async until(isDone) {
				const end = performance.now() + LIMIT_MS;
				let last: unknown = null;
				while (!(await isDone())) {
					if (performance.now() > end)
						throw new Error(`It did not come to that: at ${shard.position}, taken ${shard.taken}`, { cause: last });
					tickClock(state, [shard], now());
					await pipeline.tick().catch((error: unknown) => (last = error));
					await delay(10);
				}
			},
			kill: () => readers.at(-1)?.destroy()
		};
	}

	async function started(more: Partial<PipelineOptions> = {}): Promise<Running> {
		const one = openPipeline(more);
		await one.pipeline.start();
		await one.pipeline.promote();
		return one;
	}

	const send = (event: StationEvent | object | string, id = '*'): Promise<string> =>
		redis.sendCommand<string>(['XADD', STREAM, id, 'e', typeof event === 'string' ? event : JSON.stringify(event)]);

	const isCommitted = async (): Promise<boolean> => {
		const [last] = await redis.sendCommand<[string][]>(['XREVRANGE', STREAM, '+', '-', 'COUNT', '1']);
		return (await store.load(0))?.checkpoint.position === (last?.[0] ?? '0-0');
	};

	async function visitsStored(period = 86_400): Promise<number> {
		const [row] = await query<{ n: number | null }>(
			database.db,
			sql`select sum(visits)::int as n from site_buckets where period_seconds = ${period}`
		);
		return row?.n ?? 0;
	}

	async function rejectedEntries(): Promise<string[]> {
		const rows = await redis.sendCommand<[string, string[]][]>(['XRANGE', REJECTED_STREAM, '-', '+']);
		return rows.map(([, fields]) => `${fields[fields.indexOf('entry') + 1]} ${fields[fields.indexOf('reason') + 1]}`);
	}

	const valuesOf = (state: LiveState) =>
		sites.map(({ slot }) => [
			readValue(state.columns, 'visitsToday', slot),
			state.columns.seenAt[slot],
			state.columns.status[slot]
		]);

	test('[CO4] stream, state, stop, start again: the same state, and every bucket is the count of the input', async () => {
		const random = seededRandom(3);
		const one = await started();
		const sent: StationEvent[] = [];
		let total = 0;
		for (let i = 0; i < 500; i++) {
			const again = random() < 0.2 ? sent[Math.floor(random() * sent.length)] : undefined;
			const count = Math.floor(random() * 5) + 1;
			const event = again ?? visit(`S-${i % 4}`, Date.now() - Math.floor(random() * 20 * HOUR), count);
			if (!again) total += count;
			sent.push(event);
			await send(event);
			if (i === 250) await one.until(isCommitted);
		}
		await one.until(() => one.pipeline.shard.taken + one.pipeline.shard.duplicates === 500);
		await one.pipeline.stop();
		expect(await visitsStored()).toBe(total);
		expect([await visitsStored(300), await visitsStored(3600)]).toEqual([total, total]);
		const two = await started({ writer: 'two' });
		await two.until(() => two.pipeline.isCaughtUp);
		expect(valuesOf(two.state)).toEqual(valuesOf(one.state));
		for (const event of sent) await send(event);
		await two.until(() => two.pipeline.shard.duplicates + two.pipeline.shard.taken === 1000);
		await two.pipeline.stop();
		expect(await visitsStored()).toBe(total);
	});

	test('[CO4] one that was killed between its commits: the next goes on from the commit, nothing lost and nothing doubled', async () => {
		const one = await started();
		for (let i = 0; i < 50; i++) await send(visit('S-1', Date.now(), 1, { id: `k${i}` }));
		await one.until(isCommitted);
		for (let i = 25; i < 100; i++) await send(visit('S-1', Date.now(), 1, { id: `k${i}` }));
		await delay(50);
		one.kill();
		const two = await started({ writer: 'two' });
		await two.until(() => two.pipeline.shard.taken === 100);
		await two.pipeline.stop();
		expect(await visitsStored()).toBe(100);
		expect(two.pipeline.shard.duplicates).toBe(25);
	});

	test('[OC2] [FU4] who came, and the days that ended, stand in the database once: across a kill, a stop and copies', async () => {
		const midnight = dayStart(dayOf(Date.now()));
		const at = (hours: number): number => midnight + Math.round(hours * HOUR);
		const came = (hours: number, occupation: 'rider' | 'courier', count: number, id: string) =>
			stationEvent('station.visited', 'S-1', at(hours), { method: 'qr', occupation, count }, { id });
		const sendAt = (event: StationEvent): Promise<string> => send(event, `${Date.parse(event.time)}-*`);
		// Over midnight, as a program reads it that was away: ids tell when each entry was received.
		for (const event of [
			stationEvent('station.opened', 'S-1', at(-3), {}),
			came(-2.9, 'rider', 3, 'a'),
			came(-2.5, 'courier', 1, 'b'),
			stationEvent('station.closed', 'S-1', at(-2), {}),
			came(-1, 'rider', 2, 'c')
		])
			await sendAt(event);
		const one = await started({ now: () => at(-0.5) });
		await one.until(isCommitted);
		one.kill();
		for (const event of [came(-2.9, 'rider', 3, 'a'), came(-0.4, 'rider', 5, 'd')]) await send(event, `${at(-0.4)}-*`);
		const two = await started({ writer: 'two', now: () => at(0.2) });
		await two.until(() => two.pipeline.shard.taken === 6 && two.pipeline.isCaughtUp);
		await two.until(() => two.pipeline.shard.days.size === 0 && two.state.memory.accountedUntil[1]! >= midnight);
		await two.pipeline.stop();
		const three = await started({ writer: 'three', now: () => at(0.3) });
		await three.until(() => three.pipeline.isCaughtUp);
		await three.pipeline.stop();
		const visits = await query(
			database.db,
			sql`select occupation, sum(visits)::int as visits from site_occupations where period_seconds = 86400 group by 1 order by 1`
		);
		expect(visits).toEqual([
			{ occupation: 'courier', visits: 1 },
			{ occupation: 'rider', visits: 10 }
		]);
		// Accounted for from 21:00, the first entry. Each word of the site holds 3 minutes: three words while open, three while closed.
		const days = await query<{ slot: number; posted_s: number; open_s: number; unknown_s: number }>(
			database.db,
			sql`select slot, posted_s, open_s, closed_s, unknown_s from site_days where day = ${dateText(midnight - 1)}::date order by 1`
		);
		const [open, closed] = [3 * 180, 3 * 180];
		const expected = {
			slot: 1,
			posted_s: 3 * 3600,
			open_s: open,
			closed_s: closed,
			unknown_s: 3 * 3600 - open - closed
		};
		expect(days).toEqual([expected]);
	});

	test('[CO5] every refusal stands in ops:rejected once, those before the start, after it, and across a restart', async () => {
		const ids: string[] = [];
		for (let i = 0; i < 5; i++) ids.push(await send(`broken ${i}`));
		const one = await started();
		ids.push(await send(visit('S-9', Date.now())));
		ids.push(await redis.sendCommand<string>(['XADD', STREAM, '*', 'x', 'no field e']));
		await one.until(isCommitted);
		ids.push(await send({ type: 'station.exploded' }));
		await one.until(async () => (await rejectedEntries()).length === ids.length);
		// Killed after the refusal was written and before the commit.
		one.kill();
		const two = await started({ writer: 'two' });
		ids.push(await send('broken at last'));
		await two.until(isCommitted);
		await two.pipeline.stop();
		expect((await rejectedEntries()).map((row) => row.split(' ')[0] ?? '').toSorted(compareEntryIds)).toEqual(ids);
	});

	/** Slow as it is when there are many refusals to look through. */
	class SlowRejectedLog extends RejectedLog {
		override async recall(stream: string, position: string): Promise<void> {
			await super.recall(stream, position);
			await delay(300);
		}
	}

	test('[CO5] what is refused while the refusals of the last run are being looked through is kept too', async () => {
		const ids: string[] = [];
		for (let i = 0; i < 5; i++) ids.push(await send(`broken ${i}`));
		const one = await started({ rejected: new SlowRejectedLog(redis) });
		await one.until(isCommitted);
		expect((await rejectedEntries()).map((row) => row.split(' ')[0])).toEqual(ids);
	});

	test('[CO4] the clock goes on ticking while a process takes over: no bucket and no id is let go of', async () => {
		const old = Date.now() - 2 * HOUR;
		for (let i = 0; i < 40; i++) await send(visit('S-1', old, 1, { id: `t${i}` }));
		const one = openPipeline({ rejected: new SlowRejectedLog(redis) });
		await one.pipeline.start();
		let isDone = false;
		const promoted = one.pipeline.promote().then(() => (isDone = true));
		await one.until(() => isDone);
		await promoted;
		await one.until(isCommitted);
		await one.pipeline.stop();
		expect(await visitsStored()).toBe(40);
		const two = await started({ writer: 'two' });
		for (let i = 0; i < 40; i++) await send(visit('S-1', old, 1, { id: `t${i}` }));
		await two.until(isCommitted);
		expect([two.pipeline.shard.taken, two.pipeline.shard.duplicates]).toEqual([40, 40]);
	});

	test('[CO5] when Redis fails to take a refusal, it is tried again, and the commit that waits for it loses nothing', async () => {
		let failures = 2;
		class FailingLog extends RejectedLog {
			override async add(...rejected: Parameters<RejectedLog['add']>): Promise<void> {
				if (failures-- > 0) throw new Error('Socket closed unexpectedly');
				await super.add(...rejected);
			}
		}
		const unhandled: unknown[] = [];
		const note = (reason: unknown): void => void unhandled.push(reason);
		const others = process.listeners('unhandledRejection');
		for (const listener of others) process.removeListener('unhandledRejection', listener);
		process.on('unhandledRejection', note);
		try {
			const one = await started({ rejected: new FailingLog(redis) });
			await send(visit('S-1', Date.now() - 2 * HOUR, 7));
			const id = await send('broken');
			await one.until(() => one.pipeline.shard.position === id);
			await one.until(isCommitted);
			await one.pipeline.stop();
			expect(await visitsStored()).toBe(7);
			expect((await rejectedEntries()).map((row) => row.split(' ')[0])).toEqual([id]);
			expect(unhandled).toEqual([]);
		} finally {
			process.removeListener('unhandledRejection', note);
			for (const listener of others) process.on('unhandledRejection', listener);
		}
	});

	test('[CO4] after a database that was away for a while, commits go on as often as before', async () => {
		let failures = 4;
		const one = await started({
			store: {
				...store,
				commit: async (commit) => {
					if (failures-- > 0) throw new Error('the database is away');
					await store.commit(commit);
				}
			}
		});
		await send(visit('S-1', Date.now()));
		await one.until(isCommitted);
		await send(visit('S-1', Date.now()));
		await one.until(isCommitted);
		expect(one.pipeline.committer.metrics).toMatchObject({ commits: 2, failures: 4 });
	});

	test('[CO6] trimming never passes the checkpoint, however old the entries', async () => {
		const start = Date.now() - HOUR;
		for (let i = 0; i < 1000; i++) await send('{}', `${start + i}-0`);
		const { state, shard } = worldOf(sites, Date.now());
		await store.claim(0, 'one');
		const committer = new Committer({
			state,
			shard,
			store,
			redis,
			rejected: new RejectedLog(redis),
			writer: 'one',
			now: Date.now,
			log: silent
		});
		committer.begin(0, '0-0');
		for (const place of [0, 1, 350, 599, 600, 999]) {
			shard.position = `${start + place}-0`;
			await committer.commitAll();
			const left = await redis.sendCommand<[string][]>(['XRANGE', STREAM, shard.position, '+']);
			expect(left.length).toBe(1000 - place);
		}
		const [oldest] = await redis.sendCommand<[string][]>(['XRANGE', STREAM, '-', '+', 'COUNT', '1']);
		expect(compareEntryIds(oldest![0], `${start + 700}-0`)).toBeGreaterThan(0);
	});

	test('[CO6] a stream that was trimmed past the checkpoint is noticed and counted; one that was trimmed behind it is not', async () => {
		const one = await started();
		for (let i = 0; i < 5; i++) await send(visit('S-1', Date.now()));
		await one.until(isCommitted);
		await one.pipeline.stop();
		const ids: string[] = [];
		for (let i = 0; i < 5; i++) ids.push(await send(visit('S-1', Date.now())));
		const { position } = (await store.load(0))!.checkpoint;
		await redis.sendCommand(['XTRIM', STREAM, 'MINID', position]);
		const two = await started({ writer: 'two' });
		expect(two.pipeline.metrics.gaps).toBe(0);
		await two.pipeline.stop();
		await query(database.db, sql`update checkpoints set position = ${position}`);
		await redis.sendCommand(['XTRIM', STREAM, 'MINID', ids[3]!]);
		const three = await started({ writer: 'three' });
		expect(three.pipeline.metrics.gaps).toBeGreaterThan(0);
	});

	test('[EV6] after a night without the program, what waits in the stream is checked against the ids of before', async () => {
		const start = Date.now() - 40 * HOUR;
		const event = visit('S-1', start, 5);
		await send(event, `${start}-0`);
		const one = await started({ now: () => start + 1000 });
		await one.until(isCommitted);
		await one.pipeline.stop();
		await send(event, `${start + 60_000}-0`);
		const two = await started({ writer: 'two', now: Date.now });
		await two.until(isCommitted);
		await two.pipeline.stop();
		expect([two.pipeline.shard.taken, two.pipeline.shard.duplicates]).toEqual([1, 1]);
		expect(await visitsStored()).toBe(5);
	});

	test('[CO4] one that loses its shard while the database is away goes on as a reader once it is back', async () => {
		let isAway = false;
		const one = await started({
			store: {
				...store,
				load: async (shard) => {
					if (isAway) throw new Error('the database is away');
					return store.load(shard);
				}
			}
		});
		await send(visit('S-1', Date.now()));
		await one.until(isCommitted);
		isAway = true;
		await one.pipeline.demote().catch((error: Error) => expect(error.message).toBe('the database is away'));
		isAway = false;
		await send(visit('S-1', Date.now()));
		const deadline = performance.now() + 5000;
		while (one.pipeline.shard.taken < 2 && performance.now() < deadline) {
			await one.pipeline.tick();
			await delay(20);
		}
		expect([one.pipeline.role, one.pipeline.shard.taken]).toEqual(['reader', 2]);
	});

	test('[CO4] one that lost its shard without noticing stops in order', async () => {
		const one = await started();
		await send(visit('S-1', Date.now()));
		await one.until(isCommitted);
		await store.claim(0, 'two');
		await send(visit('S-1', Date.now()));
		await one.until(() => one.pipeline.shard.taken === 2);
		await expect(one.pipeline.stop()).resolves.toBeUndefined();
	});

	test('[CO2] two processes: when the first is cut off from its lease the second writes, and the late commit of the first fails', async () => {
		if (database.kind !== 'postgres') {
			// PGlite belongs to one process: there the writer alone decides.
			const one = await started();
			const two = await started({ writer: 'two' });
			for (let i = 0; i < 20; i++) await send(visit('S-2', Date.now()));
			await two.until(isCommitted);
			await one.until(() => one.pipeline.role === 'reader');
			return;
		}
		const lockConnection = database.lockConnection;
		const leases = [postgresLease(lockConnection), postgresLease(lockConnection)] as const;
		const lost: string[] = [];
		leases[0].onLost(() => lost.push('first'));
		try {
			const one = openPipeline();
			const two = openPipeline({ writer: 'two' });
			await one.pipeline.start();
			await two.pipeline.start();
			expect(await leases[0].tryAcquire(0)).toBe(true);
			expect(await leases[1].tryAcquire(0)).toBe(false);
			await one.pipeline.promote();
			for (let i = 0; i < 20; i++) await send(visit('S-2', Date.now()));
			await one.until(isCommitted);
			await two.until(() => two.pipeline.shard.taken === 20);
			await query(
				database.db,
				sql`
				select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)
				where locktype = 'advisory' and granted and datname = current_database()`
			);
			await one.until(() => lost.length === 1);
			expect(await leases[1].tryAcquire(0)).toBe(true);
			expect(await leases[0].tryAcquire(0)).toBe(false);
			await two.pipeline.promote();
			for (let i = 0; i < 20; i++) await send(visit('S-2', Date.now()));
			await two.until(isCommitted);
			await one.until(() => one.pipeline.role === 'reader');
			for (let i = 0; i < 20; i++) await send(visit('S-2', Date.now()));
			await two.until(isCommitted);
			await one.until(() => one.pipeline.shard.taken === 60);
			expect(valuesOf(one.state)).toEqual(valuesOf(two.state));
			await two.pipeline.stop();
			expect(await visitsStored()).toBe(60);
			expect((await store.load(0))?.checkpoint.writer).toBe('two');
		} finally {
			for (const lease of leases) await lease.release();
		}
	});
});
