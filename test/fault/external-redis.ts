/** A Redis of its own on a TCP port, as an operator gives it with REDIS_URL; it survives the products that use it. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from '#test/support/free-port.ts';
import { tempDir } from '#test/support/temp-dir.ts';

export interface ExternalRedis {
	readonly url: string;
	stop(): Promise<void>;
}

const START_LIMIT_MS = 20_000;

export async function startExternalRedis(): Promise<ExternalRedis> {
	const dir = tempDir('redis-tcp');
	const port = await freePort();
	const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir.path];
	// It ends with this process even when this process is killed.
	const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'redis-server', ...settings], { stdio: 'ignore' });
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const url = `redis://127.0.0.1:${port}`;
	const giveUpAt = performance.now() + START_LIMIT_MS;
	while (!(await isThere(url))) {
		if (performance.now() > giveUpAt || child.exitCode !== null) throw new Error('redis-server does not start.');
		await delay(20);
	}
	return {
		url,
		async stop() {
			child.kill('SIGTERM');
			await ended;
			dir.remove();
		}
	};
}

async function isThere(url: string): Promise<boolean> {
	const client = createClient({ url, socket: { reconnectStrategy: false } });
	client.on('error', () => undefined);
	try {
		await client.connect();
		await client.ping();
		client.destroy();
		return true;
	} catch {
		// Not yet.
		return false;
	}
}
