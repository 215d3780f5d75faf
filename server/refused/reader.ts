/**
 * Who looks at refused events: of which stations they see that something was refused, and of which they see what [PE25]. An
 * event of a station that nobody knows concerns the whole city.
 */
import { decide, scopesFor } from '#domain/permission.ts';
import { formatScope, type Places, type Scope } from '#domain/scope.ts';
import type { Right } from '#domain/role.ts';
import type { Caller } from '#server/access/caller.ts';

export type Sight = 'payload' | 'entry' | 'nothing';

export interface Reader {
	/** of an entry by its payload as it was kept */
	readonly sightOf: (payload: string) => Sight;
	/** every entry is seen, so nothing needs to be looked into */
	readonly seesAll: boolean;
	/** where payloads are seen, in the words of scopes; empty = nowhere */
	readonly mends: string;
}

export function readerOf({ grants }: Caller, places: Places): Reader {
	const can = (right: Right, scope: Scope): boolean =>
		decide(grants, { object: 'intake', right, scope }, places).isAllowed;
	const city = { level: 'city' } as const;
	const seesAll = can('read', city);
	const mendsAll = can('write', city);
	const mends = scopesFor(grants, { object: 'intake', right: 'write' }, places);
	return {
		seesAll,
		mends: mends.map(formatScope).join(' '),
		sightOf(payload) {
			if (mendsAll && seesAll) return 'payload';
			if (seesAll && mends.length === 0) return 'entry';
			const scope = scopeOfPayload(payload, places);
			if (!can('read', scope)) return 'nothing';
			return can('write', scope) ? 'payload' : 'entry';
		}
	};
}

/** The scope of what an event is about; the city where it cannot be read, or the station is none. */
export function scopeOfEvent(event: unknown, places: Places): Scope {
	const subject = typeof event === 'object' && event !== null && 'subject' in event ? event.subject : null;
	if (typeof subject !== 'string' || places.site(subject) === null) return { level: 'city' };
	return { level: 'station', code: subject };
}

/** A payload that was cut is no JSON any more: nobody guesses whose it was. */
export function scopeOfPayload(payload: string, places: Places): Scope {
	try {
		return scopeOfEvent(JSON.parse(payload), places);
	} catch {
		// What came may be anything; that is why it was refused.
		return { level: 'city' };
	}
}
