import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { tempDir } from './temp-dir.ts';

export type TestPostgres = { url: string; stop: () => Promise<void> };

const PROGRAMS = '/usr/lib/postgresql';
const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

/**
 * A real PostgreSQL with a new empty cluster in a temporary folder, on a free port of the loopback address.
 * It ends with this process even when this process is killed.
 */
export async function startPostgres(): Promise<TestPostgres> {
	const bin = programFolder();
	const dir = tempDir('postgres');
	const asOwner = ownerPrefix(dir.path);
	const initdb = spawnSync(asOwner[0] ?? '', [
		...asOwner.slice(1),
		join(bin, 'initdb'),
		...['-D', join(dir.path, 'data'), '-U', 'test', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
	]);
	if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr?.toString() ?? initdb.error?.message}`);

	const port = await freePort();
	// Durability is off: it is the tests' own cluster, thrown away with its folder.
	const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
	const args = [join(bin, 'postgres'), '-D', join(dir.path, 'data'), ...settings.flatMap((one) => ['-c', one])];
	const child = spawn(asOwner[0] ?? '', [...asOwner.slice(1), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const url = `postgres://test@127.0.0.1:${port}/postgres`;
	const stop = async (): Promise<void> => {
		// SIGINT is PostgreSQL's fast shutdown: open connections are ended, not waited for.
		child.kill('SIGINT');
		await ended;
		dir.remove();
	};
	try {
		await untilReady(url, child);
	} catch (error) {
		await stop();
		throw error;
	}
	return { url, stop };
}

/** The newest installed version; Debian keeps each in a folder of its own. */
function programFolder(): string {
	const versions = existsSync(PROGRAMS) ? readdirSync(PROGRAMS) : [];
	const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
	if (newest === undefined)
		throw new Error('PostgreSQL is not installed: run `npm test`, or `apt-get install postgresql`.');
	return join(PROGRAMS, newest, 'bin');
}

/** PostgreSQL refuses to run as root: then its folder and its process belong to the user of Debian's package. */
function ownerPrefix(folder: string): string[] {
	const bound = ['setpriv', '--pdeathsig', 'INT'];
	if (process.getuid?.() !== 0) return bound;
	const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'postgres']).stdout.toString()));
	if (!uid || !gid) throw new Error('There is no user postgres; it comes with the Debian package postgresql.');
	chownSync(folder, uid, gid);
	return [...bound, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
	let stderr = '';
	child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
	child.once('error', (error) => (stderr += error.message));
	const giveUpAt = performance.now() + START_LIMIT_MS;
	for (;;) {
		const client = new Client({ connectionString: url });
		try {
			await client.connect();
			await client.end();
			return;
		} catch (error) {
			const isOver = child.exitCode !== null || performance.now() > giveUpAt;
			if (isOver) throw new Error(`PostgreSQL does not start:\n${stderr}`, { cause: error });
		}
		await delay(POLL_MS);
	}
}
