import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processStartTime } from './process-identity.ts';
import { askRedis, redisSocketPath } from './redis-socket.ts';

const POLL_MS = 20;
/** Writing the rest of the append-only file to a slow disk may take this long; then the orphan is killed. */
const TERM_LIMIT_MS = 10_000;
/** A server that is found by its socket only may still be loading, and then refuses to be shut down. */
const SHUTDOWN_LIMIT_MS = 60_000;

/** Writes down which process is our Redis, so that the next start knows it again. */
export function rememberChild(dataDir: string, pid: number): void {
	const startTime = processStartTime(pid);
	if (startTime !== null) writeFileSync(pidFile(dataDir), `${pid} ${startTime}\n`);
}

export function forgetChild(dataDir: string): void {
	rmSync(pidFile(dataDir), { force: true });
}

/**
 * Ends any redis-server that still works on this data folder, cleanly where it listens to that, and waits until it is
 * gone. Call only while holding the folder's lock: then such a server has lost its parent.
 * Answers which one it was, or null; rejects when one stays.
 */
export async function endOrphan(dataDir: string): Promise<string | null> {
	const remembered = await endRemembered(dataDir);
	const unknown = await shutDownBySocket(redisSocketPath(dataDir));
	forgetChild(dataDir);
	return remembered ?? unknown;
}

async function endRemembered(dataDir: string): Promise<string | null> {
	if (!existsSync(pidFile(dataDir))) return null;
	const [pidText, startTime] = readFileSync(pidFile(dataDir), 'utf8').trim().split(' ');
	const pid = Number(pidText);
	const isRunning = (): boolean => startTime !== undefined && processStartTime(pid) === startTime;
	if (!Number.isSafeInteger(pid) || pid <= 0 || !isRunning()) return null;
	signal(pid, 'SIGTERM');
	const giveUpAt = performance.now() + TERM_LIMIT_MS;
	while (isRunning()) {
		if (performance.now() > giveUpAt) signal(pid, 'SIGKILL');
		await delay(POLL_MS);
	}
	return `redis-server ${pid}`;
}

/** Whoever answers on the folder's own socket works on the folder's own file, whether we know its pid or not. */
async function shutDownBySocket(socketPath: string): Promise<string | null> {
	const giveUpAt = performance.now() + SHUTDOWN_LIMIT_MS;
	let isFound = false;
	while (existsSync(socketPath) && (await askRedis(socketPath, 'PING')) !== null) {
		isFound = true;
		if (performance.now() > giveUpAt) {
			throw new Error(`A redis-server answers on ${socketPath} and does not shut down; stop it, then start again.`);
		}
		await askRedis(socketPath, 'SHUTDOWN');
		await delay(POLL_MS);
	}
	return isFound ? 'an unknown redis-server' : null;
}

/** A process that ends between the look and the signal is what was wanted. */
function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
	}
}

function pidFile(dataDir: string): string {
	return join(dataDir, 'redis.pid');
}
