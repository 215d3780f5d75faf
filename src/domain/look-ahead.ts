/**
 * Looks up what the next events will touch before any of them is folded: slots, rows, hashes of ids. The places lie far
 * apart in memory; read one after the other they would each be waited for, read together they arrive together. This
 * changes no answer, only when memory is fetched — with 200,000 sites that is most of what folding costs (docs/adr/0005).
 */
import { BUCKET_WIDTH } from './buckets.ts';
import type { Arrival } from './arrival.ts';
import { OCCUPATION_WIDTH, occupationIndex } from './occupation-pieces.ts';
import { hash64, type Hash64 } from './seen.ts';
import type { LiveState, ShardState } from './state.ts';

/** Events looked up together: what they touch fits the processor's nearest cache. */
export const STRIDE = 64;

export class LookAhead {
	/** slot of each event, −1 where the registry has no such code */
	readonly slots = new Int32Array(STRIDE);
	/** hash of source and id; only where `isHashed` is 1 */
	readonly high = new Uint32Array(STRIDE);
	readonly low = new Uint32Array(STRIDE);
	readonly isHashed = new Uint8Array(STRIDE);
	/** Sum of what was read, so that no compiler drops the reading. */
	touched = 0;
	readonly #hashes = new Int32Array(STRIDE);
	readonly #scratch: Hash64 = { high: 0, low: 0 };

	look(state: LiveState, shard: ShardState, batch: readonly Arrival[], from: number, to: number): void {
		const count = to - from;
		const codeAt = (index: number): string => (batch[from + index] as Arrival).event.subject;
		this.touched = state.slotOf.findAll(codeAt, count, this.slots, this.#hashes);
		for (let i = 0; i < count; i++) this.#hash(shard, (batch[from + i] as Arrival).event, i);
		this.#touchRows(state, count);
		for (let i = 0; i < count; i++) {
			if (this.isHashed[i] === 1) this.touched += shard.seen.touch(this.high[i] as number, this.low[i] as number);
			this.#touchPlaces(state, shard, batch[from + i] as Arrival, this.slots[i] as number);
		}
	}

	#hash(shard: ShardState, event: Arrival['event'], i: number): void {
		const source = event.sequence === undefined ? shard.sources.get(event.source) : undefined;
		this.isHashed[i] = source ? 1 : 0;
		if (!source) return;
		hash64(source.hash, event.id, this.#scratch);
		this.high[i] = this.#scratch.high;
		this.low[i] = this.#scratch.low;
	}

	#touchRows(state: LiveState, count: number): void {
		const { bucket, seenAt, insideAt, envAt, qualityAt, accountDue } = state.memory;
		const { visitsToday, inside, status, seenAt: shownAt, temperature, quality } = state.columns;
		const { isDirty, shardBySlot, isLive } = state;
		let sum = 0;
		for (let i = 0; i < count; i++) {
			const slot = this.slots[i] as number;
			if (slot < 0) continue;
			sum += (bucket[slot * BUCKET_WIDTH] as number) + (seenAt[slot] as number) + (visitsToday[slot] as number);
			sum += (insideAt[slot] as number) + (envAt[slot] as number) + (inside[slot] as number);
			sum += (status[slot] as number) + (isDirty[slot] as number) + (shardBySlot[slot] as number);
			sum += (shownAt[slot] as number) + (temperature[slot] as number) + (isLive[slot] as number);
			sum += (quality[slot] as number) + (qualityAt[slot] as number) + (accountDue[slot] as number);
		}
		this.touched += sum;
	}

	/** What only some events ask for: where a visit is counted by occupation, and what a look at the posted hours reads. */
	#touchPlaces({ memory, columns, sites }: LiveState, shard: ShardState, arrival: Arrival, slot: number): void {
		if (slot < 0) return;
		const { event, at, receivedAt } = arrival;
		if (event.type === 'station.visited') {
			const occupation = occupationIndex(event.data.occupation);
			this.touched += memory.occupations[slot * OCCUPATION_WIDTH + occupation] as number;
			this.touched += shard.occupations.touch(slot, occupation, at);
		}
		if (receivedAt < (memory.accountDue[slot] as number)) return;
		this.touched += (sites[slot]?.hoursExceptions.length ?? 0) + (memory.accountedUntil[slot] as number);
		this.touched += (columns.postedToday[slot] as number) + (columns.openToday[slot] as number);
		this.touched += columns.unknownToday[slot] as number;
	}
}
