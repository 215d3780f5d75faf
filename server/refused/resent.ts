/**
 * `ops:resent`: which refused entries were sent again, and as what. A refused entry stays where it is; this says that it
 * was dealt with. An entry is claimed before its event goes out, so that two people cannot both send it.
 */
import { compareEntryIds } from '#server/stream/names.ts';
import type { Redis } from '#server/stream/redis-link.ts';

const RESENT_KEY = 'ops:resent';
/** Kept: far more than people mend by hand. Twice as many are never there. */
const KEPT = 10_000;
/**
 * A claim without a result is of a process that died in between. After this the entry may be sent again: if it did go out,
 * the event is recognised by its own id [EV6].
 */
const CLAIM_MS = 60_000;

/** What an entry was sent again as. */
export interface Resent {
	/** stream and id of the new entry; null while it is on its way */
	readonly stream: string | null;
	readonly entry: string | null;
	/** when */
	readonly at: string;
}

export class ResentLog {
	readonly #redis: Redis;

	constructor(redis: Redis) {
		this.#redis = redis;
	}

	/** What became of these entries, by id. */
	async of(ids: readonly string[]): Promise<Map<string, Resent>> {
		if (ids.length === 0) return new Map();
		const values = await this.#redis.hmGet(RESENT_KEY, [...ids]);
		return new Map(
			ids.flatMap((id, index) => {
				const text = values[index];
				return text ? [[id, JSON.parse(text) as Resent] as const] : [];
			})
		);
	}

	/** Claims an entry; null = claimed, else what it was sent as, or is being sent as. */
	async claim(id: string, nowMs: number): Promise<Resent | null> {
		const claim = JSON.stringify({ stream: null, entry: null, at: new Date(nowMs).toISOString() } satisfies Resent);
		if ((await this.#redis.hSetNX(RESENT_KEY, id, claim)) === 1) return null;
		const known = (await this.of([id])).get(id);
		if (!known || (known.entry === null && nowMs - Date.parse(known.at) > CLAIM_MS)) {
			await this.#redis.hSet(RESENT_KEY, id, claim);
			return null;
		}
		return known;
	}

	/** Gives a claim back: the event was not sent. */
	async release(id: string): Promise<void> {
		await this.#redis.hDel(RESENT_KEY, id);
	}

	async keep(id: string, resent: Resent): Promise<void> {
		await this.#redis.hSet(RESENT_KEY, id, JSON.stringify(resent));
		if ((await this.#redis.hLen(RESENT_KEY)) < KEPT * 2) return;
		const ids = await this.#redis.hKeys(RESENT_KEY);
		await this.#redis.hDel(RESENT_KEY, ids.toSorted(compareEntryIds).slice(0, -KEPT));
	}
}
