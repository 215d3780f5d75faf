/**
 * Which account a key of a request belongs to. What was found is remembered for some seconds and forgotten at once when an
 * account or key changes; who shows many keys that are none is slowed down by address [SO5].
 */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { hashOf } from '#server/access/tokens.ts';
import type { SourceAccount } from '#server/store/source-store.ts';

/** How long an account that was found stays known without asking the database again. */
const KEY_MEMORY_MS = 5000;
/** Different keys that are none, by address: enough for somebody who mends a setting, far too few to try keys. */
const TRIES = 20;
const TRIES_SECONDS = 60;
/** A device that goes on with a revoked key shows one key, however often it asks: it is counted once in this time. */
const WRONG_MEMORY_MS = 60_000;
const MAX_WRONG = 10_000;
/** Its last use is written at most this often for a key. */
const USE_EVERY_MS = 60_000;

export interface KeyRingOptions {
	readonly accountOfKey: (key: string) => Promise<SourceAccount | null>;
	/** Keeps that a key was used; asked at most once a minute for a key, and nobody waits for it. */
	readonly onKeyUsed: (keyId: number, at: number, address: string) => Promise<void>;
	readonly now: () => number;
	readonly onError: (error: Error) => void;
}

export type Opened =
	| { readonly account: SourceAccount }
	/** null = the key is none; a number = too many such keys came from this address: seconds to wait */
	| { readonly account: null; readonly waitSeconds: number | null };

interface Known {
	readonly account: SourceAccount;
	readonly until: number;
}

export class KeyRing {
	readonly #options: KeyRingOptions;
	/** by hash; those that are over stay, so that their owners pass the limit of their address */
	readonly #known = new Map<string, Known>();
	/** hashes of keys that are none, until when they are known as such; the oldest first */
	readonly #wrong = new Map<string, number>();
	readonly #asked = new Map<string, Promise<SourceAccount | null>>();
	readonly #usedAt = new Map<number, number>();
	readonly #tries = new RateLimiterMemory({ points: TRIES, duration: TRIES_SECONDS });
	/** raised by every change: an answer that was under way then is not remembered */
	#turn = 0;

	constructor(options: KeyRingOptions) {
		this.#options = options;
	}

	/** `authorization`: the header. Throws when the database is away. */
	async open(authorization: string | undefined, address: string): Promise<Opened> {
		const key = /^Bearer (\S{1,200})$/.exec(authorization ?? '')?.[1];
		const hash = key === undefined ? '' : hashOf(key);
		const now = this.#options.now();
		const known = this.#known.get(hash);
		if (known && known.until > now) return this.#use(known.account, now, address);
		if ((this.#wrong.get(hash) ?? 0) > now) return { account: null, waitSeconds: null };
		if (!known) {
			const tries = await this.#tries.get(address);
			if (tries && tries.consumedPoints >= TRIES) return { account: null, waitSeconds: secondsOf(tries.msBeforeNext) };
		}
		const turn = this.#turn;
		const account = key === undefined ? null : await this.#ask(key, hash);
		if (account) return this.#use(account, now, address);
		this.#known.delete(hash);
		// Of several requests that waited for the same answer the first counts.
		if ((this.#wrong.get(hash) ?? 0) > now) return { account: null, waitSeconds: null };
		if (turn === this.#turn) this.#noteWrong(hash, now);
		await this.#tries.penalty(address);
		return { account: null, waitSeconds: null };
	}

	/** An account or a key changed: nothing that was found holds any more. */
	forget(): void {
		this.#turn++;
		this.#asked.clear();
		this.#wrong.clear();
		for (const [hash, { account }] of this.#known) this.#known.set(hash, { account, until: 0 });
	}

	#noteWrong(hash: string, now: number): void {
		this.#wrong.delete(hash);
		const [oldest] = this.#wrong.keys();
		if (oldest !== undefined && this.#wrong.size >= MAX_WRONG) this.#wrong.delete(oldest);
		this.#wrong.set(hash, now + WRONG_MEMORY_MS);
	}

	/** Asked once, however many requests wait for it. */
	#ask(key: string, hash: string): Promise<SourceAccount | null> {
		const under = this.#asked.get(hash);
		if (under) return under;
		const asked = this.#find(key, hash).finally(() => {
			if (this.#asked.get(hash) === asked) this.#asked.delete(hash);
		});
		this.#asked.set(hash, asked);
		return asked;
	}

	async #find(key: string, hash: string): Promise<SourceAccount | null> {
		const turn = this.#turn;
		const account = await this.#options.accountOfKey(key);
		const until = Math.min(this.#options.now() + KEY_MEMORY_MS, account?.endsAt ?? Infinity);
		if (account && turn === this.#turn) this.#known.set(hash, { account, until });
		return account;
	}

	#use(account: SourceAccount, now: number, address: string): Opened {
		const { onKeyUsed, onError } = this.#options;
		if (now - (this.#usedAt.get(account.keyId) ?? -Infinity) >= USE_EVERY_MS) {
			this.#usedAt.set(account.keyId, now);
			onKeyUsed(account.keyId, now, address).catch(onError);
		}
		return { account };
	}
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
