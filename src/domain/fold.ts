/**
 * The fold: events in, live state changed. The one place where live state changes, and the hottest loop of the
 * product. It takes a batch, writes inside, and returns what it refused. Time enters as data — the moment each entry
 * was received, and `tickClock` — so folding the same stream again gives the same state.
 *
 * Order of the questions, cheapest harm first: is the time believable, is the site known, was it taken before. An
 * event that is refused is not remembered as taken, so it may be sent again once mended.
 */
import { BUCKET, BUCKET_WIDTH, bucketIndex, openRow } from './buckets.ts';
import type { EventData, StationEvent } from './event.ts';
import { unreachable } from './must.ts';
import { LookAhead, STRIDE } from './look-ahead.ts';
import type { Refusal } from './refusal.ts';
import { hash64, SequenceSet, type Hash64 } from './seen.ts';
import { dayOf } from './shanghai.ts';
import { markDirty, type LiveState, type ShardState, type SourceState } from './state.ts';
import { DOOR, judgeStatus } from './status.ts';
import { STATUS } from './table.ts';

/** Clocks of devices may run this far ahead [EV4]. */
export const FUTURE_LIMIT_MS = 5 * 60_000;
/** Events may arrive this late [EV5]. */
export const LATE_LIMIT_MS = 24 * 3_600_000;
/** Sources are remembered one by one; more than this in one shard is a mistake or an attack. */
export const MAX_SOURCES = 100_000;

/** Devices, and supply items, that one site may have: far above any real one, and a bound on memory. */
const MAX_ITEMS = 200;

export interface Arrival {
	readonly event: StationEvent;
	/** event time, ms */
	readonly at: number;
	/** when the stream received it, ms: the time part of the entry's id */
	readonly receivedAt: number;
}

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
	apply(state, shard, slot, event, at);
	return null;
}

const REFUSED = {
	future: {
		code: 'future_time',
		message: 'The event lies more than 5 minutes in the future. Set the clock of its source, then send it again.'
	},
	late: {
		code: 'late_time',
		message: 'The event came more than 24 hours after it happened. It is kept here and not counted.'
	},
	unknownStation: {
		code: 'unknown_station',
		message: 'No site of the registry has this subject as its code. Import the site, then send the event again.'
	},
	tooManySources: {
		code: 'too_many_sources',
		message: `More than ${MAX_SOURCES} sources write to this stream. Use one source per gateway, not one per event.`
	},
	tooManyItems: {
		code: 'too_many_items',
		message: `The site has ${MAX_ITEMS} devices or supply items already. Use the names of those it has.`
	},
	sequenceReused: {
		code: 'sequence_reused',
		message:
			'The source used this sequence number before, for an older event. After a restart of its counter a source takes a new name.'
	},
	sequenceTooOld: {
		code: 'sequence_too_old',
		message: 'The sequence number is too far behind to know whether it was taken. Check the event by hand.'
	},
	seenFull: {
		code: 'seen_full',
		message: 'Too many events without a sequence number in 24 hours. Let this source send the `sequence` extension.'
	}
} as const satisfies Record<string, Refusal>;

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

