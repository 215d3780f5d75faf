import { setTimeout as delay } from 'node:timers/promises';
import type { Sleep } from '#server/demo/drive.ts';
import { textOption, type CommandLine } from './usage.ts';

export const sleep: Sleep = (ms, signal) => delay(ms, undefined, signal ? { signal } : {});

/** Where the public door is, and a key to it: given, or made for this purpose. */
export async function doorOptions(line: CommandLine, keyName: string): Promise<{ url: string; key: string }> {
	const { host, port } = line.config;
	const url = textOption(line, 'url') ?? `http://${host}:${port}`;
	const key = textOption(line, 'key') ?? (await line.operator.run('createKey', { name: keyName })).key;
	return { url, key };
}

/** Ends what is running on Ctrl-C, once; a second Ctrl-C ends the program. */
export function untilInterrupted(): AbortSignal {
	const abort = new AbortController();
	process.once('SIGINT', () => abort.abort());
	return abort.signal;
}
