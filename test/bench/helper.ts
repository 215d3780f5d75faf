/** A process beside this one that does a part of a measurement: it answers one question at a time. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Helper<Question extends object> {
	readonly pid: number;
	/** Rejects when the helper fails or ends. */
	ask<Answer>(question: Question): Promise<Answer>;
	stop(): Promise<void>;
}

type Reply = { readonly answer: unknown } | { readonly error: string };

/** Starts a TypeScript file that calls `answerQuestions`. */
export function startHelper<Question extends object>(file: URL): Helper<Question> {
	// Advanced: binary messages arrive as such.
	const child = fork(file, { serialization: 'advanced' });
	const ended = once(child, 'exit');
	return {
		pid: child.pid ?? 0,
		async ask<Answer>(question: Question): Promise<Answer> {
			const abort = new AbortController();
			const { signal } = abort;
			const reply = once(child, 'message', { signal }) as Promise<[Reply]>;
			child.send(question);
			const [first] = await Promise.race([reply, ended.then(() => [null] as const)]);
			if (first === null) abort.abort();
			if (first === null) throw new Error(`${file.pathname} ended before it answered`);
			if ('error' in first) throw new Error(`${file.pathname}: ${first.error}`);
			return first.answer as Answer;
		},
		async stop() {
			if (child.connected) child.disconnect();
			await ended;
		}
	};
}

/** The helper's side: answers until the parent lets go of it, then ends. */
export function answerQuestions<Question>(answer: (question: Question) => unknown): void {
	const reply = async (question: Question): Promise<Reply> => {
		try {
			return { answer: await answer(question) };
		} catch (error) {
			return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
		}
	};
	process.on('message', (question: Question) => void reply(question).then((message) => process.send?.(message)));
	process.on('disconnect', () => process.exit());
}
