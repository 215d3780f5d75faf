/** The public door `POST /api/events` from outside: batches, a key, and patience while the server is busy or away. */
import type { StationEvent } from '#domain/event.ts';
import type { Sleep } from '#server/demo/drive.ts';

export interface RejectedEvent {
	/** Place in the array given to `send` */
	readonly index: number;
	readonly code: string;
	readonly message: string;
}

export interface DoorAnswer {
	readonly accepted: number;
	readonly rejected: readonly RejectedEvent[];
}

export interface EventDoor {
	/** Sends all events, in order. Throws a sentence when the server refuses the whole request or stays away. */
	send(events: readonly StationEvent[]): Promise<DoorAnswer>;
}

export interface EventDoorOptions {
	/** Address of the server, such as http://127.0.0.1:3000 */
	readonly url: string;
	readonly key: string;
	readonly sleep: Sleep;
	readonly fetch?: typeof fetch;
	/** How often one batch is tried in all; the default waits about a minute */
	readonly attempts?: number;
}

/** Events in one request; the server's body limit is far above it. */
export const DOOR_BATCH = 500;
const DEFAULT_ATTEMPTS = 12;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
/** The server is busy, starting or behind a proxy that is: events are idempotent, so sending again is safe. */
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const TOO_LARGE = 413;

export function eventDoor(options: EventDoorOptions): EventDoor {
	const address = doorAddress(options.url);
	return {
		async send(events) {
			let accepted = 0;
			const rejected: RejectedEvent[] = [];
			for (let start = 0; start < events.length; start += DOOR_BATCH) {
				const answer = await sendBatch(options, address, events.slice(start, start + DOOR_BATCH));
				accepted += answer.accepted;
				for (const one of answer.rejected) rejected.push({ ...one, index: start + one.index });
			}
			return { accepted, rejected };
		}
	};
}

function doorAddress(url: string): URL {
	if (!URL.canParse(url)) throw new Error(`"${url}" is no address. Give one such as http://127.0.0.1:3000.`);
	return new URL('/api/events', url);
}

async function sendBatch(options: EventDoorOptions, address: URL, batch: readonly StationEvent[]): Promise<DoorAnswer> {
	const attempts = options.attempts ?? DEFAULT_ATTEMPTS;
	let trouble = '';
	for (let attempt = 0; attempt < attempts; attempt++) {
		if (attempt > 0) await options.sleep(waitBefore(attempt));
		const response = await post(options, address, batch);
		if (typeof response === 'string') trouble = response;
		else if (response.status === TOO_LARGE && batch.length > 1) return sendHalves(options, address, batch);
		else if (!RETRIED.has(response.status)) return readAnswer(response);
		else {
			trouble = `it answered ${response.status}`;
			await response.body?.cancel();
		}
	}
	throw new Error(
		`${address.origin} did not take the events (${trouble}, ${attempts} attempts). Is the server running?`
	);
}

async function sendHalves(
	options: EventDoorOptions,
	address: URL,
	batch: readonly StationEvent[]
): Promise<DoorAnswer> {
	const middle = Math.ceil(batch.length / 2);
	const first = await sendBatch(options, address, batch.slice(0, middle));
	const second = await sendBatch(options, address, batch.slice(middle));
	return {
		accepted: first.accepted + second.accepted,
		rejected: [...first.rejected, ...second.rejected.map((one) => ({ ...one, index: one.index + middle }))]
	};
}

/** The response, or why there is none. */
async function post(
	options: EventDoorOptions,
	address: URL,
	batch: readonly StationEvent[]
): Promise<Response | string> {
	const send = options.fetch ?? fetch;
	try {
		return await send(address, {
			method: 'POST',
			headers: {
				'content-type': 'application/cloudevents-batch+json',
				authorization: `Bearer ${options.key}`
			},
			body: JSON.stringify(batch)
		});
	} catch (error) {
		return error instanceof Error ? networkReason(error) : String(error);
	}
}

/** `fetch failed` says nothing; its cause does. */
const networkReason = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message);

const waitBefore = (attempt: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));

async function readAnswer(response: Response): Promise<DoorAnswer> {
	const text = await response.text();
	if (response.status === 401 || response.status === 403) {
		throw new Error('The server does not know this key. Make one with `npm run cli -- key create NAME`.');
	}
	if (!response.ok) throw new Error(`The server refused the request with ${response.status}: ${text.slice(0, 300)}`);
	const answer: unknown = readJson(text);
	if (!isAnswer(answer))
		throw new Error(`The answer is not one of this product: ${text.slice(0, 100)}. Is the address right?`);
	return answer;
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// Not JSON is one more way of not being an answer of ours; the caller says so with the text.
		return null;
	}
}

function isAnswer(value: unknown): value is DoorAnswer {
	if (typeof value !== 'object' || value === null) return false;
	return (
		'accepted' in value && typeof value.accepted === 'number' && 'rejected' in value && Array.isArray(value.rejected)
	);
}
