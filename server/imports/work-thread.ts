/** The server's side of a worker: questions as promises, bounded in memory and time, so that no file can take the server along. */
import { Worker } from 'node:worker_threads';
import { ImportProblem } from './problem.ts';
import { PHASES, PROGRESS, type JobName, type Jobs, type Phase } from './protocol.ts';
import type { Answer } from './worker.ts';

export interface WorkThread {
	/** Rejects with `ImportProblem` when the file is too heavy or too slow; the thread is gone then. */
	run<N extends JobName>(name: N, input: Jobs[N]['input']): Promise<Jobs[N]['output']>;
	progress(): { readonly phase: Phase; readonly rows: number; readonly total: number };
	readonly isOpen: boolean;
	close(): Promise<void>;
}

/** 200,000 rows of 40 columns with their plan take about 1 GB. */
const MAX_HEAP_MB = 1536;
const JOB_LIMIT_MS = 5 * 60_000;

interface Waiting {
	readonly resolve: (output: never) => void;
	readonly reject: (error: Error) => void;
}

export function startWorkThread(): WorkThread {
	const shared = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
	const progress = new Int32Array(shared);
	const worker = new Worker(new URL('./worker.ts', import.meta.url), {
		workerData: shared,
		resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB }
	});
	const waiting = new Map<number, Waiting>();
	let number = 0;
	let isOpen = true;
	const fail = (error: Error): void => {
		isOpen = false;
		for (const { reject } of waiting.values()) reject(error);
		waiting.clear();
	};
	const settle = (id: number): Waiting | undefined => {
		const one = waiting.get(id);
		waiting.delete(id);
		// An idle thread does not keep a command line from ending.
		if (waiting.size === 0) worker.unref();
		return one;
	};
	worker.on('message', (answer: Answer) => {
		const one = settle(answer.id);
		if (answer.ok) one?.resolve(answer.output as never);
		else one?.reject(new Error(answer.message));
	});
	worker.on('error', (error) => fail(problemOf(error)));
	worker.on('exit', () => fail(tooHeavy()));
	worker.unref();
	const close = async (): Promise<void> => {
		isOpen = false;
		await worker.terminate();
	};
	return {
		get isOpen() {
			return isOpen;
		},
		run(name, input) {
			if (!isOpen) return Promise.reject(tooHeavy());
			const id = ++number;
			const limit = setTimeout(() => {
				fail(tooSlow());
				void close();
			}, JOB_LIMIT_MS).unref();
			worker.ref();
			return new Promise<never>((resolve, reject) => {
				waiting.set(id, { resolve, reject });
				worker.postMessage({ id, name, input });
			}).finally(() => clearTimeout(limit));
		},
		progress: () => ({
			phase: PHASES[Atomics.load(progress, PROGRESS.phase)] ?? 'idle',
			rows: Atomics.load(progress, PROGRESS.rows),
			total: Atomics.load(progress, PROGRESS.total)
		}),
		close
	};
}

function problemOf(error: unknown): Error {
	const isHeavy = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
	return isHeavy ? tooHeavy() : error instanceof Error ? error : new Error(String(error));
}

function tooHeavy(): ImportProblem {
	const message =
		'The file needs more memory than an import may take. Split it, or save only the columns that are needed.';
	return new ImportProblem(422, 'file_too_heavy', message);
}

function tooSlow(): ImportProblem {
	return new ImportProblem(
		422,
		'file_too_slow',
		'The file took more than five minutes. Split it and import the parts.'
	);
}
