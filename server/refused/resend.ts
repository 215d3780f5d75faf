/** Sends a refused event again, mended by a person: the same checks as for a source, once per refused entry. */
import type { Places, Scope } from '#domain/scope.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Appended, EventDoor } from '#server/ingest/event-door.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { Resent, ResentLog } from './resent.ts';
import { scopeOfEvent, scopeOfPayload } from './reader.ts';
import { refusedEntry } from './search.ts';

export interface ResendOptions {
	readonly redis: Redis;
	readonly resent: ResentLog;
	readonly door: Pick<EventDoor, 'append'>;
	readonly now: () => number;
	readonly places: Places;
}

export type ResendResult =
	| { readonly kind: 'sent'; readonly resent: Resent }
	/** it was sent before; `resent` is the earlier result */
	| { readonly kind: 'already'; readonly resent: Resent }
	/** the mended event is refused as well */
	| { readonly kind: 'refused'; readonly refusal: Refusal }
	/** no refused entry has this id */
	| { readonly kind: 'unknown' }
	/** of a station, before or as mended, for which it may not be sent */
	| { readonly kind: 'outside'; readonly scope: Scope };

/** `mayWrite`: whether events may be sent again there [PE25]. Throws when Redis is away; whatever was claimed is given back then, or by itself after a minute. */
export async function resendRefused(
	options: ResendOptions,
	id: string,
	event: unknown,
	mayWrite: (scope: Scope) => boolean
): Promise<ResendResult> {
	const { redis, resent, door, now } = options;
	const entry = await refusedEntry(redis, id);
	if (!entry) return { kind: 'unknown' };
	const { places } = options;
	for (const scope of [scopeOfPayload(entry.payload, places), scopeOfEvent(event, places)])
		if (!mayWrite(scope)) return { kind: 'outside', scope };
	const earlier = await resent.claim(id, now());
	if (earlier) return { kind: 'already', resent: earlier };
	let appended: Appended | Refusal;
	try {
		appended = await door.append(event);
	} catch (error) {
		await resent.release(id);
		throw error;
	}
	if ('code' in appended) {
		await resent.release(id);
		return { kind: 'refused', refusal: appended };
	}
	const result: Resent = { ...appended, at: new Date(now()).toISOString() };
	await resent.keep(id, result);
	return { kind: 'sent', resent: result };
}
