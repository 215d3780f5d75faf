import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDataDir } from './data-dir-lock.ts';
import { processStartTime } from './process-identity.ts';

let dataDir: string;
beforeEach(() => {
	dataDir = mkdtempSync(join(tmpdir(), 'yizhan-lock-'));
});
afterEach(() => {
	rmSync(dataDir, { recursive: true, force: true });
});

/** Another process that holds the lock until it is killed; resolves when it has it. */
async function otherHolder(): Promise<{ pid: number; kill: () => Promise<void> }> {
	const module = new URL('./data-dir-lock.ts', import.meta.url).href;
	const program =
		`const { lockDataDir } = await import(${JSON.stringify(module)});` +
		`console.log((await lockDataDir(${JSON.stringify(dataDir)})).ok); setInterval(() => {}, 1000);`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const [answer] = (await once(child.stdout, 'data')) as [Buffer];
	expect(answer.toString()).toBe('true\n');
	return {
		pid: child.pid!,
		async kill() {
			const ended = once(child, 'exit');
			child.kill('SIGKILL');
			await ended;
		}
	};
}

test('a second process is refused with a sentence that names the first', async () => {
	const other = await otherHolder();
	const refused = await lockDataDir(dataDir);
	await other.kill();
	expect(refused).toEqual({
		ok: false,
		message: expect.stringContaining(`${dataDir} is in use by process ${other.pid};`)
	});
});

test('the lock of a process that was killed is free at once', async () => {
	const other = await otherHolder();
	await other.kill();
	const lock = await lockDataDir(dataDir);
	expect(lock.ok).toBe(true);
	if (lock.ok) await lock.release();
});

test('a released lock can be taken again', async () => {
	for (let round = 0; round < 3; round++) {
		const lock = await lockDataDir(dataDir);
		if (!lock.ok) throw new Error(lock.message);
		expect((await lockDataDir(dataDir)).ok).toBe(false);
		await lock.release();
	}
});

test('a pid that was given out again is not named as the holder', async () => {
	const lock = await lockDataDir(dataDir);
	writeFileSync(join(dataDir, 'lock'), '1 1\n');
	expect(await lockDataDir(dataDir)).toEqual({
		ok: false,
		message: expect.stringContaining('in use by another process;')
	});
	if (lock.ok) await lock.release();
});

test('a data folder that does not exist yet is made', async () => {
	const lock = await lockDataDir(join(dataDir, 'new/folder'));
	expect(lock.ok).toBe(true);
	if (lock.ok) await lock.release();
});

test('the start time tells a running process from one that is gone', () => {
	expect(processStartTime(process.pid)).toMatch(/^\d+$/);
	expect(processStartTime(2 ** 30)).toBeNull();
});
