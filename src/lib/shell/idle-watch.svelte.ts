/**
 * Whether a hand still moves at this desk. Hands are told to the server at most once a minute; a minute before the session
 * ends of idleness (of a short limit: its last third) the page asks, since what is told here and what other tabs told both count.
 */
import { ask } from '#lib/panel/account/door.ts';
import type { ActivityAnswer, SessionAnswer } from '#server/accounts/shapes.ts';

const TOLD_EVERY_MS = 60_000;
/** So long before the end the page asks, at most; of a short limit its last third, or an answer could not close the question. */
export const ASKED_BEFORE_MS = 60_000;
const askedBefore = (limitMs: number): number => Math.min(ASKED_BEFORE_MS, limitMs / 3);
/** A session that ends whatever is done is told of earlier: work has to be brought to an end. */
const LAST_WORD_MS = 300_000;
/** Other tabs may have told a hand meanwhile: the server knows, and is asked so often at most. */
const CHECKED_EVERY_MS = 10_000;

export type IdleState =
	/** nothing to say */
	| 'present'
	/** no hand has moved for long */
	| 'asked'
	/** the session's hours are nearly up */
	| 'ending'
	/** it is over */
	| 'idle'
	| 'expired';

export interface Ends {
	/** ms of the server's clock */
	readonly idleAt: number;
	readonly endsAt: number;
}

/** What is to be said at a moment; `limitMs`: how long a session lasts without a hand. Pure. */
export function idleState({ idleAt, endsAt }: Ends, nowMs: number, limitMs = Infinity): IdleState {
	if (nowMs >= endsAt) return 'expired';
	if (nowMs >= idleAt) return 'idle';
	if (endsAt - nowMs <= LAST_WORD_MS && endsAt <= idleAt) return 'ending';
	return idleAt - nowMs <= askedBefore(limitMs) ? 'asked' : 'present';
}

export class IdleWatch {
	#ends = $state.raw<Ends>({ idleAt: Infinity, endsAt: Infinity });
	#toldAt = -Infinity;
	#checkedAt = -Infinity;
	/** ms between the server's clock and this machine's */
	#ahead = 0;

	/** ms that a session lasts without a hand: the longest that was left so far */
	#limitMs = $state.raw(0);

	constructor(ends: Ends, localMs: number) {
		this.#take(ends, localMs);
	}

	get ends(): Ends {
		return this.#ends;
	}

	/** The server's time, as far as this page knows it. */
	now(localMs: number): number {
		return localMs + this.#ahead;
	}

	/** What is to be said now. */
	state(localMs: number): IdleState {
		return idleState(this.#ends, this.now(localMs), this.#limitMs);
	}

	/** A hand moved. Once the page has asked, only an answer counts: a nudged table is nobody. */
	async moved(localMs: number): Promise<void> {
		if (localMs - this.#toldAt < Math.min(TOLD_EVERY_MS, this.#limitMs / 3)) return;
		if (this.state(localMs) === 'asked') return;
		await this.stay(localMs);
	}

	/** “Still here.” A question that fails is asked again with the next hand. */
	async stay(localMs: number): Promise<void> {
		this.#toldAt = localMs;
		const answer = await ask<ActivityAnswer>('/api/session/activity', {});
		if (answer.ok) this.#learn(answer.value.idleAt, answer.value.endsAt, localMs);
		else this.#toldAt = -Infinity;
	}

	/** Asks the server how long there is left, at the end in any case. False: the session is over there. */
	async check(localMs: number): Promise<boolean> {
		const isOver = this.now(localMs) >= Math.min(this.#ends.idleAt, this.#ends.endsAt);
		if (!isOver && localMs - this.#checkedAt < CHECKED_EVERY_MS) return true;
		this.#checkedAt = localMs;
		const answer = await ask<SessionAnswer>('/api/session');
		// A server that is away ends nothing: the clock here goes on.
		if (!answer.ok) return true;
		const { idleAt, endsAt, now } = answer.value;
		this.#ahead = Date.parse(now) - Date.now();
		if (idleAt === null || endsAt === null) return false;
		this.#learn(idleAt, endsAt, localMs);
		return true;
	}

	#learn(idleAt: string, endsAt: string, localMs: number): void {
		this.#take({ idleAt: Date.parse(idleAt), endsAt: Date.parse(endsAt) }, localMs);
	}

	#take(ends: Ends, localMs: number): void {
		this.#ends = ends;
		this.#limitMs = Math.max(this.#limitMs, ends.idleAt - this.now(localMs));
	}
}
