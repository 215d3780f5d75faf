/**
 * What time alone changes: statuses that fall due, the day, buckets that end. Time comes in from outside — a stream entry or
 * a tick — and never runs backwards.
 */
import { BUCKET_MS, BUCKET_WIDTH, bucketIndex } from './buckets.ts';
import { accountRound, showToday } from './fulfilment.ts';
import { startOccupations } from './occupations.ts';
import { dayOf } from './shanghai.ts';
import { markDirty, type LiveState, type ShardState } from './state.ts';
import { judgeStatus } from './status.ts';

/** Values of `dueAt` that mean "at the next tick", and why. */
const NOT_YET_JUDGED = 0;
const LOOK_NOW = 1;
/** A report came that did not count yet: a sign of life in the same batch may make it count. */
const REPORTED = 2;

/** Asks for a look at the next tick, unless one is asked for already. */
export function lookAgain(state: LiveState, slot: number): void {
	if ((state.memory.dueAt[slot] as number) > REPORTED) state.memory.dueAt[slot] = LOOK_NOW;
}

/** A new report of the door: it counts at once, or at the next tick, or not. */
export function judgeReport(state: LiveState, slot: number): void {
	if (!judge(state, slot, true)) state.memory.dueAt[slot] = REPORTED;
}

/**
 * Judges one status; true when it follows from the report of the door. A status that a new report brought began when that
 * report says; one that was there at the first look began nobody knows when (0); any other began now.
 */
function judge(state: LiveState, slot: number, isNewReport: boolean): boolean {
	const site = state.sites[slot];
	if (!site) return true;
	const { columns, memory } = state;
	const report = {
		door: memory.door[slot] as number,
		reportedAtMs: memory.doorAt[slot] as number,
		seenAtMs: memory.seenAt[slot] as number
	};
	const isFirst = memory.dueAt[slot] === NOT_YET_JUDGED;
	const { status, isReported, dueAtMs } = judgeStatus(site, report, state.now);
	memory.dueAt[slot] = dueAtMs;
	if (columns.status[slot] !== status) {
		const since = isNewReport && isReported ? report.reportedAtMs : isFirst ? 0 : state.now;
		columns.status[slot] = status;
		columns.since[slot] = since / 1000;
		markDirty(state, slot);
	}
	return isReported;
}

/**
 * `clock.ticked`: time has come to `nowMs` without an event. Judges what time alone changes — statuses that are due,
 * the day, buckets that ended, hours to account for. It never runs backwards.
 */
export function tickClock(state: LiveState, shards: readonly ShardState[], nowMs: number): void {
	advanceClock(state, nowMs);
	const { dueAt } = state.memory;
	for (let slot = 0; slot < state.capacity; slot++) {
		const due = dueAt[slot] as number;
		if (due <= state.now) judge(state, slot, due === REPORTED);
	}
	closeEnded(state, shards);
	accountRound(state, shards, state.closedBefore * BUCKET_MS);
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
	for (const shard of shards) shard.occupations.close();
}

/** Closes every bucket, ended or not: before an orderly stop, so that the database holds all of it. */
export function closeAllBuckets(state: LiveState, shards: { readonly [shard: number]: ShardState }): void {
	for (let slot = 0; slot < state.capacity; slot++) {
		shards[state.shardBySlot[slot] as number]?.pieces.close(state.memory.bucket, slot);
	}
	for (const shard of Object.values(shards)) shard.occupations.close();
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
		const isSeenToday = state.isLive[slot] === 1 && dayOf(seenAt[slot] as number) === state.day;
		visitsToday[slot] = early > 0 || isSeenToday ? early : -1;
		visitsTomorrow[slot] = 0;
		startOccupations(state, slot, isNextDay);
		showToday(state, slot);
		markDirty(state, slot);
	}
	state.occupationChanges++;
}

function* allSlots(state: LiveState): Generator<number> {
	for (let slot = 0; slot < state.capacity; slot++) yield slot;
}
