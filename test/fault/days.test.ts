import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPglite } from '#db/client.ts';
import { openRedis } from '#server/stream/redis-link.ts';
import { freePort } from '#test/support/free-port.ts';
import { seededRandom } from '#test/support/stations.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { differences, shanghaiDate } from './count.ts';
import { countDays, eventOf, makeWords, postHours, storedDays } from './days.ts';
import { startExternalRedis } from './external-redis.ts';
import { STREAM } from './feeder.ts';
import { insertCity } from './input.ts';
import { launch, type Launched } from './launch.ts';

const SEED = Number(process.env['FAULT_SEED'] ?? 7);
const WORDS = 150_000;
const KILLS = 4;
const DAY = 86_400;
const LIMIT_MS = 60_000;

let cleanups: (() => void | Promise<void>)[];
let products: Launched[];
beforeEach(() => {
	cleanups = [];
	products = [];
});
afterEach(async () => {
	for (const product of products) if (product.isRunning()) await product.kill();
	for (const cleanup of cleanups.reverse()) await cleanup();
});

/** One of the numbers that `/metrics` counts; 0 while nobody answers. */
async function counter(product: Launched, name: string): Promise<number> {
	try {
		const text = await (await fetch(`${product.url}/metrics`)).text();
		return Number(new RegExp(`^yizhan_${name}_total (\\d+)`, 'm').exec(text)?.[1] ?? 0);
	} catch {
		// It does not listen yet.
		return 0;
	}
}

const takenBy = (product: Launched): Promise<number> => counter(product, 'events_taken');

test('[FU4] days read from a stream that waited, with kills in between, are the seconds that somebody would have counted who looked', async () => {
	const dir = tempDir('days');
	cleanups.push(dir.remove);
	const registry = await openPglite(join(dir.path, 'pg'));
	await registry.migrate();
	await insertCity(registry.db);
	await postHours(registry.db);
	await registry.close();
	const server = await startExternalRedis();
	cleanups.push(() => server.stop());

	// From a noon three days ago to a noon two days later: one day in part, one whole, and the next one begun.
	const today = Math.floor((Date.now() / 1000 + 8 * 3600) / DAY) * DAY - 8 * 3600;
	const [from, to] = [today - 3 * DAY + DAY / 2, today - DAY + DAY / 2];
	const words = makeWords(SEED, from, to, WORDS);
	const redis = await openRedis({ url: server.url }, () => undefined);
	for (let first = 0; first < words.length; first += 1000) {
		await Promise.all(
			words
				.slice(first, first + 1000)
				.map((word, i) =>
					redis.sendCommand(['XADD', STREAM, `${word.receivedAt * 1000}-*`, 'e', eventOf(word, first + i)])
				)
		);
	}
	redis.destroy();

	const port = await freePort();
	const start = (): Launched => {
		const product = launch(port, { DATA_DIR: dir.path, REDIS_URL: server.url });
		products.push(product);
		return product;
	};
	const random = seededRandom(SEED);
	for (let kill = 0; kill < KILLS; kill++) {
		const product = start();
		// Into the reading: before its first commit, or after some.
		while (product.writesFrom().length === 0) await Promise.race([delay(10), product.unexpectedEnd]);
		// One that finds all of it read has nothing to commit.
		const isCommitting = async () => (await counter(product, 'commits')) > 0 || (await takenBy(product)) === WORDS;
		if (kill % 2 === 1) while (!(await isCommitting())) await delay(10);
		await delay(random() * 800);
		await product.kill();
	}
	const product = start();
	await product.ready();
	const giveUpAt = performance.now() + LIMIT_MS;
	while ((await takenBy(product)) < WORDS && performance.now() < giveUpAt) await delay(100);
	expect(await takenBy(product)).toBe(WORDS);
	expect((await product.stop()).code).toBe(0);
	const went = products.map((one) => one.writesFrom().at(-1) ?? '-').join(', ');
	process.stdout.write(`days: ${WORDS} entries, ${KILLS} kills; the starts went on from ${went}\n`);

	const stored = await openPglite(join(dir.path, 'pg'));
	cleanups.push(() => stored.close());
	const before = shanghaiDate(to * 1000);
	const expected = countDays(words, from, before);
	expect(expected.size).toBeGreaterThan(400);
	expect(differences(await storedDays(stored.db, before), expected)).toEqual([]);
});
