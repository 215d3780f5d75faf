import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempDir } from '#test/support/temp-dir.ts';
import { processStartTime } from './process-identity.ts';
import { startEmbeddedRedis, type EmbeddedRedis, type RedisState } from './redis-child.ts';
import { askRedis, redisSocketPath } from './redis-socket.ts';

let dir: ReturnType<typeof tempDir>;
let changes: RedisState[];
let messages: string[];
let running: EmbeddedRedis[];

beforeEach(() => {
	dir = tempDir('child');
	changes = [];
	messages = [];
	running = [];
});
afterEach(async () => {
	for (const redis of running) await redis.stop();
	dir.remove();
});

async function start(): Promise<EmbeddedRedis> {
	const note = (message: string): void => void messages.push(message);
	const redis = await startEmbeddedRedis({
		dataDir: dir.path,
		log: { info: note, warn: note, error: note },
		onStateChange: (state) => void changes.push(state)
	});
	running.push(redis);
	return redis;
}

async function command(...args: string[]): Promise<unknown> {
	const client = createClient({ socket: { path: redisSocketPath(dir.path), reconnectStrategy: false } });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return await client.sendCommand(args);
	} finally {
		await client.close();
	}
}

async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) await delay(10);
}

function hasEnded(pid: number): boolean {
	return processStartTime(pid) === null;
}

/** A redis-server on our folder whose parent knows nothing of it, as a killed parent leaves one behind. */
async function startOrphan(isRemembered: boolean): Promise<number> {
	const settings = ['--port', '0', '--unixsocket', redisSocketPath(dir.path), '--dir', `${dir.path}/redis`];
	const child = spawn('redis-server', [...settings, '--appendonly', 'yes', '--save', ''], {
		stdio: 'ignore',
		detached: true
	});
	await until(() => existsSync(redisSocketPath(dir.path)));
	if (isRemembered) writeFileSync(`${dir.path}/redis.pid`, `${child.pid} ${processStartTime(child.pid!)}\n`);
	await command('SET', 'written-to', 'the orphan');
	return child.pid!;
}

test('what was written is there after a clean stop and a new start', async () => {
	const first = await start();
	await command('SET', 'name', '驿站');
	await first.stop();
	expect(existsSync(first.socketPath)).toBe(false);
	expect(changes).toEqual([]);
	await start();
	expect(await command('GET', 'name')).toBe('驿站');
});

test('it listens on the unix socket only and never forgets under memory pressure', async () => {
	await start();
	const settings = await Promise.all(
		['port', 'appendonly', 'appendfsync', 'maxmemory-policy', 'unixsocketperm'].map((name) =>
			command('CONFIG', 'GET', name)
		)
	);
	expect(settings.map((reply) => Object.values(reply as Record<string, string>).at(-1))).toEqual([
		'0',
		'yes',
		'always',
		'noeviction',
		'700'
	]);
});

test('a child that dies is restarted with its data, again and again, and says so', async () => {
	const redis = await start();
	for (let round = 1; round <= 3; round++) {
		await command('INCR', 'rounds');
		process.kill(redis.pid()!, 'SIGKILL');
		await until(() => changes.length === round * 2);
	}
	expect(changes).toEqual(['down', 'up', 'down', 'up', 'down', 'up']);
	expect(await command('GET', 'rounds')).toBe('3');
	expect(messages).toContain('embedded Redis ended with SIGKILL; it is restarted');
});

test('a stop while the child is down stays stopped', async () => {
	const redis = await start();
	process.kill(redis.pid()!, 'SIGKILL');
	await until(() => changes.includes('down'));
	await redis.stop();
	expect(redis.pid()).toBeNull();
	expect(changes).toEqual(['down']);
	expect(existsSync(`${dir.path}/redis.pid`)).toBe(false);
});

test.each([
	['known by its pid file', true],
	['known by its socket only', false]
])('an orphan %s is ended before a new server opens its file', async (_name, isRemembered) => {
	await (await start()).stop();
	const orphan = await startOrphan(isRemembered);
	const redis = await start();
	expect(hasEnded(orphan)).toBe(true);
	expect(redis.pid()).not.toBe(orphan);
	expect(await command('GET', 'written-to')).toBe('the orphan');
	expect(messages[0]).toMatch(/^embedded Redis: ended .* left behind/);
});

test('a pid file that names another process of today does not end it', async () => {
	const bystander = spawn('sleep', ['60']);
	writeFileSync(`${dir.path}/redis.pid`, `${bystander.pid} 1\n`);
	await start();
	expect(hasEnded(bystander.pid!)).toBe(false);
	bystander.kill();
	await once(bystander, 'exit');
});

test('the child does not outlive a parent that is killed', async () => {
	const module = new URL('./redis-child.ts', import.meta.url).href;
	const program =
		`const { startEmbeddedRedis } = await import(${JSON.stringify(module)}); const note = () => {};` +
		`const log = { info: note, warn: note, error: note };` +
		`const redis = await startEmbeddedRedis({ dataDir: ${JSON.stringify(dir.path)}, log, onStateChange: note });` +
		`console.log(redis.pid()); setInterval(note, 1000);`;
	const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const [line] = (await once(parent.stdout, 'data')) as [Buffer];
	await command('SET', 'parent', 'killed');
	parent.kill('SIGKILL');
	await until(() => hasEnded(Number(line.toString())));
	await start();
	expect(await command('GET', 'parent')).toBe('killed');
});

test('a file that Redis cannot read is told with the words of Redis, and nothing is left running', async () => {
	await (await start()).stop();
	const manifest = `${dir.path}/redis/appendonlydir/appendonly.aof.manifest`;
	writeFileSync(manifest, `${readFileSync(manifest, 'utf8')}nonsense\n`);
	await expect(start()).rejects.toThrow(/ended with code 1 before it was ready[^]*[Mm]anifest/);
	expect(await askRedis(redisSocketPath(dir.path), 'PING')).toBeNull();
});

test('a path that is too long for a unix socket is told in a sentence', async () => {
	const dataDir = `${dir.path}/${'x'.repeat(100)}`;
	const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
	await expect(startEmbeddedRedis({ dataDir, log, onStateChange: () => undefined })).rejects.toThrow(
		/use a shorter DATA_DIR/
	);
});
