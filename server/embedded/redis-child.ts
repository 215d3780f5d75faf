import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endOrphan, forgetChild, rememberChild } from './redis-orphan.ts';
import { askRedis, redisSocketPath, socketPathProblem } from './redis-socket.ts';

/*
 * The embedded Redis: one `redis-server` child on a unix socket in the data folder, its append-only file on.
 *
 * Never two servers on one append-only file. The caller holds the lock of the data folder (data-dir-lock.ts), so any
 * redis-server that is found on this folder before ours is started is an orphan: its parent was killed. It is asked to
 * end, which makes it write everything to disk, and a new one is started. Replacing is chosen over adopting because
 * only a child's end is reported to its parent: supervision then has one way, not two. Loading the file again costs
 * about a second per 100 MB.
 *
 * On Linux an orphan is rare: `setpriv --pdeathsig TERM` has the kernel end the child with its parent. Nothing that was
 * acknowledged is lost either way: `appendfsync always` puts every write on the disk before it is answered. (`everysec`
 * may hold a write back for up to two seconds while the disk is busy; a SIGKILL then takes it.) Commands that arrive
 * together share one write: some 30,000 single or 160,000 pipelined XADD a second, measured on a virtual disk.
 */

export type RedisState = 'up' | 'down';

/** What this needs of a logger; pino's fits. */
export type ChildLog = Record<'info' | 'warn' | 'error', (message: string) => void>;

export type EmbeddedRedisOptions = {
	/** Absolute path of the data folder; the caller holds its lock. */
	dataDir: string;
	log: ChildLog;
	/** Called at each change after the first start: `down` with the reason when the child dies, `up` when it serves again. */
	onStateChange: (state: RedisState, reason: string) => void;
};

export type EmbeddedRedis = {
	socketPath: string;
	/** Null while the child is down. */
	pid: () => number | null;
	/** Ends the child cleanly; it is not restarted. Safe to call twice. */
	stop: () => Promise<void>;
};

/** Waits before a restart: 100 ms, doubled up to 5 s while the child keeps dying within ten seconds. */
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5000;
const STABLE_AFTER_MS = 10_000;
const POLL_MS = 15;
/** The whole process has 5 s to stop; Redis needs milliseconds unless the disk is very slow. */
const STOP_LIMIT_MS = 3000;
/** The last lines of Redis' own log go into the error when it does not start. */
const TAIL_LINES = 12;

/**
 * Starts the child and waits until it has loaded its data and answers. Afterwards it is restarted whenever it dies.
 * Rejects with a sentence when the program is missing, the socket's path is too long or the first start fails.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
	const problem = socketPathProblem(options.dataDir);
	if (problem !== null) throw new Error(problem);
	const program = findProgram('redis-server');
	if (program === null) {
		throw new Error(
			'redis-server is not installed: `apt-get install redis-server`, or set REDIS_URL to a running Redis.'
		);
	}
	mkdirSync(join(options.dataDir, 'redis'), { recursive: true, mode: 0o700 });
	const supervisor = new RedisSupervisor(options, program);
	await supervisor.start();
	return {
		socketPath: redisSocketPath(options.dataDir),
		pid: () => supervisor.pid,
		stop: () => supervisor.stop()
	};
}

/** One started process: `ended` resolves with the reason, once, however it ends. */
type Child = { process: ChildProcess; ended: Promise<string> };

class RedisSupervisor {
	#options: EmbeddedRedisOptions;
	#program: string;
	#child: Child | null = null;
	#tail: string[] = [];
	#isStopping = false;
	#stopping = new AbortController();
	#supervision: Promise<void> = Promise.resolve();

	constructor(options: EmbeddedRedisOptions, program: string) {
		this.#options = options;
		this.#program = program;
	}

	get pid(): number | null {
		return this.#child?.process.pid ?? null;
	}

	async start(): Promise<void> {
		const { dataDir, log } = this.#options;
		const orphan = await endOrphan(dataDir);
		if (orphan !== null) log.warn(`embedded Redis: ended ${orphan}, left behind by a process that was killed`);
		const child = await this.#launch();
		this.#supervision = this.#supervise(child);
	}