function takeOnce(shard: ShardState, source: SourceState, { event, at }: Arrival, place: number): 'new' | 'seen' | Refusal {
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

function apply(state: LiveState, shard: ShardState, slot: number, event: StationEvent, at: number): void {
	const { columns, memory } = state;
	if (at > (memory.seenAt[slot] as number)) {
		memory.seenAt[slot] = at;
		columns.seenAt[slot] = at / 1000;
		// A sign of life may make an older report of the door valid again.
		if (memory.door[slot] !== DOOR.unreported && hasLapsed(columns.status[slot], memory.door[slot])) memory.dueAt[slot] = LOOK_NOW;
	}
	const bucket = bucketRow(state, shard, slot, bucketIndex(at));
	const row = bucket === memory.bucket ? slot * BUCKET_WIDTH : 0;
	bucket[row + BUCKET.events] = (bucket[row + BUCKET.events] as number) + 1;
	if (columns.visitsToday[slot] === -1) startCounting(state, slot, at);
	markDirty(state, slot);
	switch (event.type) {
		case 'station.heartbeat':
			return;
		case 'env.read':
			return readEnvironment(state, slot, event.data, at, bucket, row);
		case 'people.counted':
			return countPeople(state, slot, event.data, at, bucket, row);
		case 'station.visited':
			return countVisits(state, slot, event.data.count ?? 1, at, bucket, row);
		case 'station.opened':
			return reportDoor(state, slot, DOOR.opened, at);
		case 'station.closed':
			return reportDoor(state, slot, event.data.planned === true ? DOOR.closedPlanned : DOOR.closed, at);
		case 'power.changed':
			if (at < (memory.mainsAt[slot] as number)) return;
			memory.mainsAt[slot] = at;
			columns.mains[slot] = event.data.mains ? 1 : 2;
			return;
		case 'device.changed':
			return changeDevice(state, slot, event.data, at);
		case 'supply.changed':
			return changeSupply(state, slot, event.data, at);
		default:
			return unreachable(event);
	}
}

/** A report that no longer counts shows itself: the site is unknown, or reported open and not shown so. */
const hasLapsed = (status: number | undefined, door: number | undefined): boolean =>
	status === STATUS.unknown || (door === DOOR.opened && status !== STATUS.open);

/** The open row of the site when the event belongs to it, else the late piece it belongs to. */
function bucketRow(state: LiveState, shard: ShardState, slot: number, index: number): Int32Array {
	const rows = state.memory.bucket;
	const at = slot * BUCKET_WIDTH;
	const open = rows[at] as number;
	if (open === index) return rows;
	if (open > index) return shard.pieces.late(slot, index);
	if (open !== 0) shard.pieces.close(rows, slot);
	openRow(rows, at, index);
	return rows;
}

/** A live site that gives a sign of life today has had no visits so far: from here on that is known. */
function startCounting(state: LiveState, slot: number, at: number): void {
	if (state.sites[slot]?.telemetry === 'live' && dayOf(at) === state.day) state.columns.visitsToday[slot] = 0;
}

function countVisits(state: LiveState, slot: number, count: number, at: number, bucket: Int32Array, row: number): void {
	bucket[row + BUCKET.visits] = (bucket[row + BUCKET.visits] as number) + count;
	const day = dayOf(at);
	if (day === state.day) {
		const known = state.columns.visitsToday[slot] as number;
		state.columns.visitsToday[slot] = (known === -1 ? 0 : known) + count;
	} else if (day > state.day) {
		state.memory.visitsTomorrow[slot] = (state.memory.visitsTomorrow[slot] as number) + count;
	}
}

function countPeople(
	state: LiveState,
	slot: number,
	data: EventData['people.counted'],
	at: number,
	bucket: Int32Array,
	row: number
): void {
	bucket[row + BUCKET.peopleIn] = (bucket[row + BUCKET.peopleIn] as number) + data.in;
	bucket[row + BUCKET.peopleOut] = (bucket[row + BUCKET.peopleOut] as number) + data.out;
	if (data.inside > (bucket[row + BUCKET.insideMax] as number)) bucket[row + BUCKET.insideMax] = data.inside;
	if (at < (state.memory.insideAt[slot] as number)) return;
	state.memory.insideAt[slot] = at;
	state.columns.inside[slot] = data.inside;
}

function readEnvironment(
	state: LiveState,
	slot: number,
	data: EventData['env.read'],
	at: number,
	bucket: Int32Array,
	row: number
): void {
	const temperature = Math.round(data.temperatureC * 100);
	bucket[row + BUCKET.temperatureSum] = (bucket[row + BUCKET.temperatureSum] as number) + temperature;
	bucket[row + BUCKET.temperatureCount] = (bucket[row + BUCKET.temperatureCount] as number) + 1;
	const { memory, columns } = state;
	// Not every sensor has CO₂: it has a time of its own.
	if (data.co2Ppm !== undefined && at >= (memory.co2At[slot] as number)) {
		memory.co2At[slot] = at;
		columns.co2[slot] = Math.round(data.co2Ppm);
	}
	if (at < (memory.envAt[slot] as number)) return;
	memory.envAt[slot] = at;
	columns.temperature[slot] = temperature;
	columns.humidity[slot] = Math.round(data.humidityPct * 100);
}

function reportDoor(state: LiveState, slot: number, door: number, at: number): void {
	const { memory } = state;
	if (at < (memory.doorAt[slot] as number)) return;
	memory.door[slot] = door;
	memory.doorAt[slot] = at;
	judge(state, slot, at);
}

function changeDevice(state: LiveState, slot: number, data: EventData['device.changed'], at: number): void {
	const devices = state.devices.get(slot) ?? new Map();
	state.devices.set(slot, devices);
	const known = devices.get(data.device);
	if (known && at < known.at) return;
	devices.set(data.device, {
		slot,
		device: data.device,
		kind: data.kind,
		state: data.state,
		reason: data.reason ?? null,
		at
	});
	let online = 0;
	for (const device of devices.values()) if (device.state === 'online') online++;
	state.columns.devicesOnline[slot] = online;
	state.columns.devicesTotal[slot] = devices.size;
}

function changeSupply(state: LiveState, slot: number, data: EventData['supply.changed'], at: number): void {
	const supplies = state.supplies.get(slot) ?? new Map();
	state.supplies.set(slot, supplies);
	const known = supplies.get(data.item);
	if (known && at < known.at) return;
	supplies.set(data.item, {
		slot,
		item: data.item,
		quantity: data.quantity,
		expiresOn: data.expiresOn ?? null,
		at
	});
}

/** Values of `dueAt` that mean "at the next tick". */
const NOT_YET_JUDGED = 0;
const LOOK_NOW = 1;

/** Judges one status; `since` is the moment that changed it, 0 = not known. */
function judge(state: LiveState, slot: number, sinceMs: number): void {
	const site = state.sites[slot];
	if (!site) return;
	const { columns, memory } = state;
	const report = {
		door: memory.door[slot] as number,
		reportedAtMs: memory.doorAt[slot] as number,
		seenAtMs: memory.seenAt[slot] as number
	};
	const { status, dueAtMs } = judgeStatus(site, report, state.now);
	memory.dueAt[slot] = dueAtMs;
	if (columns.status[slot] === status) return;
	columns.status[slot] = status;
	columns.since[slot] = sinceMs / 1000;
	markDirty(state, slot);
}

/**
 * `clock.ticked`: time has come to `nowMs` without an event. Judges what time alone changes — statuses that are due,
 * the day, buckets that ended. It never runs backwards.
 */
export function tickClock(state: LiveState, shards: readonly ShardState[], nowMs: number): void {
	advanceClock(state, nowMs);
	const { dueAt } = state.memory;
	for (let slot = 0; slot < state.capacity; slot++) {
		const due = dueAt[slot] as number;
		// The first look finds a status that began at some time before: when, nobody knows.
		if (due <= state.now) judge(state, slot, due === NOT_YET_JUDGED ? 0 : state.now);
	}
	closeEnded(state, shards);
}

/** A bucket is closed once it ended and devices whose clocks run behind had their time. */
const CLOSE_AFTER_MS = 60_000;

function closeEnded(state: LiveState, shards: readonly ShardState[]): void {
	const current = bucketIndex(state.now - CLOSE_AFTER_MS);
	if (current === state.closedBefore) return;
	state.closedBefore = current;
	const rows = state.memory.bucket;
	for (let slot = 0; slot < state.capacity; slot++) {
		const open = rows[slot * BUCKET_WIDTH] as number;
		if (open !== 0 && open < current) shards[state.shardBySlot[slot] as number]?.pieces.close(rows, slot);
	}
}

/** Closes every bucket, ended or not: before an orderly stop, so that the database holds all of it. */
export function closeAllBuckets(state: LiveState, shards: { readonly [shard: number]: ShardState }): void {
	for (let slot = 0; slot < state.capacity; slot++) {
		shards[state.shardBySlot[slot] as number]?.pieces.close(state.memory.bucket, slot);
	}
}

/** Moves `now` on, never back. At midnight of Asia/Shanghai the counts of the day begin anew. */
export function advanceClock(state: LiveState, nowMs: number): void {
	if (nowMs <= state.now) return;
	state.now = nowMs;
	const day = dayOf(nowMs);
	if (day === state.day) return;
	const isNextDay = day === state.day + 1;
	state.day = day;
	startDay(state, allSlots(state), isNextDay);
}

/** Begins the counts of `state.day` for these slots; `isNextDay` says that yesterday's rows counted ahead for today. */
export function startDay(state: LiveState, slots: Iterable<number>, isNextDay: boolean): void {
	const { visitsToday } = state.columns;
	const { visitsTomorrow, seenAt } = state.memory;
	for (const slot of slots) {
		const early = isNextDay ? (visitsTomorrow[slot] as number) : 0;
		const isSeenToday = state.sites[slot]?.telemetry === 'live' && dayOf(seenAt[slot] as number) === state.day;
		visitsToday[slot] = early > 0 || isSeenToday ? early : -1;
		visitsTomorrow[slot] = 0;
		markDirty(state, slot);
	}
}

function* allSlots(state: LiveState): Generator<number> {
	for (let slot = 0; slot < state.capacity; slot++) yield slot;
}
