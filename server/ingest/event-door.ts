/**
 * `POST /api/events`: authenticates a source, checks each event against its type and against what the source was granted,
 * and appends the good ones to the stream of their site. The bad ones are listed in the answer and kept in `ops:rejected`;
 * they do not hold the others up.
 */
import type { IncomingMessage } from 'node:http';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { eventData, type StationEvent } from '#domain/event.ts';
import { WITHHELD, withoutIdentity } from '#domain/identity.ts';
import { REFUSED, type Refusal, type RefusalCode } from '#domain/refusal.ts';
import { FUTURE_LIMIT_MS, LATE_LIMIT_MS } from '#domain/fold.ts';
import { covers, type Places } from '#domain/scope.ts';
import type { Audit } from '#server/access/audit.ts';
import type { Actor } from '#server/access/caller.ts';
import { readBody } from '#server/http/body.ts';
import { streamOf } from '#server/stream/names.ts';
import { isRefusal, parseEvent } from '#server/stream/parse.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { RejectedLog } from '#server/stream/rejected.ts';
import type { SourceAccount } from '#server/store/source-store.ts';
import { decodeCloudEvents } from './cloudevents.ts';
import { KeyRing, type KeyRingOptions } from './key-ring.ts';
import { SourceTallies } from './source-tally.ts';

export const MAX_BODY_BYTES = 1024 * 1024;
/** While Redis hangs, requests wait in memory: up to here. */
const MAX_BYTES_IN_HAND = 32 * 1024 * 1024;
/** s in which an account may send as much again as its limit of a second allows: a gateway that was offline catches up. */
const BURST_SECONDS = 10;

export interface EventDoorOptions extends KeyRingOptions {
	readonly redis: Redis;
	readonly rejected: RejectedLog;
	readonly audit: Pick<Audit, 'refused'>;
	/** where stations lie, for accounts that are granted a part of the city */
	readonly places: Places;
	/** where a request comes from, once trusted proxies were believed */
	readonly addressOf: (request: IncomingMessage) => string;
	/** of one account; not less than a batch has */
	readonly eventsPerSecond: number;
	/** stream of a site; null when the registry does not know it */
	readonly shardOf: (siteCode: string) => number | null;
}

export interface Answer {
	readonly status: number;
	readonly body: object;
	readonly headers?: Readonly<Record<string, string>>;
}

/** Where an event was put. */
export interface Appended {
	readonly stream: string;
	readonly entry: string;
}

/** Whose events are checked; null = a person at the desk, whose rights were asked already. */
type Sender = SourceAccount | null;

interface Refused extends Refusal {
	readonly index: number;
	readonly code: RefusalCode;
}

const refuse = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } });

const UNAUTHORISED = refuse(
	401,
	'unauthorised',
	'Send Authorization: Bearer KEY. Make a key on the page of the sources, or with: npm run cli -- key create NAME'
);

/** Refusals that say something about the sender's rights: the audit hears of them. */
const OF_RIGHTS: readonly RefusalCode[] = [
	REFUSED.sourceNotGranted.code,
	REFUSED.typeNotGranted.code,
	REFUSED.stationNotGranted.code
];

export class EventDoor {
	readonly metrics = { accepted: 0, rejected: 0, unauthorised: 0, limited: 0, refused: new Map<string, number>() };
	/** by source account, since the start */
	readonly tallies = new SourceTallies();
	/** of requests whose events Redis has not answered for yet */
	#bytesInHand = 0;
	readonly #options: EventDoorOptions;
	readonly #keys: KeyRing;
	readonly #rate: BurstyRateLimiter;

