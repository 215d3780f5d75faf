import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processStartTime } from '#server/embedded/process-identity.ts';
import { askRedis } from '#server/embedded/redis-socket.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { tempDir } from '#test/support/temp-dir.ts';

let dir: ReturnType<typeof tempDir>;
let running: Product[];

beforeEach(() => {
	dir = tempDir('life');
	running = [];
});
afterEach(async () => {
	for (const product of running) await product.stop();
	dir.remove();
});

async function start(env: Record<string, string> = {}): Promise<Product> {
	const product = await startProduct({ dataDir: dir.path, env });
	running.push(product);
	return product;
}

function redisPid(): number {
	return Number(readFileSync(join(dir.path, 'redis.pid'), 'utf8').split(' ')[0]);
}

function killIfRunning(pid: number): void {
	if (processStartTime(pid) !== null) process.kill(pid, 'SIGKILL');
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isSo())) await delay(10);
}

async function readyz(product: Product): Promise<number> {
	const response = await fetch(`${product.url}/readyz`);
	await response.body?.cancel();
	return response.status;
}

test('SIGTERM ends with code 0 and leaves nothing running', async () => {
	const product = await start();
	const redis = redisPid();
	expect(await product.stop()).toBe(0);
	expect(processStartTime(redis)).toBeNull();
	expect(await askRedis(product.redisSocket, 'PING')).toBeNull();
});

test('Ctrl-C, which reaches the process more than once, ends with code 0 too', async () => {
	const product = await start();
	process.kill(product.pid, 'SIGINT');
	process.kill(product.pid, 'SIGINT');
	expect(await product.stop()).toBe(0);
});

test('after SIGKILL the children end by themselves and the next start gets ready on the same folder', async () => {
	const first = await start();
	const redis = redisPid();
	await first.kill();
	const second = await start();
	expect(processStartTime(redis)).toBeNull();
	expect(await readyz(second)).toBe(200);
});

test('a data folder in use is refused with a sentence that names its holder', async () => {
	const product = await start();
	await expect(start()).rejects.toThrow(`${dir.path} is in use by process ${product.pid};`);
	expect(await readyz(product)).toBe(200);
});

test('every bad environment value is named in one error', async () => {
	const refused = start({ SHARDS: 'many', LOG_LEVEL: 'loud' });
	await expect(refused).rejects.toThrow(/SHARDS=many: [^]*LOG_LEVEL=loud: /);
});

test('while the embedded Redis is down the product says that it is not ready, and comes back with it', async () => {
	const product = await start();
	const redis = redisPid();
	// Again and again: one restart may be over between two looks.
	await until(async () => {
		killIfRunning(redisPid());
		return (await readyz(product)) === 503;
	});
	await until(async () => (await readyz(product)) === 200);
	expect(redisPid()).not.toBe(redis);
	expect(await product.stop()).toBe(0);
});
