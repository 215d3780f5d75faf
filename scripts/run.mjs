// How the scripts of this folder speak and run programs. Runs on Node 20 with nothing installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node 24 from the dev dependency `node`; the server's TypeScript runs on it as it is. */
export const node24 = join(root, 'node_modules/node/bin/node');

/** Progress is written this often, so that nothing that takes long looks hung. */
const PROGRESS_EVERY_MS = 2000;

/** How soon a killed npm is noticed. */
const PARENT_CHECK_MS = 500;

/** A refusal with a sentence for a person; `runCommand` prints it without a stack and exits 1. */
export class SetupError extends Error {}

/** @param {string} line */
export function say(line) {
	console.log(line);
}

/**
 * Runs the body of a command and turns its answer into an exit code.
 * @param {() => Promise<number>} body
 */
export async function runCommand(body) {
	process.chdir(root);
	try {
		process.exitCode = await body();
	} catch (error) {
		if (!(error instanceof SetupError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}

/** @param {string} program */
export function isOnPath(program) {
	return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * Starts a program that Linux ends when this script is killed, so that a kill leaves nothing running.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
function spawnTied(command, args, options) {
	const tie = isOnPath('setpriv') ? ['setpriv', '--pdeathsig', 'TERM'] : [];
	const [program = command, ...rest] = [...tie, command, ...args];
	return spawn(program, rest, { cwd: root, ...options });
}

/**
 * Runs a program quietly under one announced line; its output is shown only when it fails.
 * @param {string} doing what the line says, for example `installing npm packages`
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<void>} rejects with SetupError when the program fails
 */
export async function runQuietly(doing, command, args, env = process.env) {
	say(`${doing} …`);
	const began = Date.now();
	const seconds = () => Math.round((Date.now() - began) / 1000);
	const progress = setInterval(() => say(`  ${doing}: ${seconds()} s`), PROGRESS_EVERY_MS);
	/** @type {string[]} */
	const output = [];
	const child = spawnTied(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
	child.stdout?.on('data', (chunk) => output.push(String(chunk)));
	child.stderr?.on('data', (chunk) => output.push(String(chunk)));
	const failure = await new Promise((resolve) => {
		child.on('error', (error) => resolve(error.message));
		child.on('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? code}`));
	});
	clearInterval(progress);
	if (failure === null) return;
	throw new SetupError(`${output.join('')}\n${doing} failed: ${command} ${failure}`);
}

/**
 * Runs a program in the foreground, its output on ours.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code; 128 + signal number as a shell has it when a signal ended it
 */
export async function runVisibly(command, args, env = process.env) {
	const child = spawnTied(command, args, { env, stdio: 'inherit' });
	/** @param {NodeJS.Signals} signal */
	const forward = (signal) => {
		child.kill(signal);
	};
	process.on('SIGTERM', forward);
	process.on('SIGINT', forward);
	// npm passes SIGTERM and SIGINT on, but nothing when it is killed itself.
	const npmPid = process.env['npm_lifecycle_event'] === undefined ? null : process.ppid;
	const watch = setInterval(() => {
		if (npmPid === null || process.ppid === npmPid) return;
		clearInterval(watch);
		forward('SIGTERM');
	}, PARENT_CHECK_MS);
	try {
		return await new Promise((resolve, reject) => {
			child.on('error', (error) => reject(new SetupError(`${command} cannot be run: ${error.message}`)));
			child.on('close', (code, signal) =>
				resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9))
			);
		});
	} finally {
		clearInterval(watch);
		process.off('SIGTERM', forward);
		process.off('SIGINT', forward);
	}
}
