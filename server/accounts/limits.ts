/** What slows down guessing: tries per address, and a lockout for names that are nobody's, so that they look like the others. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { LockoutRule, Try } from '#server/store/credential-store.ts';
import { AccountProblem } from './problem.ts';

const MINUTE_MS = 60_000;

/** Five failures within 15 minutes lock an account for 30 (domain practice of classified protection, [PP]). */
export const LOCKOUT: LockoutRule = { tries: 5, windowMs: 15 * MINUTE_MS, lockMs: 30 * MINUTE_MS };

/** A whole office may stand behind one address: enough for a Monday morning, too little for a list of passwords. */
const TRIES = { points: 60, duration: 300 };

export interface AddressLimit {
	/** Counts a try; throws `too_many_tries` when there were too many. */
	take(address: string): Promise<void>;
	/** The try was right: it does not count. */
	giveBack(address: string): Promise<void>;
}

export function addressLimit(options: { points: number; duration: number } = TRIES): AddressLimit {
	const limiter = new RateLimiterMemory(options);
	return {
		async take(address) {
			try {
				await limiter.consume(networkOf(address));
			} catch (error) {
				if (!(error instanceof RateLimiterRes)) throw error;
				throw new AccountProblem('too_many_tries', { retryAfterSeconds: Math.ceil(error.msBeforeNext / 1000) });
			}
		},
		async giveBack(address) {
			await limiter.reward(networkOf(address));
		}
	};
}

/** One customer of an IPv6 network has 2^64 addresses. */
function networkOf(address: string): string {
	if (!address.includes(':') || address.includes('.')) return address;
	const [head = '', tail] = address.split('::');
	const groups = head === '' ? [] : head.split(':');
	if (tail !== undefined) while (groups.length < 4) groups.push('0');
	return groups.slice(0, 4).join(':');
}

const MAX_NAMES = 10_000;

/** The lockout of names that nobody has: the same numbers as in the database, in memory, the oldest forgotten first. */
export class StrangerLockout {
	readonly #rule: LockoutRule;
	readonly #names = new Map<string, { failures: number; firstAt: number; lockedUntil: number | null }>();

	constructor(rule: LockoutRule = LOCKOUT) {
		this.#rule = rule;
	}

	beginTry(typed: string, at: number): Try {
		const name = typed.slice(0, 64);
		const { tries, windowMs, lockMs } = this.#rule;
		const known = this.#names.get(name);
		if (known?.lockedUntil !== null && known !== undefined && known.lockedUntil > at)
			return { isTaken: false, lockedUntil: known.lockedUntil };
		const isFresh = !known || known.lockedUntil !== null || known.firstAt < at - windowMs;
		const failures = isFresh ? 1 : known.failures + 1;
		this.#names.delete(name);
		this.#names.set(name, {
			failures,
			firstAt: isFresh ? at : known.firstAt,
			lockedUntil: failures >= tries ? at + lockMs : null
		});
		for (const oldest of this.#names.keys()) {
			if (this.#names.size <= MAX_NAMES) break;
			this.#names.delete(oldest);
		}
		return { isTaken: true, failures };
	}
}

export const lockedProblem = (lockedUntil: number, now: number): AccountProblem =>
	new AccountProblem('locked', { retryAfterSeconds: Math.max(1, Math.ceil((lockedUntil - now) / 1000)) });
