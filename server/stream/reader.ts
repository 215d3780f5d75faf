/**
 * Reads one stream from a position, in batches, as fast as the fold can take them. While a batch is being folded
 * the next one is already on its way: Redis works on the other core meanwhile.
 */
import type { Redis } from './redis-link.ts';

/** id and text of the field `e`; null when the entry has no such field */
export type StreamEntry = readonly [id: string, text: string | null];

type XreadReply = readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] | null;

/** Entries per XREAD: larger ones gain nothing (measured), smaller ones cost a round trip each. */
export const BATCH = 2000;
/** Entries are some 300 bytes. Where they are huge, few are taken at a time: a batch and the next one are in memory. */
const HUGE_BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_OF_HUGE = 20;
const BLOCK_MS = 500;

export interface StreamReader {
	/** Ends the loop: the connection is closed, a blocked read with it. */
	stop(): Promise<void>;
	readonly done: Promise<void>;
}

export interface ReaderOptions {
	/** a connection of its own; closed by `stop` */
	readonly redis: Redis;
	readonly stream: string;
	/** id after which to begin */
	readonly position: string;
	/** Takes a batch, possibly empty; what it returns is waited for before the next one. */
	readonly onBatch: (entries: readonly StreamEntry[], isAll: boolean) => void | Promise<void>;
	readonly onError: (error: Error) => void;
}

const RETRY_MS = 200;

export function readStream(options: ReaderOptions): StreamReader {
	const { redis, stream } = options;
	let isStopped = false;
	let count = BATCH;
	const read = (after: string): Promise<XreadReply> =>
		redis.sendCommand<XreadReply>(['XREAD', 'COUNT', `${count}`, 'BLOCK', `${BLOCK_MS}`, 'STREAMS', stream, after]);

	const loop = async (): Promise<void> => {
		let position = options.position;
		let next = read(position);
		while (!isStopped) {
			try {
				const entries = ((await next)?.[0]?.[1] ?? []).map(([id, fields]) => [id, fieldOf(fields)] as const);
				const last = entries.at(-1)?.[0] ?? position;
				const isAll = entries.length < count;
				const bytes = entries.reduce((sum, [, text]) => sum + (text?.length ?? 0), 0);
				count = bytes > HUGE_BATCH_BYTES || (count < BATCH && bytes > HUGE_BATCH_BYTES / 100) ? BATCH_OF_HUGE : BATCH;
				next = read(last);
				// An error of this read is met by the `await` above, in the next turn.
				next.catch(() => undefined);
				// Lets the client write the command out before the fold takes the thread.
				await new Promise((resolve) => setImmediate(resolve));
				await options.onBatch(entries, isAll);
				// Only now: a batch that could not be taken is handed out again.
				position = last;
			} catch (error) {
				if (isStopped) return;
				options.onError(error as Error);
				await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
				next = read(position);
				next.catch(() => undefined);
			}
		}
	};

	const done = loop();
	return {
		done,
		async stop() {
			isStopped = true;
			redis.destroy();
			await done;
		}
	};
}

function fieldOf(fields: readonly string[]): string | null {
	for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] === 'e') return fields[i + 1] ?? null;
	return null;
}