	async stop(): Promise<void> {
		this.#isStopping = true;
		this.#stopping.abort();
		if (this.#child !== null) await endChild(this.#child);
		await this.#supervision;
		forgetChild(this.#options.dataDir);
	}

	/** Until it is stopped: waits for the child's end, says so, starts the next. */
	async #supervise(first: Child): Promise<void> {
		let child = first;
		let backOffMs = FIRST_BACK_OFF_MS;
		let upSince = performance.now();
		for (;;) {
			const reason = await child.ended;
			if (this.#isStopping) return;
			this.#options.log.error(`${reason}; it is restarted`);
			this.#options.onStateChange('down', reason);
			if (performance.now() - upSince > STABLE_AFTER_MS) backOffMs = FIRST_BACK_OFF_MS;
			let next: Child | null = null;
			while (next === null) {
				const isWaited = await this.#wait(backOffMs);
				if (!isWaited) return;
				backOffMs = Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS);
				next = await this.#tryLaunch();
			}
			child = next;
			upSince = performance.now();
			this.#options.log.info('embedded Redis is up again');
			this.#options.onStateChange('up', 'embedded Redis is up again');
		}
	}

	async #tryLaunch(): Promise<Child | null> {
		try {
			return await this.#launch();
		} catch (error) {
			if (!this.#isStopping) this.#options.log.error(error instanceof Error ? error.message : String(error));
			return null;
		}
	}

	/** Starts one child and waits until it answers; rejects with Redis' own last words when it ends before that. */
	async #launch(): Promise<Child> {
		const process = spawnRedis(this.#program, this.#options.dataDir);
		let end: string | null = null;
		const ended = new Promise<string>((resolve) => {
			process.once('exit', (code, signal) => resolve(`embedded Redis ended with ${signal ?? `code ${code}`}`));
			process.once('error', (error) => resolve(`embedded Redis cannot be run: ${error.message}`));
		}).then((reason) => {
			end = reason;
			this.#child = null;
			return reason;
		});
		const child = { process, ended };
		this.#child = child;
		this.#tail = [];
		process.stdout?.on('data', (chunk: Buffer) => this.#keepTail(chunk));
		process.stderr?.on('data', (chunk: Buffer) => this.#keepTail(chunk));
		if (process.pid !== undefined) rememberChild(this.#options.dataDir, process.pid);
		await this.#untilReady(() => end);
		return child;
	}

	async #untilReady(end: () => string | null): Promise<void> {
		const socketPath = redisSocketPath(this.#options.dataDir);
		let isLoading = false;
		for (;;) {
			const reason = end();
			if (reason !== null) throw new Error(`${reason} before it was ready. Its last lines:\n${this.#tail.join('\n')}`);
			const answer = await askRedis(socketPath, 'PING');
			if (answer?.startsWith('+PONG')) return;
			if (answer?.startsWith('-LOADING') && !isLoading) {
				isLoading = true;
				this.#options.log.info('embedded Redis is loading its append-only file');
			}
			await delay(POLL_MS);
		}
	}

	/** False when the stop came first. */
	async #wait(ms: number): Promise<boolean> {
		const { signal } = this.#stopping;
		try {
			await delay(ms, undefined, { signal });
		} catch (error) {
			if (!signal.aborted) throw error;
		}
		return !signal.aborted;
	}

	#keepTail(chunk: Buffer): void {
		const lines = chunk
			.toString('utf8')
			.split('\n')
			.filter((line) => line !== '');
		this.#tail = [...this.#tail, ...lines].slice(-TAIL_LINES);
	}
}

function spawnRedis(program: string, dataDir: string): ChildProcess {
	const settings = {
		port: '0',
		unixsocket: redisSocketPath(dataDir),
		unixsocketperm: '700',
		dir: join(dataDir, 'redis'),
		appendonly: 'yes',
		appendfsync: 'always',
		save: '',
		// Events that were answered for are never thrown out to make room.
		'maxmemory-policy': 'noeviction',
		'always-show-logo': 'no'
	};
	const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
	const setpriv = findProgram('setpriv');
	const [command, before] = setpriv === null ? [program, []] : [setpriv, ['--pdeathsig', 'TERM', program]];
	// A process group of its own: Ctrl-C in a terminal reaches the whole group of the server, and Redis has to stay
	// until the last commit is made.
	return spawn(command, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

async function endChild({ process, ended }: Child): Promise<void> {
	process.kill('SIGTERM');
	const limit = setTimeout(() => process.kill('SIGKILL'), STOP_LIMIT_MS);
	await ended;
	clearTimeout(limit);
}

function findProgram(name: string): string | null {
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