	constructor(options: EventDoorOptions) {
		const { eventsPerSecond: points } = options;
		this.#options = options;
		this.#keys = new KeyRing(options);
		this.#rate = new BurstyRateLimiter(
			new RateLimiterMemory({ points, duration: 1 }),
			new RateLimiterMemory({ points, duration: BURST_SECONDS })
		);
	}

	/** An account or a key changed: what was known of keys is forgotten at once. */
	forgetKeys(): void {
		this.#keys.forget();
	}

	async answer(request: IncomingMessage): Promise<Answer> {
		if (this.#bytesInHand > MAX_BYTES_IN_HAND)
			return refuse(503, 'busy', 'Redis is slow or away. Send the same again in a moment.');
		const address = this.#options.addressOf(request);
		const opened = await this.#keys.open(request.headers.authorization, address);
		if (!opened.account) return this.#shut(address, opened.waitSeconds);
		const body = await readBody(request, MAX_BODY_BYTES);
		if (body === null) {
			return refuse(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes. Send smaller batches.`);
		}
		const decoded = decodeCloudEvents(request.headers, body);
		if (!decoded.ok) return refuse(decoded.status, decoded.code, decoded.message);
		const waitSeconds = await this.#waitOf(opened.account, decoded.events.length);
		if (waitSeconds !== null) return this.#limit(opened.account, address, waitSeconds);
		this.#bytesInHand += body.length;
		try {
			return await this.#take(decoded.events, decoded.isSingle, opened.account, address);
		} finally {
			this.#bytesInHand -= body.length;
		}
	}

	/** No key opened: 401, and 429 once that was said too often. */
	#shut(address: string, waitSeconds: number | null): Answer {
		this.metrics.unauthorised++;
		const isSlowed = waitSeconds !== null;
		const actor: Actor = { kind: 'nobody', id: null, name: null, address };
		const code = isSlowed ? 'too_many_tries' : 'unknown_key';
		this.#options.audit.refused({ actor, action: 'event.refused', object: 'POST /api/events', detail: { code } });
		if (!isSlowed) return UNAUTHORISED;
		const message = `Too many requests without a valid key came from this address. Mend the key and send again in ${waitSeconds} s.`;
		return { ...refuse(429, code, message), headers: { 'retry-after': `${waitSeconds}` } };
	}

	#limit(account: SourceAccount, address: string, waitSeconds: number): Answer {
		this.metrics.limited++;
		const detail = { code: 'too_many_events' };
		const [actor, object] = [actorOf(account, address), `source:${account.name}`];
		this.#options.audit.refused({ actor, action: 'event.refused', object, detail });
		const message = `This source sends more than ${this.#options.eventsPerSecond} events a second. Send the same again in ${waitSeconds} s, more slowly.`;
		return { ...refuse(429, detail.code, message), headers: { 'retry-after': `${waitSeconds}` } };
	}

	/** Counts events to an account; seconds to wait when they are too many, else null. */
	async #waitOf({ name }: SourceAccount, count: number): Promise<number | null> {
		try {
			await this.#rate.consume(name, count);
			return null;
		} catch (limit) {
			if (limit instanceof RateLimiterRes) return Math.max(1, Math.ceil(limit.msBeforeNext / 1000));
			throw limit;
		}
	}

	async #take(events: readonly unknown[], isSingle: boolean, sender: SourceAccount, address: string): Promise<Answer> {
		const now = this.#options.now();
		const rejected: Refused[] = [];
		const good: [shard: number, entry: string][] = [];
		events.forEach((sent, index) => {
			const checked = this.#check(sent, now, sender);
			if (!('shard' in checked)) return rejected.push({ index, code: checked.code, message: checked.message });
			this.tallies.took(sender.name, checked.type, now);
			return good.push([checked.shard, checked.entry]);
		});
		const kept = this.#keep(rejected, events, sender, address);
		await Promise.all(good.map(([shard, e]) => this.#options.redis.xAdd(streamOf(shard), '*', { e })));
		await kept;
		this.metrics.accepted += good.length;
		this.metrics.rejected += rejected.length;
		const body = { accepted: good.length, rejected };
		const [only] = rejected;
		if (!isSingle || !only) return { status: 202, body };
		return { status: 400, body: { code: only.code, message: only.message, ...body } };
	}

	/** Counts, audits and keeps what was refused. That it could not be kept is told in the log: no reason to hold the good ones up. */
	#keep(
		rejected: readonly Refused[],
		events: readonly unknown[],
		sender: SourceAccount,
		address: string
	): Promise<void> {
		const { audit, onError } = this.#options;
		const { refused } = this.metrics;
		for (const { code } of rejected) {
			refused.set(code, (refused.get(code) ?? 0) + 1);
			this.tallies.refused(sender.name, code);
		}
		for (const code of OF_RIGHTS) {
			const found = rejected.filter((one) => one.code === code);
			const [first] = found;
			if (!first) continue;
			const detail = { code, events: found.length, example: this.#namesOf(events[first.index], sender) };
			const [actor, object] = [actorOf(sender, address), `source:${sender.name}`];
			audit.refused({ actor, action: 'event.refused', object, detail });
		}
		const payloads = rejected.map(({ index, code, message }) => ({
			refusal: { code, message },
			payload: payloadOf(events[index]),
			door: 'http'
		}));
		return this.#options.rejected.add(payloads).catch(onError);
	}

	/**
	 * Which event it was, for the audit, which keeps it for good: only names that were known before it came, since any text
	 * may stand in the others. A `type` is known, else nobody had asked for rights.
	 */
	#namesOf(event: unknown, { name, sources }: SourceAccount): object {
		const { source, type, subject } = event as StationEvent;
		const isKnown = source === name || sources?.has(source) === true;
		return {
			source: isKnown ? source : `${WITHHELD} (${source.length} characters)`,
			type,
			subject: this.#options.shardOf(subject) === null ? WITHHELD : subject
		};
	}

	/**
	 * Puts one event, brought by a person at the desk, onto its stream: the same checks as for a source, but a refusal is
	 * only told, since the person is there to mend it. Gives the stream and the entry's id. Throws when Redis is away.
	 */
	async append(event: unknown): Promise<Appended | Refusal> {
		const checked = this.#check(event, this.#options.now(), null);
		if (!('shard' in checked)) return checked;
		const stream = streamOf(checked.shard);
		const entry = await this.#options.redis.xAdd(stream, '*', { e: checked.entry });
		this.metrics.accepted++;
		return { stream, entry };
	}

	/**
	 * A good event's shard and what is stored of it, else why it is refused. The fold asks the same again; here the sender
	 * still listens. What names a person is gone before anything is looked at [PR1].
	 */
	#check(sent: unknown, now: number, sender: Sender): { shard: number; type: string; entry: string } | Refusal {
		const { value, dropped } = withoutIdentity(sent);
		if (sender && dropped.length > 0) this.tallies.dropped(sender.name, dropped);
		const parsed = parseEvent(value, now);
		if (isRefusal(parsed)) return parsed;
		const { event, at } = parsed;
		if (sender?.sources && !sender.sources.has(event.source)) return REFUSED.sourceNotGranted;
		if (sender?.types && !sender.types.has(event.type)) return REFUSED.typeNotGranted;
		if (at > now + FUTURE_LIMIT_MS) return REFUSED.future;
		if (at < now - LATE_LIMIT_MS) return REFUSED.late;
		const shard = this.#options.shardOf(event.subject);
		if (shard === null) return REFUSED.unknownStation;
		const site = { level: 'station', code: event.subject } as const;
		if (sender && !covers(sender.scope, site, this.#options.places)) return REFUSED.stationNotGranted;
		return { shard, type: event.type, entry: JSON.stringify(storedPart(event)) };
	}
}

const actorOf = ({ name }: SourceAccount, address: string): Actor => ({ kind: 'source', id: name, name, address });

/** What is stored of an event: the fields that its type names, and nothing else a source may have sent with it. */
function storedPart(event: StationEvent): object {
	const { specversion, id, source, type, subject, time, quality, sequence } = event;
	const named = Object.keys(eventData[type].properties);
	const data = Object.fromEntries(Object.entries(event.data).filter(([name]) => named.includes(name)));
	return { specversion, id, source, type, subject, time, quality, sequence, data };
}

/** As it came, but for what is too deep to be written: that goes. What names a person goes where it is kept [PR3]. */
function payloadOf(value: unknown): string {
	try {
		return JSON.stringify(value) ?? '';
	} catch (error) {
		if (error instanceof RangeError) return JSON.stringify(withoutIdentity(value).value);
		throw error;
	}
}
