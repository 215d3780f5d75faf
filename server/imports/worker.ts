/** The thread's side: one question after the other, and a shared array that says how far the current one is. */
import { parentPort, workerData } from 'node:worker_threads';
import { must } from '#domain/must.ts';
import { PHASES, PROGRESS, type JobName } from './protocol.ts';
import { openWork } from './work.ts';

export interface Question {
	readonly id: number;
	readonly name: JobName;
	readonly input: never;
}

export type Answer =
	| { readonly id: number; readonly ok: true; readonly output: unknown }
	| { readonly id: number; readonly ok: false; readonly message: string };

const port = must(parentPort, 'worker.ts runs in a worker thread.');
const progress = new Int32Array(workerData as SharedArrayBuffer);
const work = openWork((phase, rows, total) => {
	Atomics.store(progress, PROGRESS.phase, PHASES.indexOf(phase));
	Atomics.store(progress, PROGRESS.rows, rows);
	Atomics.store(progress, PROGRESS.total, total);
});

let last: Promise<void> = Promise.resolve();
port.on('message', (question: Question) => {
	last = last.then(async () => port.postMessage(await answer(question)));
});

async function answer({ id, name, input }: Question): Promise<Answer> {
	try {
		return { id, ok: true, output: await work[name](input) };
	} catch (error) {
		return { id, ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
}
