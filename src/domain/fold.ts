/**
 * The fold: events in, live state changed. The one place where live state changes, and the hottest loop of the
 * product. It takes a batch, writes inside, and returns what it refused. Time enters as data — the moment each entry
 * was received, and `tickClock` — so folding the same stream again gives the same state.
 *
 * Order of the questions, cheapest harm first: is the time believable, is the site known, was it taken before. An
 * event that is refused is not remembered as taken, so it may be sent again once mended.
 */
import { apply } from './apply.ts';
import type { Arrival } from './arrival.ts';
import { advanceClock } from './clock.ts';
import type { StationEvent } from './event.ts';
import { account } from './fulfilment.ts';
import { LookAhead, STRIDE } from './look-ahead.ts';
import { MAX_ITEMS, MAX_SOURCES, REFUSED, type Refusal } from './refusal.ts';
import { hash64, SequenceSet, type Hash64 } from './seen.ts';
import type { LiveState, ShardState, SourceState } from './state.ts';

/** Clocks of devices may run this far ahead [EV4]. */
export const FUTURE_LIMIT_MS = 5 * 60_000;
/** Events may arrive this late [EV5]. */
export const LATE_LIMIT_MS = 24 * 3_600_000;
export interface FoldRefusal extends Refusal {
	/** place in the batch */
	readonly index: number;
}

/** Folds a batch in its order. Returns the refused ones; duplicates are counted, not refused. */
export function fold(state: LiveState, shard: ShardState, batch: readonly Arrival[]): FoldRefusal[] {
	const refused: FoldRefusal[] = [];
	for (let from = 0; from < batch.length; from += STRIDE) {
		const to = Math.min(from + STRIDE, batch.length);
		ahead.look(state, shard, batch, from, to);
		for (let index = from; index < to; index++) {
			const refusal = foldOne(state, shard, batch[index] as Arrival, index - from);
			if (refusal) refused.push({ index, ...refusal });
		}
	}
	shard.refused += refused.length;
	return refused;
}

/** Room to work in, kept between calls. */
const ahead = new LookAhead();

/** `place`: where the look-ahead has this event. */
function foldOne(state: LiveState, shard: ShardState, arrival: Arrival, place: number): Refusal | null {
	const { event, at, receivedAt } = arrival;
	const slot = ahead.slots[place] as number;
	if (at > receivedAt + FUTURE_LIMIT_MS) return REFUSED.future;
	if (at < receivedAt - LATE_LIMIT_MS) return REFUSED.late;
	if (slot < 0) return REFUSED.unknownStation;
	if (state.shardBySlot[slot] !== shard.shard) return wrongShard(state, slot);
	const source = sourceOf(shard, event.source);
	if (!source) return REFUSED.tooManySources;
	advanceClock(state, receivedAt);
	shard.seen.turn(receivedAt);
	if (isOverfull(state, slot, event)) return REFUSED.tooManyItems;
	const verdict = takeOnce(shard, source, arrival, place);
	if (verdict !== 'new') {
		if (verdict !== 'seen') return verdict;
		shard.duplicates++;
		return null;
	}
	source.events++;
	if (at > source.lastSeen) source.lastSeen = at;
	if (event.quality === 'test') {
		shard.tests++;
		return null;
	}
	shard.taken++;
	// The time before this entry follows from what was known before it.
	if (receivedAt >= (state.memory.accountDue[slot] as number)) account(state, shard, slot, receivedAt);
	apply(state, shard, slot, arrival);
	return null;
}

function isOverfull(state: LiveState, slot: number, event: StationEvent): boolean {
	if (event.type !== 'device.changed' && event.type !== 'supply.changed') return false;
	const isDevice = event.type === 'device.changed';
	const known = (isDevice ? state.devices : state.supplies).get(slot);
	return known !== undefined && known.size >= MAX_ITEMS && !known.has(isDevice ? event.data.device : event.data.item);
}

function wrongShard(state: LiveState, slot: number): Refusal {
	const stream = `ops:events:${state.shardBySlot[slot]}`;
	return { code: 'wrong_shard', message: `The events of this site belong on the stream ${stream}. Send it there.` };
}

function sourceOf(shard: ShardState, name: string): SourceState | null {
	const known = shard.sources.get(name);
	if (known) return known;
	if (shard.sources.size >= MAX_SOURCES) return null;
	const hash = { high: 0, low: 0 };
	hash64(NO_SEED, name, hash);
	const source: SourceState = { source: name, lastSeen: 0, events: 0, hash, sequence: null };
	shard.sources.set(name, source);
	return source;
}

const NO_SEED: Hash64 = { high: 0, low: 0 };
/** Reused for every event: an object per event would double the work of the collector. */
const scratch: Hash64 = { high: 0, low: 0 };

function takeOnce(
	shard: ShardState,
	source: SourceState,
	{ event, at }: Arrival,
	place: number
): 'new' | 'seen' | Refusal {
	const sequence = event.sequence === undefined ? null : sequenceNumber(event.sequence);
	if (sequence !== null) {
		source.sequence ??= new SequenceSet();
		const verdict = source.sequence.add(sequence);
		if (verdict === 'too_old') return REFUSED.sequenceTooOld;
		// A true duplicate cannot be newer than everything its source has sent: this counter was started again.
		if (verdict === 'seen' && at > source.lastSeen) return REFUSED.sequenceReused;
		return verdict;
	}
	if (ahead.isHashed[place] === 1) {
		scratch.high = ahead.high[place] as number;
		scratch.low = ahead.low[place] as number;
	} else hash64(source.hash, event.id, scratch);
	if (shard.seen.isFull && !shard.seen.has(scratch)) return REFUSED.seenFull;
	return shard.seen.add(scratch) ? 'new' : 'seen';
}

/** Larger numbers are not exact; such events are known by their id. */
const DIGITS = /^\d{1,15}$/;
const MAX_SEQUENCE = 999_999_999_999_999;

function sequenceNumber(sequence: string | number): number | null {
	if (typeof sequence === 'number') return sequence <= MAX_SEQUENCE ? sequence : null;
	return DIGITS.test(sequence) ? Number(sequence) : null;
}
