/**
 * `POST /api/events`: authenticates a source, checks each event, and appends the good ones to the stream of their site.
 * The bad ones are listed in the answer and kept in `ops:rejected`; they do not hold the others up.
 */
import type { IncomingMessage } from 'node:http';
import { eventData, type StationEvent } from '#domain/event.ts';
import { REFUSED, type Refusal, type RefusalCode } from '#domain/refusal.ts';
import { FUTURE_LIMIT_MS, LATE_LIMIT_MS } from '#domain/fold.ts';
import { readBody } from '#server/http/body.ts';
import { streamOf } from '#server/stream/names.ts';
import { isRefusal, parseEvent } from '#server/stream/parse.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { RejectedLog } from '#server/stream/rejected.ts';
import { decodeCloudEvents } from './cloudevents.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
/** How long a key that was found stays known without asking the database again. */
const KEY_MEMORY_MS = 5000;
/** While Redis hangs, requests wait in memory: up to here. */
const MAX_BYTES_IN_HAND = 32 * 1024 * 1024;

export interface EventDoorOptions {
	readonly redis: Redis;
	readonly rejected: RejectedLog;
	readonly sourceOfKey: (key: string) => Promise<string | null>;
	/** stream of a site; null when the registry does not know it */
	readonly shardOf: (siteCode: string) => number | null;
	readonly now: () => number;
	readonly onError: (error: Error) => void;
}

export interface Answer {
	readonly status: number;
	readonly body: object;
}

/** Where an event was put. */
export interface Appended {
	readonly stream: string;
	readonly entry: string;
}

const refuse = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } });

export class EventDoor {
	readonly metrics = { accepted: 0, rejected: 0, unauthorised: 0, refused: new Map<string, number>() };
	/** of requests whose events Redis has not answered for yet */
	#bytesInHand = 0;
	readonly #options: EventDoorOptions;
	readonly #keys = new Map<string, number>();

	constructor(options: EventDoorOptions) {
		this.#options = options;
	}

	async answer(request: IncomingMessage): Promise<Answer> {
		if (this.#bytesInHand > MAX_BYTES_IN_HAND)
			return refuse(503, 'busy', 'Redis is slow or away. Send the same again in a moment.');
		if (!(await this.#isAuthorised(request.headers.authorization))) {
			this.metrics.unauthorised++;
			return refuse(
				401,
				'unauthorised',
				'Send Authorization: Bearer KEY. Make a key with: npm run cli -- key create NAME'
			);
		}
		const body = await readBody(request, MAX_BODY_BYTES);
		if (body === null) {
			return refuse(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes. Send smaller batches.`);
		}
		const decoded = decodeCloudEvents(request.headers, body);
		if (!decoded.ok) return refuse(decoded.status, decoded.code, decoded.message);
		this.#bytesInHand += body.length;
		try {
			return await this.#take(decoded.events, decoded.isSingle);
		} finally {
			this.#bytesInHand -= body.length;
		}
	}

	async #take(events: readonly unknown[], isSingle: boolean): Promise<Answer> {
		const now = this.#options.now();
		const rejected: { index: number; code: RefusalCode; message: string }[] = [];
		const good: [shard: number, entry: string][] = [];
		events.forEach((event, index) => {
			const checked = this.#check(event, now);
			if ('shard' in checked) good.push([checked.shard, checked.entry]);
			else rejected.push({ index, code: checked.code, message: checked.message });
		});
		for (const { code } of rejected) this.metrics.refused.set(code, (this.metrics.refused.get(code) ?? 0) + 1);
		// That a refusal could not be kept is told in the log; it is no reason to hold the good ones up.
		const kept = this.#options.rejected
			.add(
				rejected.map(({ index, code, message }) => ({
					refusal: { code, message },
					payload: payloadOf(events[index]),
					door: 'http'
				}))
			)
			.catch(this.#options.onError);
		await Promise.all(good.map(([shard, e]) => this.#options.redis.xAdd(streamOf(shard), '*', { e })));
		await kept;
		this.metrics.accepted += good.length;
		this.metrics.rejected += rejected.length;
		const body = { accepted: good.length, rejected };
		const [only] = rejected;
		if (!isSingle || !only) return { status: 202, body };
		return { status: 400, body: { code: only.code, message: only.message, ...body } };
	}

	/**
	 * Puts one event, brought by a person at the desk, onto its stream: the same checks as for a source, but a refusal is
	 * only told, since the person is there to mend it. Gives the stream and the entry's id. Throws when Redis is away.
	 */
	async append(event: unknown): Promise<Appended | Refusal> {
		const checked = this.#check(event, this.#options.now());
		if (!('shard' in checked)) return checked;
		const stream = streamOf(checked.shard);
		const entry = await this.#options.redis.xAdd(stream, '*', { e: checked.entry });
		this.metrics.accepted++;
		return { stream, entry };
	}

	/** A good event's shard and what is stored of it, else why it is refused. The fold asks the same again; here the sender still listens. */
	#check(value: unknown, now: number): { shard: number; entry: string } | Refusal {
		const parsed = parseEvent(value, now);
		if (isRefusal(parsed)) return parsed;
		if (parsed.at > now + FUTURE_LIMIT_MS) return REFUSED.future;
		if (parsed.at < now - LATE_LIMIT_MS) return REFUSED.late;
		const shard = this.#options.shardOf(parsed.event.subject);
		return shard === null ? REFUSED.unknownStation : { shard, entry: JSON.stringify(storedPart(parsed.event)) };
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

/** What is stored of an event: the fields that its type names, and nothing else a source may have sent with it. */
function storedPart(event: StationEvent): object {
	const { specversion, id, source, type, subject, time, quality, sequence } = event;
	const named = Object.keys(eventData[type].properties);
	const data = Object.fromEntries(Object.entries(event.data).filter(([name]) => named.includes(name)));
	return { specversion, id, source, type, subject, time, quality, sequence, data };
}

/** As it came; a value too deep to be written is kept by its reason alone. */
function payloadOf(value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch (error) {
		return `not writable: ${(error as Error).message}`;
	}
}
