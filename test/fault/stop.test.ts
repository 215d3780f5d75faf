/** What ends in order loses no time and no event; what ends out of order says so and comes back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPglite } from '#db/client.ts';
import { processStartTime } from '#server/embedded/process-identity.ts';
import { query } from '#server/store/query.ts';
import { freePort } from '#test/support/free-port.ts';
import { signIn } from '#test/support/sign-in.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { countBuckets, countVisits, differences, shanghaiDate, storedBuckets } from './count.ts';
import { feed, observe, openPatiently, readRejected } from './feeder.ts';
import { insertCity, makeInput, type Input } from './input.ts';
import { launch, type Launched } from './launch.ts';

/** The promise of an orderly stop. */
const STOP_LIMIT_MS = 5000;

let dir: ReturnType<typeof tempDir>;
let port: number;
let products: Launched[];
beforeEach(async () => {
	dir = tempDir('stop');
	port = await freePort();
	products = [];
	const database = await openPglite(join(dir.path, 'pg'));
	await database.migrate();
	await insertCity(database.db);
	await database.close();
});
afterEach(async () => {
	for (const product of products) if (product.isRunning()) await product.kill();
	dir.remove();
});

const address = () => ({ socketPath: join(dir.path, 'redis.sock') });

async function start(): Promise<Launched> {
	const product = launch(port, { DATA_DIR: dir.path });
	products.push(product);
	await product.ready();
	return product;
}

async function metric(product: Launched, name: string): Promise<number> {
	const text = await (await fetch(`${product.url}/metrics`)).text();
	return Number(new RegExp(`^yizhan_${name} (\\d+)`, 'm').exec(text)?.[1]);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isSo())) await delay(10);
}

const reasonsOf = (input: Input): Map<string, string> =>
	new Map(input.entries.flatMap(({ text, refusal }) => (refusal !== null && text !== null ? [[text, refusal]] : [])));

async function expectCounted(product: Launched, input: Input): Promise<void> {
	await until(async () => (await metric(product, 'events_taken_total')) >= input.facts.length);
	const { headers } = await signIn({ url: product.url, dataDir: dir.path });
	const response = await fetch(`${product.url}/api/state?kind=all`, { headers });
	const { stations } = (await response.json()) as { stations: { code: string; visitsToday: number | null }[] };
	const found = Object.fromEntries(stations.map(({ code, visitsToday }) => [code, visitsToday]));
	expect(found).toEqual(countVisits(input.facts, shanghaiDate(Date.now())));
	expect((await product.stop()).code).toBe(0);
	const database = await openPglite(join(dir.path, 'pg'));
	try {
		expect(differences(await storedBuckets(database.db), countBuckets(input.facts))).toEqual([]);
	} finally {
		await database.close();
	}
}

test('SIGTERM under load: code 0 within 5 s, all that was folded is committed, and the next one goes on from there', async () => {
	const first = await start();
	const input = makeInput(11, Date.now(), 60_000);
	const feeder = feed(address(), input.entries, 20_000);
	await feeder.reached(25_000);
	const taken = await metric(first, 'events_taken_total');
	const redis = Number(readFileSync(join(dir.path, 'redis.pid'), 'utf8').split(' ')[0]);
	const { code, ms } = await first.stop();
	expect(code).toBe(0);
	expect(ms).toBeLessThan(STOP_LIMIT_MS);
	expect(processStartTime(redis)).toBeNull();
	expect(taken).toBeGreaterThan(0);

	const database = await openPglite(join(dir.path, 'pg'));
	const [row] = await query<{ events: number }>(
		database.db,
		sql`select sum(events)::int as events from site_buckets where period_seconds = 86400`
	);
	await database.close();
	expect(row?.events).toBeGreaterThanOrEqual(taken);

	const second = await start();
	await feeder.done;
	await expectCounted(second, input);
});

test('after SIGTERM the sockets of clients come back by themselves to the next process and are given its state', async () => {
	const first = await start();
	const { headers } = await signIn({ url: first.url, dataDir: dir.path });
	const socket = io(first.url, { path: '/live', transports: ['websocket'], extraHeaders: { ...headers } });
	const epochs: string[] = [];
	const reasons: string[] = [];
	let frames = 0;
	socket.on('hello', ({ epoch }: { epoch: string }) => {
		epochs.push(epoch);
		socket.emit('join', 'city', null, () => undefined);
	});
	socket.on('frame', () => frames++);
	socket.on('disconnect', (reason) => {
		reasons.push(reason);
		frames = 0;
	});
	try {
		await until(() => frames > 0);
		expect((await first.stop()).code).toBe(0);
		await until(() => reasons.length > 0);
		await start();
		await until(() => epochs.length > 1 && frames > 0);
		// One greeting by each process: the second was ready for what its greeting invites to.
		expect(epochs).toHaveLength(2);
		expect(epochs[0]).not.toBe(epochs[1]);
		// Only after these does a client of Socket.IO connect again by itself.
		expect(['transport close', 'transport error']).toContain(reasons[0]);
	} finally {
		socket.close();
	}
});

test('the embedded Redis killed again and again under load: not ready meanwhile, with a reason; nothing acknowledged is lost', async () => {
	const product = await start();
	const input = makeInput(12, Date.now(), 60_000);
	const observer = observe(address(), reasonsOf(input));
	const feeder = feed(address(), input.entries, 10_000);
	const reasons = new Set<string>();
	let isWatched = true;
	const watching = (async () => {
		while (isWatched && product.isRunning()) {
			const response = await fetch(`${product.url}/readyz`);
			const body = (await response.json()) as { ready: boolean; reasons: string[] };
			if (response.status === 503) body.reasons.forEach((reason) => reasons.add(reason));
			await delay(5);
		}
	})();
	// A failure of it is met where it is awaited, below.
	watching.catch(() => undefined);
	for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
		await Promise.race([feeder.reached(share * input.entries.length), product.unexpectedEnd]);
		const pid = Number(readFileSync(join(dir.path, 'redis.pid'), 'utf8').split(' ')[0]);
		if (processStartTime(pid) !== null) process.kill(pid, 'SIGKILL');
		await until(() => processStartTime(pid) === null);
	}
	await Promise.race([feeder.done, product.unexpectedEnd]);
	await observer.finish();
	await until(async () => (await fetch(`${product.url}/readyz`)).ok);
	isWatched = false;
	await watching;
	expect([...reasons]).toContain('Redis does not answer.');
	expect(feeder.resent()).toBeGreaterThan(0);
	expect(feeder.ids.filter((id) => !observer.ids.has(id))).toEqual([]);
	expect(product.isRunning(), product.output()).toBe(true);

	await until(async () => (await metric(product, 'events_taken_total')) >= input.facts.length);
	const redis = await openPatiently(address());
	const expected = [...observer.refused].map(([id, reason]) => `${id} ${reason}`);
	// Refusals are kept before the commit that covers them, not at once.
	await until(async () => (await readRejected(redis)).length >= expected.length);
	expect((await readRejected(redis)).toSorted()).toEqual(expected.toSorted());
	redis.destroy();
	await expectCounted(product, input);
});
