/**
 * Who asks: turns what a request shows (a session's cookie, a screen's cookie or token) into a caller, and tells everybody
 * when something about somebody changed. What was found is remembered for a few seconds, and forgotten at once on a change:
 * changes of this process directly, those of others over the Redis channel `ops:access`.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseScope, type Places } from '#domain/scope.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { ScreenRecord } from '#server/store/screen-store.ts';
import type { SessionRecord } from '#server/store/session-store.ts';
import type { Caller, LostReason, NobodyCaller, PersonCaller, ScreenCaller } from './caller.ts';
import { proxyTrust, type Client } from './client-address.ts';
import { readCookie, SCREEN_COOKIE, SESSION_COOKIE } from './cookies.ts';
import { changesAt, grantsOf, idleAt, lostBy, needOf, rolesOf, type SessionPolicy } from './policy.ts';
import { hashOf, isToken, SCREEN_TOKEN_PREFIX } from './tokens.ts';

/** As much of a request as says who asks. */
export interface Asking {
	readonly headers: IncomingHttpHeaders;
	readonly socket: { readonly remoteAddress?: string | undefined };
}

export interface Change {
	readonly kind: 'person' | 'screen' | 'source' | 'all';
	/** id of the person or screen, name of the source; null = all of them */
	readonly id: string | null;
}

export interface AccessOptions {
	readonly findSession: (tokenHash: string, now: number) => Promise<SessionRecord | null>;
	readonly findScreen: (tokenHash: string) => Promise<ScreenRecord | null>;
	/** A session that nobody touched: to be ended in the database too, so that it stays ended. */
	readonly endSession: (id: string, reason: 'idle' | 'expired') => Promise<unknown>;
	/** A hand moved: so that a session does not end of idleness. */
	readonly touchSession: (id: string, at: number) => Promise<unknown>;
	readonly policy: SessionPolicy;
	readonly places: Places;
	readonly clientOf: (asking: Asking) => Client;
	/** to tell other processes */
	readonly redis: Pick<Redis, 'publish'>;
	readonly now: () => number;
	readonly onError: (error: Error) => void;
}

export const ACCESS_CHANNEL = 'ops:access';
/** A change that another process could not tell is noticed after this long. */
const MEMORY_MS = 5000;
const MOVED_EVERY_MS = 60_000;
/** Then all is forgotten: somebody tries tokens. */
const MAX_REMEMBERED = 5000;

type Found = { readonly session: SessionRecord } | { readonly screen: ScreenRecord } | null;

export class Access {
	readonly #options: AccessOptions;
	readonly #self = randomUUID();
	/** by session: when a hand was last told */
	readonly #movedAt = new Map<string, number>();
	readonly #listeners = new Set<(change: Change) => void>();
	readonly #found = new Map<string, { until: number; readonly found: Promise<Found> }>();

	constructor(options: AccessOptions) {
		this.#options = options;
	}

	get places(): Places {
		return this.#options.places;
	}

	clientOf(asking: Asking): Client {
		return this.#options.clientOf(asking);
	}

	/** `token`: what a socket's handshake carries instead of a header. Throws when the database is away. */
	async callerOf(asking: Asking, token?: string): Promise<Caller> {
		const { address, isHttps } = this.#options.clientOf(asking);
		const session = readCookie(asking, SESSION_COOKIE, isHttps);
		const shown = session ?? token ?? bearerOf(asking) ?? readCookie(asking, SCREEN_COOKIE, isHttps);
		if (shown === null) return nobody(address, null);
		const caller = await this.#identify(shown, address);
		// A browser that was both: the session is over, the screen's token may still be good.
		const screen = caller.kind === 'nobody' && session !== null ? readCookie(asking, SCREEN_COOKIE, isHttps) : null;
		if (screen === null) return caller;
		const other = await this.#identify(screen, address);
		return other.kind === 'nobody' ? caller : other;
	}

