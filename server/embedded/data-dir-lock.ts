import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { processStartTime } from './process-identity.ts';

export type DataDirLock = { ok: true; release: () => Promise<void> } | { ok: false; message: string };

/**
 * Takes the data folder for this process alone, creating the folder (mode 700) where it is missing.
 *
 * The lock is a listening socket in Linux's abstract namespace, named after the folder's device and inode. The kernel
 * frees it when the process ends, however it ends, and gives it to one process only: no stale lock to recognise, no
 * race between two that would both clear one away, no pid that now belongs to somebody else. The file `lock` beside it
 * only tells a person who holds it.
 *
 * Answers `{ ok: false, message }` when another process holds the folder; rejects when the folder cannot be used.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const { dev, ino } = statSync(dataDir);
	const server = createServer();
	const isTaken = await new Promise<boolean>((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE') resolve(true);
			else reject(error);
		});
		server.listen(`\0yizhan-data-dir-${dev}-${ino}`, () => resolve(false));
	});
	const file = join(dataDir, 'lock');
	if (isTaken) {
		const message =
			`${dataDir} is in use by ${holder(file)}; stop that process first, ` +
			'or give this one a folder of its own with DATA_DIR.';
		return { ok: false, message };
	}
	// The lock alone is no reason to keep the process alive.
	server.unref();
	writeFileSync(file, `${process.pid} ${processStartTime(process.pid) ?? ''}\n`);
	return { ok: true, release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The file is written just after the lock is taken, so for an instant it may still name the holder before. */
function holder(file: string): string {
	const [pid, startTime] = readHolder(file);
	const isHolder = pid !== undefined && startTime !== undefined && processStartTime(Number(pid)) === startTime;
	return isHolder ? `process ${pid}` : 'another process';
}

function readHolder(file: string): string[] {
	try {
		return readFileSync(file, 'utf8').trim().split(' ');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
		throw error;
	}
}
