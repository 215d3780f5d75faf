/** How many events each source sent lately, from the counters that the fold keeps anyway: looked at once a minute. */
import type { SourceState } from '#domain/state.ts';

const EVERY_MS = 60_000;
/** An hour of looks, and the one before it. */
const LOOKS = 61;

export interface Recent {
	readonly events: number;
	/** s over which they were counted: up to about an hour, less after a start */
	readonly seconds: number;
}

/** Part of the hub's pipelines. */
export type CountedShards = readonly {
	readonly shard: { readonly sources: ReadonlyMap<string, Pick<SourceState, 'source' | 'events'>> };
}[];

export class SourceActivity {
	readonly #shards: CountedShards;
	/** ms of each look, in a ring */
	readonly #lookedAt = new Float64Array(LOOKS);
	/** counts at each look, in rings of the same turn; 0 where the source was not heard yet */
	readonly #counts = new Map<string, Float64Array>();
	#looks = 0;

	constructor(shards: CountedShards) {
		this.#shards = shards;
	}

	/** Looks now and every minute, until the answer is called. */
	start(now: () => number): () => void {
		this.look(now());
		const timer = setInterval(() => this.look(now()), EVERY_MS);
		return () => clearInterval(timer);
	}

	look(nowMs: number): void {
		const at = this.#looks++ % LOOKS;
		this.#lookedAt[at] = nowMs;
		for (const counts of this.#counts.values()) counts[at] = 0;
		for (const [source, count] of this.#totals()) {
			let counts = this.#counts.get(source);
			if (!counts) this.#counts.set(source, (counts = new Float64Array(LOOKS)));
			counts[at] = count;
		}
	}

	/** By source; events that were counted anew after another process took over count once. */
	recent(nowMs: number): Map<string, Recent> {
		const oldest = this.#looks < LOOKS ? 0 : this.#looks % LOOKS;
		const seconds = Math.max(0, Math.round((nowMs - (this.#lookedAt[oldest] ?? nowMs)) / 1000));
		return new Map(
			[...this.#totals()].map(([source, count]) => {
				const before = this.#counts.get(source)?.[oldest] ?? 0;
				return [source, { events: count < before ? count : count - before, seconds }];
			})
		);
	}

	/** A source may write to several streams. */
	#totals(): Map<string, number> {
		const totals = new Map<string, number>();
		for (const { shard } of this.#shards) {
			for (const { source, events } of shard.sources.values()) totals.set(source, (totals.get(source) ?? 0) + events);
		}
		return totals;
	}
}
