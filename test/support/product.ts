import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { tempDir } from './temp-dir.ts';

export type ProductOptions = {
	/** Added to the environment; `DEMO` is `0` unless said here. */
	env?: Record<string, string>;
	/** A free one unless somebody else has to know it before. */
	port?: number;
	/** A folder to start on (it is kept); a new temporary one otherwise (removed by `stop()`). */
	dataDir?: string;
	/** Another entry than the product's, for tests of this file. */
	entry?: string;
};

export type Product = {
	url: string;
	dataDir: string;
	/** The embedded Redis; nothing listens here when `env` has a REDIS_URL. */
	redisSocket: string;
	pid: number;
	/** SIGTERM; resolves with the exit code. A product that does not end within 10 s is killed and the test fails. */
	stop: () => Promise<number | null>;
	/** Sends the signal (SIGKILL by default) and waits for the end. The data folder stays, for a next start on it. */
	kill: (signal?: NodeJS.Signals) => Promise<void>;
	/** All that it has written so far, stdout and stderr as they came. */
	output: () => string;
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 25;
/** The caller's own settings must not reach the product under test. */
const CONTRACT = [
	'PORT',
	'HOST',
	'DATA_DIR',
	'REDIS_URL',
	'DATABASE_URL',
	'DEMO',
	'ORIGIN',
	'TRUSTED_PROXIES',
	'SHARDS',
	'LOG_LEVEL',
	'IDLE_MINUTES',
	'DUTY_IDLE_MINUTES',
	'SESSION_HOURS',
	'PASSWORD_MAX_DAYS',
	'OIDC_ISSUER',
	'OIDC_CLIENT_ID',
	'OIDC_CLIENT_SECRET',
	'OIDC_LABEL',
	'OIDC_CLAIM',
	'IDLE_MINUTES',
	'DUTY_IDLE_MINUTES',
	'SESSION_HOURS',
	'PASSWORD_MAX_DAYS',
	'OIDC_ISSUER',
	'OIDC_CLIENT_ID',
	'OIDC_CLIENT_SECRET',
	'OIDC_LABEL',
	'OIDC_CLAIM',
	'INGEST_EVENTS_PER_SECOND',
	'YIZHAN_DEV'
];

/** Starts the product as `npm start` does after its setup, on a free loopback port, and waits until it is ready. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
	const dir = options.dataDir === undefined ? tempDir('product') : null;
	const dataDir = options.dataDir ?? dir?.path ?? '';
	const port = options.port ?? (await freePort());
	const own = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, DEMO: '0', ...options.env };
	const child = spawn(join(root, 'node_modules/.bin/node'), [options.entry ?? 'server/main.ts'], {
		cwd: root,
		env: { ...callersEnv(), ...own },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let written = '';
	child.stdout.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
	child.stderr.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
	const ended = new Promise<void>((resolve, reject) => {
		child.once('close', () => resolve());
		child.once('error', reject);
	});
	const url = `http://127.0.0.1:${port}`;
	const end = async (signal: NodeJS.Signals): Promise<void> => {
		child.kill(signal);
		await ended;
	};
	try {
		await untilReady(url, child);
	} catch (error) {
		await end('SIGKILL');
		dir?.remove();
		throw new Error(`The product did not get ready:\n${written}`, { cause: error });
	}
	return {
		url,
		dataDir,
		redisSocket: join(dataDir, 'redis.sock'),
		pid: child.pid ?? 0,
		async stop() {
			const isLate = await endsLate(child, ended);
			dir?.remove();
			if (isLate) throw new Error(`The product did not end within ${STOP_LIMIT_MS} ms:\n${written}`);
			return child.exitCode;
		},
		kill: (signal = 'SIGKILL') => end(signal),
		output: () => written
	};
}

function callersEnv(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !CONTRACT.includes(name)));
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
	const giveUpAt = performance.now() + READY_LIMIT_MS;
	let last: unknown = null;
	while (performance.now() < giveUpAt) {
		if (child.exitCode !== null || child.signalCode !== null) throw new Error('It has ended.');
		try {
			const response = await fetch(`${url}/readyz`);
			last = await response.text();
			if (response.ok) return;
		} catch (error) {
			// Nobody listens yet.
			last = error;
		}
		await delay(POLL_MS);
	}
	throw new Error(`/readyz did not answer 200 within ${READY_LIMIT_MS} ms.`, { cause: last });
}

/** Asks the process to end; true when it had to be killed. */
async function endsLate(child: ChildProcess, ended: Promise<void>): Promise<boolean> {
	let isLate = false;
	const limit = setTimeout(() => {
		isLate = true;
		child.kill('SIGKILL');
	}, STOP_LIMIT_MS);
	child.kill('SIGTERM');
	await ended;
	clearTimeout(limit);
	return isLate;
}
