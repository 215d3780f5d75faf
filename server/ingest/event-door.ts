/**
 * `POST /api/events`: authenticates a source, checks each event, and appends the good ones to the stream of their site.
 * The bad ones are listed in the answer and kept in `ops:rejected`; they do not hold the others up.
 */
import type { IncomingMessage } from 'node:http';
import type { Refusal } from '#domain/refusal.ts';
import { FUTURE_LIMIT_MS, LATE_LIMIT_MS } from '#domain/fold.ts';
import { streamOf } from '#server/stream/names.ts';
import { isRefusal, parseEvent } from '#server/stream/parse.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { RejectedLog } from '#server/stream/rejected.ts';
import { decodeCloudEvents } from './cloudevents.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
/** How long a key that was found stays known without asking the database again. */
const KEY_MEMORY_MS = 5000;

export interface EventDoorOptions {
	readonly redis: Redis;
	readonly rejected: RejectedLog;
	readonly sourceOfKey: (key: string) => Promise<string | null>;
	/** stream of a site; null when the registry does not know it */
	readonly shardOf: (siteCode: string) => number | null;
	readonly now: () => number;
}

export interface Answer {
	readonly status: number;
	readonly body: object;
}

const refuse = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } });

export class EventDoor {
	readonly metrics = { accepted: 0, rejected: 0, unauthorised: 0 };
	readonly #options: EventDoorOptions;
	readonly #keys = new Map<string, number>();

	constructor(options: EventDoorOptions) {
		this.#options = options;
	}

	async answer(request: IncomingMessage): Promise<Answer> {
		if (!(await this.#isAuthorised(request.headers.authorization))) {
			this.metrics.unauthorised++;
			return refuse(
				401,
				'unauthorised',
				'Send Authorization: Bearer KEY. Make a key with: npm run cli -- key create NAME'
			);
		}
		const body = await readBody(request);
		if (body === null) {
			return refuse(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes. Send smaller batches.`);
		}
		const decoded = decodeCloudEvents(request.headers, body);
		if (!decoded.ok) return refuse(decoded.status, decoded.code, decoded.message);
		return this.#take(decoded.events);
	}

	async #take(events: readonly unknown[]): Promise<Answer> {
		const now = this.#options.now();
		const rejected: { index: number; code: string; message: string }[] = [];
		const appended: Promise<unknown>[] = [];
		events.forEach((event, index) => {
			const checked = this.#check(event, now);
			if (typeof checked === 'number') {
				appended.push(this.#options.redis.xAdd(streamOf(checked), '*', { e: JSON.stringify(event) }));
			} else rejected.push({ index, code: checked.code, message: checked.message });
		});
		const kept = this.#options.rejected.add(
			rejected.map(({ index, code, message }) => ({
				refusal: { code, message } as Refusal,
				payload: JSON.stringify(events[index]),
				door: 'http'
			}))
		);
		await Promise.all([kept, ...appended]);
		this.metrics.accepted += appended.length;
		this.metrics.rejected += rejected.length;
		return { status: 202, body: { accepted: appended.length, rejected } };
	}

	/** The shard of a good event, else why it is refused. The fold asks the same again; here the sender still listens. */
	#check(value: unknown, now: number): number | Refusal {
		const parsed = parseEvent(value, now);
		if (isRefusal(parsed)) return parsed;
		if (parsed.at > now + FUTURE_LIMIT_MS) {
			return {
				code: 'future_time',
				message: 'The event lies more than 5 minutes in the future. Set the clock of its source.'
			};
		}
		if (parsed.at < now - LATE_LIMIT_MS) {
			return { code: 'late_time', message: 'The event happened more than 24 hours ago. Older events are not counted.' };
		}
		return (
			this.#options.shardOf(parsed.event.subject) ?? {
				code: 'unknown_station',
				message: `No site has the code "${parsed.event.subject}". Import the site, then send the event again.`
			}
		);
	}

	async #isAuthorised(header: string | undefined): Promise<boolean> {
		const key = /^Bearer (\S{1,200})$/.exec(header ?? '')?.[1];
		if (!key) return false;
		const now = this.#options.now();
		if ((this.#keys.get(key) ?? 0) > now) return true;
		this.#keys.delete(key);
		if ((await this.#options.sourceOfKey(key)) === null) return false;
		this.#keys.set(key, now + KEY_MEMORY_MS);
		return true;
	}
}

/** The body as text; null when it is larger than allowed. */
async function readBody(request: IncomingMessage): Promise<string | null> {
	if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return null;
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_BODY_BYTES) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
