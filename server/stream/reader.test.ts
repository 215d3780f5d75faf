import { describe, expect, test } from 'vitest';
import { BATCH, readStream, type StreamEntry } from './reader.ts';
import type { Redis } from './redis-link.ts';

/** A stream in memory that answers XREAD as Redis does; a blocked read waits until something comes or the end. */
function fakeStream(entries: readonly (readonly [string, readonly string[]])[]) {
	const reads: string[] = [];
	const failures: Error[] = [];
	let destroyed: (error: Error) => void = () => undefined;
	const ended = new Promise<never>((_, reject) => (destroyed = reject));
	ended.catch(() => undefined);
	const redis = {
		async sendCommand(command: string[]) {
			const after = command.at(-1) ?? '';
			reads.push(after);
			const failure = failures.shift();
			if (failure) throw failure;
			const found = entries.filter(([id]) => Number.parseInt(id, 10) > Number.parseInt(after, 10)).slice(0, BATCH);
			if (found.length === 0) return ended;
			return [['ops:events:0', found]];
		},
		destroy: () => destroyed(new Error('closed'))
	};
	return { redis: redis as unknown as Redis, reads, failures };
}

const entriesUpTo = (count: number) =>
	Array.from({ length: count }, (_, i) => [`${i + 1}-0`, ['e', `${i + 1}`]] as const);

async function readAll(count: number, onBatch: (batch: readonly StreamEntry[]) => void, failures: Error[] = []) {
	const stream = fakeStream(entriesUpTo(count));
	stream.failures.push(...failures);
	const got: string[] = [];
	const errors: string[] = [];
	let finish: () => void = () => undefined;
	const finished = new Promise<void>((resolve) => (finish = resolve));
	const reader = readStream({
		redis: stream.redis,
		stream: 'ops:events:0',
		position: '0-0',
		onBatch: (batch) => {
			onBatch(batch);
			got.push(...batch.map(([id]) => id));
			if (batch.at(-1)?.[0] === `${count}-0`) finish();
		},
		onError: (error) => errors.push(error.message)
	});
	await finished;
	await reader.stop();
	return { got, errors, reads: stream.reads };
}

describe('readStream', () => {
	test('hands out every entry once and in order, over several batches', async () => {
		const { got, errors } = await readAll(BATCH * 2 + 10, () => undefined);
		expect(got).toEqual(entriesUpTo(BATCH * 2 + 10).map(([id]) => id));
		expect(errors).toEqual([]);
	});

	test('reads again from the same place when a read fails', async () => {
		const { got, errors } = await readAll(5, () => undefined, [new Error('Redis went away')]);
		expect(got).toEqual(['1-0', '2-0', '3-0', '4-0', '5-0']);
		expect(errors).toEqual(['Redis went away']);
	});

	test('a batch that could not be taken is handed out again, not passed over', async () => {
		let isFirst = true;
		const { got, errors } = await readAll(BATCH + 5, () => {
			if (isFirst) {
				isFirst = false;
				throw new Error('could not be taken');
			}
		});
		expect(errors).toEqual(['could not be taken']);
		expect(got).toEqual(entriesUpTo(BATCH + 5).map(([id]) => id));
	});

	test('takes the field e, wherever it stands, and says null where there is none', async () => {
		const stream = fakeStream([
			['1-0', ['x', '1', 'e', 'A']],
			['2-0', ['x', 'e']],
			['3-0', ['e', 'C']]
		]);
		const got: StreamEntry[] = [];
		await new Promise<void>((resolve) => {
			const reader = readStream({
				redis: stream.redis,
				stream: 's',
				position: '0-0',
				onBatch: (batch) => {
					got.push(...batch);
					void reader.stop().then(resolve);
				},
				onError: (error) => expect(error.message).toBe('closed')
			});
		});
		expect(got).toEqual([
			['1-0', 'A'],
			['2-0', null],
			['3-0', 'C']
		]);
	});
});
