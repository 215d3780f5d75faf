/** A product that may be killed at any instant, also before it is ready. `startProduct` waits; this does not. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const POLL_MS = 25;

export interface Launched {
	readonly url: string;
	readonly pid: number;
	/** ms from the launch, when /readyz first said 200; rejects with its output when it ended or did not come to that. */
	ready(limitMs?: number): Promise<number>;
	kill(): Promise<void>;
	/** SIGTERM; the exit code (null after a signal) and the ms it took. */
	stop(): Promise<{ code: number | null; ms: number }>;
	isRunning(): boolean;
	/** Rejects when it ends without having been asked to. */
	readonly unexpectedEnd: Promise<never>;
	output(): string;
	/** Where it took over writing: the positions it said, in order. */
	writesFrom(): string[];
}

/** `env`: the whole public contract that is not a default; DEMO is 0. */
export function launch(port: number, env: Record<string, string>): Launched {
	const started = performance.now();
	const { PATH = '', HOME = '', TZ } = process.env;
	const child = spawn(join(root, 'node_modules/.bin/node'), ['server/main.ts'], {
		cwd: root,
		env: { PATH, HOME, ...(TZ && { TZ }), HOST: '127.0.0.1', PORT: `${port}`, DEMO: '0', ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let written = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	let isAsked = false;
	const unexpectedEnd = ended.then(() => {
		if (isAsked) return new Promise<never>(() => undefined);
		throw new Error(`The product ended by itself with ${child.signalCode ?? `code ${child.exitCode}`}:\n${written}`);
	});
	// Whoever waits for something else meanwhile is told; nobody has to listen.
	unexpectedEnd.catch(() => undefined);
	const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
	const url = `http://127.0.0.1:${port}`;
	return {
		url,
		pid: child.pid ?? 0,
		async ready(limitMs = 60_000) {
			while (!(await isReady(url))) {
				if (!isRunning()) throw new Error(`The product ended before it was ready:\n${written}`);
				if (performance.now() - started > limitMs) throw new Error(`The product did not get ready:\n${written}`);
				await delay(POLL_MS);
			}
			return performance.now() - started;
		},
		async kill() {
			isAsked = true;
			child.kill('SIGKILL');
			await ended;
		},
		async stop() {
			const asked = performance.now();
			isAsked = true;
			child.kill('SIGTERM');
			await ended;
			return { code: child.exitCode, ms: performance.now() - asked };
		},
		isRunning,
		unexpectedEnd,
		output: () => written,
		writesFrom: () => written.split('\n').flatMap(positionOf)
	};
}

/** The product logs JSON lines; one of them says from where it writes. */
function positionOf(line: string): string[] {
	const position = /"position":"(\d+-\d+)".*"msg":"writes this shard now"/.exec(line)?.[1];
	return position === undefined ? [] : [position];
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
