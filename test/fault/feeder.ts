/** The two ends of the stream that a test holds: one that appends until it is acknowledged, one that sees all that is in it. */
import { setTimeout as delay } from 'node:timers/promises';
import { compareEntryIds } from '#server/stream/names.ts';
import { openRedis, type Redis, type RedisAddress } from '#server/stream/redis-link.ts';
import type { Entry } from './input.ts';

export const STREAM = 'ops:events:0';
const PIPELINE = 500;
const RETRY_MS = 20;

export interface Feeder {
	/** acknowledged so far */
	readonly acknowledged: () => number;
	/** id of the newest acknowledged entry */
	readonly newest: () => string;
	/** ids of all acknowledged entries, unordered */
	readonly ids: readonly string[];
	/** sent again since it was not known whether they had arrived */
	readonly resent: () => number;
	/** Resolves once so many are acknowledged. */
	reached(count: number): Promise<void>;
	readonly done: Promise<void>;
}

/** Appends the entries in pipelines, at most `perSecond`; what was not acknowledged is sent again until it is. */
export function feed(address: RedisAddress, entries: readonly Entry[], perSecond: number): Feeder {
	const ids: string[] = [];
	let resent = 0;
	let newest = '0-0';
	const append = async (redis: Redis, batch: readonly Entry[]): Promise<Entry[]> => {
		const answers = await Promise.allSettled(batch.map((entry) => redis.sendCommand<string>(commandOf(entry))));
		const open: Entry[] = [];
		for (const [index, answer] of answers.entries()) {
			if (answer.status === 'rejected') open.push(batch[index] as Entry);
			else {
				ids.push(answer.value);
				if (compareEntryIds(answer.value, newest) > 0) newest = answer.value;
			}
		}
		return open;
	};
	const run = async (): Promise<void> => {
		const redis = await openPatiently(address);
		const started = performance.now();
		let rested = 0;
		for (let from = 0; from < entries.length; from += PIPELINE) {
			const ahead = (from / perSecond) * 1000 - (performance.now() - started - rested);
			if (ahead > 0) await delay(ahead);
			let open = await append(redis, entries.slice(from, from + PIPELINE));
			const interrupted = performance.now();
			while (open.length > 0) {
				resent += open.length;
				await delay(RETRY_MS);
				open = await append(redis, open);
			}
			// Time in which nobody could send is not made up for: the rate is that of the time in between.
			rested += performance.now() - interrupted;
		}
		redis.destroy();
	};
	const done = run();
	return {
		acknowledged: () => ids.length,
		newest: () => newest,
		ids,
		resent: () => resent,
		async reached(count) {
			while (ids.length < count) await Promise.race([delay(2), done.then(() => delay(2))]);
		},
		done
	};
}

function commandOf({ text }: Entry): string[] {
	return text === null ? ['XADD', STREAM, '*', 'f', 'nothing'] : ['XADD', STREAM, '*', 'e', text];
}

/** The socket may not be there yet: the client tries again until it is. */
export async function openPatiently(address: RedisAddress): Promise<Redis> {
	return openRedis(address, () => undefined);
}

export interface Observer {
	/** every entry that was ever in the stream */
	readonly ids: ReadonlySet<string>;
	/** why, of those that must be refused, by id */
	readonly refused: ReadonlyMap<string, string>;
	/** Reads until the end of the stream as it is now, then leaves. */
	finish(): Promise<void>;
}

type Reply = [string, [string, string[]][]][] | null;

/** Sees every entry before it is trimmed. `reasons`: of each text that must be refused, the code. */
export function observe(address: RedisAddress, reasons: ReadonlyMap<string, string>): Observer {
	const ids = new Set<string>();
	const refused = new Map<string, string>();
	let isEnding = false;
	const run = async (): Promise<void> => {
		const redis = await openPatiently(address);
		let position = '0-0';
		for (;;) {
			let reply: Reply;
			const isLast = isEnding;
			try {
				reply = await redis.sendCommand<Reply>(['XREAD', 'COUNT', '5000', 'BLOCK', '100', 'STREAMS', STREAM, position]);
			} catch {
				// Redis was killed: its client connects again.
				await delay(RETRY_MS);
				continue;
			}
			const entries = reply?.[0]?.[1] ?? [];
			for (const [id, [field, text = '']] of entries) {
				ids.add(id);
				const reason = field === 'e' ? reasons.get(text) : 'malformed_json';
				if (reason !== undefined) refused.set(id, reason);
				position = id;
			}
			if (isLast && entries.length === 0) break;
		}
		redis.destroy();
	};
	const done = run();
	return {
		ids,
		refused,
		async finish() {
			isEnding = true;
			await done;
		}
	};
}

/** `ops:rejected` as it stands: entry id and reason of each row. */
export async function readRejected(redis: Redis): Promise<string[]> {
	const found: string[] = [];
	let from = '-';
	for (;;) {
		const rows = await redis.sendCommand<[string, string[]][]>(['XRANGE', 'ops:rejected', from, '+', 'COUNT', '5000']);
		for (const [, fields] of rows) {
			const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
			found.push(`${field('entry')} ${field('reason')}`);
		}
		const last = rows.at(-1)?.[0];
		if (last === undefined) return found;
		from = `(${last}`;
	}
}
