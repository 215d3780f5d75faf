/**
 * Looks through `ops:rejected`, newest first. A request walks over a bounded part of it and says where it stopped, so that
 * a flood of refusals holds nobody up: the page asks on from there.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { receivedAtOf, REJECTED_STREAM } from '#server/stream/names.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import { fieldsOf, MAX_PAYLOAD } from '#server/stream/rejected.ts';
import type { Reader } from './reader.ts';

/** One round trip: entries of at most 16 KiB, so 4 MiB at worst. */
const CHUNK = 250;
/** Entries, and characters, that one request looks at: some tens of ms. */
const MAX_SCANNED = 5000;
const MAX_SCANNED_CHARS = 8 * 1024 * 1024;

export interface RefusedEntry {
	/** of the entry in `ops:rejected`; with it the event is sent again */
	readonly id: string;
	readonly reason: string;
	readonly message: string;
	/** what was refused, as it came */
	readonly payload: string;
	/** the payload was longer than what is kept of it */
	readonly isCut: boolean;
	/** the stream it came by, or `http` */
	readonly door: string;
	/** its entry on that stream; null where it never got onto one */
	readonly entry: string | null;
	/** when the stream or the door took it */
	readonly receivedAt: string;
}

export interface Search {
	/** part of the payload or the message, in any case; empty = everything */
	readonly text: string;
	/** entries that are not to be seen are not found, payloads that are not to be seen not looked at */
	readonly reader: Pick<Reader, 'sightOf' | 'seesAll'>;
	/** null = every reason */
	readonly reason: string | null;
	/** only entries older than this id; null = from the newest */
	readonly before: string | null;
	/** entries wanted, at most */
	readonly limit: number;
}

export interface Found {
	readonly entries: readonly RefusedEntry[];
	/** `before` of the next request; null = there is nothing older */
	readonly next: string | null;
}

export async function searchRefused(redis: Redis, search: Search): Promise<Found> {
	const isMatch = matcher(search);
	// Without a condition every entry counts, so no more are fetched than are wanted.
	const isPlain = search.text === '' && search.reason === null && search.reader.seesAll;
	const entries: RefusedEntry[] = [];
	let last = search.before;
	let scanned = 0;
	let chars = 0;
	while (scanned < MAX_SCANNED && chars < MAX_SCANNED_CHARS) {
		const count = isPlain ? search.limit - entries.length : CHUNK;
		const end = last === null ? '+' : `(${last}`;
		const command = ['XREVRANGE', REJECTED_STREAM, end, '-', 'COUNT', `${count}`];
		const rows = await redis.sendCommand<[string, string[]][]>(command);
		for (const row of rows) {
			last = row[0];
			const entry = entryOf(row);
			chars += entry.payload.length + entry.message.length;
			if (isMatch(entry)) entries.push(entry);
			if (entries.length === search.limit) return { entries, next: last };
		}
		if (rows.length < count) return { entries, next: null };
		scanned += rows.length;
		// Frames and events go first.
		await turn();
	}
	return { entries, next: last };
}

/** One entry; null when it is not kept any more. */
export async function refusedEntry(redis: Redis, id: string): Promise<RefusedEntry | null> {
	const [row] = await redis.sendCommand<[string, string[]][]>(['XRANGE', REJECTED_STREAM, id, id]);
	return row ? entryOf(row) : null;
}

function entryOf([id, fields]: readonly [string, readonly string[]]): RefusedEntry {
	const field = fieldsOf(fields);
	const payload = field.get('e') ?? '';
	const entry = field.get('entry') ?? null;
	// Ids of a stream may be given by hand; nothing was received after it was refused.
	const receivedMs = Math.min(receivedAtOf(id), entry === null ? Infinity : receivedAtOf(entry));
	return {
		id,
		reason: field.get('reason') ?? '',
		message: field.get('message') ?? '',
		payload,
		isCut: payload.length >= MAX_PAYLOAD,
		door: field.get('door') ?? '',
		entry,
		receivedAt: new Date(receivedMs).toISOString()
	};
}

function matcher({ text, reader, reason }: Search): (entry: RefusedEntry) => boolean {
	const wanted = text.toLowerCase();
	return ({ message, payload, reason: own }) => {
		if (reason !== null && own !== reason) return false;
		// Who sees everything and asks for nothing in particular costs nothing more.
		if (wanted === '' && reader.seesAll) return true;
		const sight = reader.sightOf(payload);
		if (sight === 'nothing') return false;
		return wanted === '' || holds(message, wanted) || (sight === 'payload' && holds(payload, wanted));
	};
}

/** Some programs write every character beyond ASCII as `\uXXXX`; people search for what it means. */
function holds(text: string, wanted: string): boolean {
	if (text.toLowerCase().includes(wanted)) return true;
	if (!text.includes('\\u')) return false;
	const plain = text.replace(/\\u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	return plain.toLowerCase().includes(wanted);
}
