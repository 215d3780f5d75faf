/** The second `npm start`, and the one after a SIGKILL, until `/readyz` answers 200: embedded defaults, a used demo city. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { streamOf } from '#server/stream/names.ts';
import { openRedis } from '#server/stream/redis-link.ts';
import { freePort } from '#test/support/free-port.ts';
import { signIn } from '#test/support/sign-in.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { stationCodes, untilTaken } from './city.ts';
import { SHARED } from './machine.ts';
import { median, type Row } from './table.ts';
import { endlessEvents } from './world.ts';

const USED_EVENTS = 100_000;
/** Sent right before each SIGKILL: most of them wait in the stream, uncommitted, for the next start. */
const TAIL_EVENTS = 20_000;
const RUNS = 3;
const LIMIT_MS = 5000;
const POLL_MS = 20;
const GIVE_UP_MS = 120_000;

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function benchRestart(): Promise<Row[]> {
	const dir = tempDir('bench-restart');
	const place = { dataDir: dir.path, port: await freePort() };
	let running = await startByNpm(place, performance.now());
	try {
		const codes = await stationCodes(running.url, await signIn({ url: running.url, dataDir: dir.path }));
		const events = endlessEvents(codes, Date.now);
		await sendEvents(dir.path, events, USED_EVENTS);
		await untilTaken(running.url, USED_EVENTS);
		const starts: Start[] = [];
		const recoveries: Start[] = [];
		while (starts.length < RUNS) {
			await end(running.npm);
			running = await startByNpm(place, performance.now());
			if (!running.hasBuilt) starts.push(running);
		}
		while (recoveries.length < RUNS) {
			await sendEvents(dir.path, events, TAIL_EVENTS);
			const killedAt = performance.now();
			process.kill(serverPid(dir.path), 'SIGKILL');
			await once(running.npm, 'exit');
			running = await startByNpm(place, killedAt);
			if (!running.hasBuilt) recoveries.push(running);
		}
		const used = `${USED_EVENTS.toLocaleString('en')} events`;
		const tail = `${TAIL_EVENTS.toLocaleString('en')} more`;
		return [
			rowOf(`second \`npm start\` → /readyz 200, demo city after ${used} (${SHARED})`, starts),
			rowOf(`SIGKILL, ${tail} just sent → \`npm start\` → /readyz 200 (${SHARED})`, recoveries)
		];
	} finally {
		await end(running.npm);
		dir.remove();
	}
}

interface Place {
	readonly dataDir: string;
	readonly port: number;
}

interface Start {
	readonly npm: ChildProcess;
	readonly url: string;
	/** to /readyz 200 */
	readonly ms: number;
	/** s, what the server itself says of it */
	readonly ownSeconds: number;
	/** The sources had changed since the last build: then this start is no second start. */
	readonly hasBuilt: boolean;
}

/** `from`: performance.now() at which the time began. */
async function startByNpm({ dataDir, port }: Place, from: number): Promise<Start> {
	// The shell of a person, without what `npm run bench` has put before it.
	const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
	const npm = spawn('npm', ['start'], {
		cwd: root,
		env: {
			PATH: path.join(delimiter),
			HOME: process.env['HOME'],
			DATA_DIR: dataDir,
			PORT: String(port)
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
	npm.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
	const url = `http://127.0.0.1:${port}`;
	while (!(await isReady(url))) {
		if (npm.exitCode !== null || performance.now() - from > GIVE_UP_MS) {
			await end(npm);
			throw new Error(`npm start did not get ready:\n${output}`);
		}
		await delay(POLL_MS);
	}
	const ms = performance.now() - from;
	while (!output.includes('Ready in')) await delay(POLL_MS);
	const ownSeconds = Number(/Ready in ([\d.]+) s/.exec(output)?.[1]);
	return { npm, url, ms, ownSeconds, hasBuilt: output.includes('building the pages') };
}

async function isReady(url: string): Promise<boolean> {
	try {
		const response = await fetch(`${url}/readyz`);
		await response.body?.cancel();
		return response.ok;
	} catch {
		// Nobody listens yet.
		return false;
	}
}

/** SIGTERM to npm, which passes it on; resolves when all that wrote to its output has ended. */
async function end(npm: ChildProcess): Promise<void> {
	if (npm.exitCode !== null || npm.signalCode !== null) return;
	const closed = once(npm, 'close');
	npm.kill('SIGTERM');
	await closed;
}

/** The server names itself in its data folder. */
const serverPid = (dataDir: string): number => Number(readFileSync(join(dataDir, 'lock'), 'utf8').split(' ')[0]);

async function sendEvents(dataDir: string, events: Iterator<string, never>, count: number): Promise<void> {
	const redis = await openRedis({ socketPath: join(dataDir, 'redis.sock') }, console.error);
	for (let sent = 0; sent < count; sent += 5000) {
		const batch = Array.from({ length: Math.min(5000, count - sent) }, () => events.next().value);
		await Promise.all(batch.map((event) => redis.xAdd(streamOf(0), '*', { e: event })));
	}
	redis.destroy();
}

function rowOf(what: string, starts: readonly Start[]): Row {
	const ms = starts.map((start) => start.ms);
	const own = median(starts.map((start) => start.ownSeconds));
	const max = Math.max(...ms);
	const seconds = (value: number): string => (value / 1000).toFixed(2);
	return {
		what,
		measured: `median ${seconds(median(ms))} s, max ${seconds(max)} s of ${starts.length} runs (the server itself ${own} s)`,
		ratio: null,
		target: `≤ ${LIMIT_MS / 1000} s`,
		isMet: max <= LIMIT_MS
	};
}
