/** A start is the moment in which most is half done: first files, tables, claims, loads. It is killed in all of them. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '#test/support/free-port.ts';
import { signIn } from '#test/support/sign-in.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { feed } from './feeder.ts';
import { makeInput } from './input.ts';
import { launch, type Launched } from './launch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let dir: ReturnType<typeof tempDir>;
let port: number;
let products: Launched[];
beforeEach(async () => {
	dir = tempDir('start');
	port = await freePort();
	products = [];
});
afterEach(async () => {
	for (const product of products) if (product.isRunning()) await product.kill();
	dir.remove();
});

function start(dataDir = dir.path, env: Record<string, string> = {}): Launched {
	const product = launch(port, { DATA_DIR: dataDir, ...env });
	products.push(product);
	return product;
}

function cli(...words: string[]): string {
	const { PATH = '', HOME = '' } = process.env;
	const env = { PATH, HOME, DATA_DIR: dir.path, PORT: `${port}` };
	return execFileSync(join(root, 'node_modules/.bin/node'), ['server/cli/main.ts', ...words], {
		cwd: root,
		env
	}).toString();
}

function importStations(from: number, to: number): string {
	const rows = Array.from({ length: to - from }, (_, i) => ({
		code: `K-${from + i}`,
		name: `Station ${from + i}`,
		telemetry: 'live'
	}));
	const file = join(dir.path, 'stations.json');
	writeFileSync(file, JSON.stringify(rows));
	return cli('import', 'stations', file);
}

async function metric(product: Launched, name: string): Promise<number> {
	const text = await (await fetch(`${product.url}/metrics`)).text();
	return Number(new RegExp(`^yizhan_${name} (\\d+)`, 'm').exec(text)?.[1]);
}

async function untilMetric(product: Launched, name: string, atLeast: number): Promise<void> {
	while ((await metric(product, name)) < atLeast) await delay(20);
}

test('the very first start, killed at any instant, leaves a folder on which the next start gets ready', async () => {
	const fresh = start();
	const whole = await fresh.ready();
	await fresh.kill();
	for (const share of [0.15, 0.35, 0.5, 0.65, 0.85]) {
		const folder = tempDir('first');
		try {
			const killed = start(folder.path);
			await delay(whole * share);
			await killed.kill();
			const next = start(folder.path);
			await next.ready().catch((error: Error) => {
				throw new Error(`killed ${Math.round(whole * share)} ms after its start: ${error.message}`);
			});
			await next.kill();
		} finally {
			folder.remove();
		}
	}
});

test('a demo city that was killed while it was being made is made by the next start', async () => {
	const fresh = start(dir.path, { DEMO: 'registry' });
	const whole = await fresh.ready();
	await fresh.kill();
	for (const share of [0.7, 0.9]) {
		const folder = tempDir('demo');
		try {
			const killed = start(folder.path, { DEMO: 'registry' });
			await delay(whole * share);
			await killed.kill();
			const next = start(folder.path, { DEMO: 'registry' });
			await next.ready();
			expect(await metric(next, 'sites')).toBeGreaterThanOrEqual(801);
			await next.kill();
		} finally {
			folder.remove();
		}
	}
});

test('starts on a long tail, killed one after the other while Redis loads, while the state loads, while the tail is folded', async () => {
	const first = start();
	await first.ready();
	importStations(0, 300);
	const input = makeInput(7, Date.now(), 60_000);
	const feeder = feed({ socketPath: join(dir.path, 'redis.sock') }, input.entries, 100_000);
	await feeder.reached(2000);
	for (let step = 0; step < 10; step++) {
		await (products.at(-1) as Launched).kill();
		start();
		await delay(100 + step * 150);
	}
	const last = products.at(-1) as Launched;
	await last.ready();
	await feeder.done;
	await untilMetric(last, 'events_taken_total', input.facts.length);
	await delay(1500);
	expect(await metric(last, 'events_taken_total')).toBe(input.facts.length);
	expect((await last.stop()).code).toBe(0);
});

test('stations imported in two goes while it runs are all there after SIGKILL, and so are their figures and who was signed in', async () => {
	const first = start();
	await first.ready();
	const { headers } = await signIn({ url: first.url, dataDir: dir.path });
	expect(importStations(0, 80)).toContain('80');
	importStations(0, 101);
	await untilMetric(first, 'sites', 101);
	const at = Date.now();
	const visit = (station: string) => ({
		text: JSON.stringify({
			specversion: '1.0',
			id: station,
			source: 'door',
			type: 'station.visited',
			subject: station,
			time: new Date(at).toISOString(),
			data: { method: 'face', count: 7 }
		}),
		refusal: null
	});
	const feeder = feed({ socketPath: join(dir.path, 'redis.sock') }, ['K-0', 'K-100'].map(visit), 1000);
	await feeder.done;
	// The commit that holds them, so that the next start reads the columns as they were stored.
	await untilMetric(first, 'events_taken_total', 2);
	await delay(2500);
	await first.kill();
	const second = start();
	await second.ready();
	const state = (await (await fetch(`${second.url}/api/state?kind=all`, { headers })).json()) as {
		stations: { code: string; visitsToday: number | null }[];
	};
	expect(state.stations).toHaveLength(101);
	expect(state.stations.filter(({ visitsToday }) => visitsToday === 7).map(({ code }) => code)).toEqual([
		'K-0',
		'K-100'
	]);
});

test('killed the moment an import has answered: the registry has it', async () => {
	const first = start();
	await first.ready();
	importStations(0, 300);
	await first.kill();
	const second = start();
	await second.ready();
	expect(await metric(second, 'sites')).toBe(300);
});
