import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder with a short path (unix sockets allow 107 bytes) and the way to remove it. */
export function tempDir(purpose: string): { path: string; remove: () => void } {
	const path = mkdtempSync(join(tmpdir(), `yizhan-${purpose}-`));
	return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