	/** They changed something, so somebody sits there. Told at most once a minute; never throws. */
	moved(caller: Caller): void {
		if (caller.kind !== 'person') return;
		const { now, touchSession, onError } = this.#options;
		const at = now();
		if (at - (this.#movedAt.get(caller.sessionId) ?? 0) < MOVED_EVERY_MS) return;
		if (this.#movedAt.size >= MAX_REMEMBERED) this.#movedAt.clear();
		this.#movedAt.set(caller.sessionId, at);
		touchSession(caller.sessionId, at).then(() => this.#found.clear(), onError);
	}

	onChange(listener: (change: Change) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Something about somebody changed: everybody forgets what they knew and asks again. Never throws. */
	async changed(change: Change): Promise<void> {
		this.#tell(change);
		try {
			await this.#options.redis.publish(ACCESS_CHANNEL, JSON.stringify({ ...change, from: this.#self }));
		} catch (error) {
			// The others notice within MEMORY_MS.
			this.#options.onError(error as Error);
		}
	}

	/** A message of the channel. */
	heard(message: string): void {
		try {
			const { kind, id, from } = JSON.parse(message) as Change & { from: string };
			if (from !== this.#self) this.#tell({ kind, id });
		} catch (error) {
			this.#options.onError(error as Error);
			this.#tell({ kind: 'all', id: null });
		}
	}

	#tell(change: Change): void {
		this.#found.clear();
		for (const listener of this.#listeners) listener(change);
	}

	async #identify(token: string, address: string): Promise<Caller> {
		const now = this.#options.now();
		const found = await this.#find(token, now);
		if (found === null) return nobody(address, 'unknown');
		return 'session' in found ? this.#person(found.session, address, now) : this.#screen(found.screen, address, now);
	}

	#find(token: string, now: number): Promise<Found> {
		// What none of ours looks like is not looked up.
		if (!isToken(token)) return Promise.resolve(null);
		const hash = hashOf(token);
		const known = this.#found.get(hash);
		if (known && known.until > now) return known.found;
		if (this.#found.size >= MAX_REMEMBERED) this.#found.clear();
		const found = this.#load(token, hash, now);
		const entry = { until: now + MEMORY_MS, found };
		this.#found.set(hash, entry);
		// Neither a failure nor somebody's guess takes the place of who is known.
		found.then(
			(one) => {
				if (one === null) this.#found.delete(hash);
				else if ('session' in one) entry.until = Math.min(entry.until, changesAt(one.session));
			},
			() => this.#found.delete(hash)
		);
		return found;
	}

	async #load(token: string, hash: string, now: number): Promise<Found> {
		if (token.startsWith(SCREEN_TOKEN_PREFIX)) {
			const screen = await this.#options.findScreen(hash);
			return screen && { screen };
		}
		const session = await this.#options.findSession(hash, now);
		return session && { session };
	}

	#person(record: SessionRecord, address: string, now: number): PersonCaller | NobodyCaller {
		const { policy, endSession, onError } = this.#options;
		const lost = lostBy(record, policy, now);
		if (lost !== null) {
			const isOver = record.endReason === null && (lost === 'idle' || lost === 'expired');
			if (isOver) endSession(record.id, lost).catch(onError);
			return nobody(address, lost);
		}
		const { id, userName, displayName, isSample } = record.person;
		const need = needOf(record, policy, now);
		return {
			kind: 'person',
			id,
			userName,
			displayName,
			isSample,
			sessionId: record.id,
			need,
			roles: rolesOf(record),
			grants: need === null ? grantsOf(record.grants) : [],
			idleAt: idleAt(record, policy),
			endsAt: record.endsAt,
			changesAt: changesAt(record),
			address
		};
	}

	#screen(record: ScreenRecord, address: string, now: number): ScreenCaller | NobodyCaller {
		if (record.revokedAt !== null) return nobody(address, 'revoked');
		if (now >= record.expiresAt) return nobody(address, 'expired');
		const scope = parseScope(record.scope);
		if (scope === null) return nobody(address, 'revoked');
		const isHere = record.addresses.length === 0 || proxyTrust(record.addresses, null).isTrusted(address);
		if (!isHere) return nobody(address, 'address');
		return {
			kind: 'screen',
			id: String(record.id),
			name: record.name,
			scope,
			layout: record.layout,
			grants: [{ column: 'screen', scope, lines: null }],
			endsAt: record.expiresAt,
			address
		};
	}
}

const nobody = (address: string, lost: LostReason | null): NobodyCaller => ({
	kind: 'nobody',
	grants: [],
	address,
	lost
});

/** A screen's token as programs send it. Keys of sources are none of this door's business. */
function bearerOf({ headers }: Asking): string | null {
	const token = /^Bearer (\S{1,200})$/.exec(headers.authorization ?? '')?.[1];
	return token?.startsWith(SCREEN_TOKEN_PREFIX) ? token : null;
}
