/**
 * Opening fulfilment (开放履约): what became of the hours that a site posted [FU1]–[FU5]. Every posted second of a day is open, closed or
 * unknown, as the status was judged with what had been received by then.
 *
 * Its clock is that of the stream, not of the wall: a site is accounted for up to the moment an entry was received, just before the entry
 * is applied, and at the close of every 5 minutes up to their end. Between two moments a verdict of `judgeStatus` holds until it says to
 * look again, so the sum is exact whatever the steps — also over hours in which no process ran.
 */
import { isPostedOpen } from './hours.ts';
import { dayOf, dayStart } from './shanghai.ts';
import type { Site } from './site.ts';
import { markDirty, type LiveState, type ShardState } from './state.ts';
import { DOOR, judgeStatus, type DoorReport } from './status.ts';
import { STATUS } from './table.ts';

/** Days that went by without any process are told, each unknown, but not more than a month of them. */
const LONGEST_ABSENCE_DAYS = 31;
/** Sites accounted for in one tick: 200,000 take some 12 s of every 5 minutes instead of holding up one tick. */
const SITES_PER_TICK = 4096;

/** Accounts for one site up to `toMs`, the moment up to which all that was received is folded. Never backwards. */
export function account(state: LiveState, shard: ShardState, slot: number, toMs: number): void {
	const site = state.sites[slot];
	if (!site) return;
	const { memory } = state;
	const known = memory.accountedUntil[slot] as number;
	// First heard of, or looked at: nothing was promised to anybody before [FU5].
	const from = known === 0 ? toMs : skipAbsence(state, shard, slot, known, toMs);
	const to = Math.max(from, toMs);
	const report = reportAt(state, slot);
	if (isCounted(site)) countUntil(state, shard, slot, site, report, from, to);
	else if (dayOf(to) !== dayOf(from)) closeDay(state, shard, slot, dayOf(from));
	memory.accountedUntil[slot] = to;
	memory.accountDue[slot] = isCounted(site) ? dueOf(site, report, to) : Number.POSITIVE_INFINITY;
	showToday(state, slot);
}

/** Only sites in service that post hours owe anything. */
const isCounted = (site: Site): boolean =>
	site.lifecycle === 'open' && (site.hours !== null || site.hoursExceptions.length > 0);

function reportAt({ memory }: LiveState, slot: number): DoorReport {
	return {
		door: memory.door[slot] as number,
		reportedAtMs: memory.doorAt[slot] as number,
		seenAtMs: memory.seenAt[slot] as number
	};
}

function countUntil(
	state: LiveState,
	shard: ShardState,
	slot: number,
	site: Site,
	report: DoorReport,
	fromMs: number,
	toMs: number
): void {
	const { postedMs, openMs, unknownMs } = state.memory;
	for (let at = fromMs; at < toMs;) {
		const { status, dueAtMs } = judgeStatus(site, report, at);
		const midnight = dayStart(dayOf(at) + 1);
		const end = Math.min(toMs, dueAtMs, midnight);
		if (isPostedOpen(site.hours, site.hoursExceptions, at)) {
			postedMs[slot] = (postedMs[slot] as number) + end - at;
			if (status === STATUS.open) openMs[slot] = (openMs[slot] as number) + end - at;
			else if (status === STATUS.unknown) unknownMs[slot] = (unknownMs[slot] as number) + end - at;
		}
		at = end;
		if (at === midnight) closeDay(state, shard, slot, dayOf(midnight - 1));
	}
}

/**
 * When an event may matter to time that went by: once the verdict has run out. A report that does not hold may hold again with
 * any sign of life, so the time before that is settled first.
 */
function dueOf(site: Site, report: DoorReport, atMs: number): number {
	const { isReported, dueAtMs } = judgeStatus(site, report, atMs);
	return isReported || report.door === DOOR.unreported ? dueAtMs : 0;
}

/** Where to go on from: where it stopped, unless that is longer ago than anybody asks about. */
function skipAbsence(state: LiveState, shard: ShardState, slot: number, known: number, toMs: number): number {
	const earliest = dayStart(dayOf(toMs) - LONGEST_ABSENCE_DAYS);
	if (known >= earliest) return known;
	closeDay(state, shard, slot, dayOf(known));
	return earliest;
}

/** One row for the database, where anything was posted; the counts begin anew. */
function closeDay({ memory }: LiveState, shard: ShardState, slot: number, day: number): void {
	const seconds = (column: Int32Array): number => Math.floor((column[slot] as number) / 1000);
	const { postedMs, openMs, unknownMs } = memory;
	if (seconds(postedMs) > 0) shard.days.append(slot, [day, seconds(postedMs), seconds(openMs), seconds(unknownMs)]);
	postedMs[slot] = 0;
	openMs[slot] = 0;
	unknownMs[slot] = 0;
}

/** Writes the columns of today; before the first look of a day its hours so far are 0. */
export function showToday(state: LiveState, slot: number): void {
	const site = state.sites[slot];
	const { columns, memory } = state;
	const { accountedUntil, postedMs, openMs, unknownMs } = memory;
	const until = accountedUntil[slot] as number;
	const isKnown = site !== undefined && isCounted(site) && until > 0;
	const isToday = isKnown && dayOf(until) === state.day;
	const shown = (ms: Int32Array): number => (isToday ? Math.floor((ms[slot] as number) / 1000) : isKnown ? 0 : -1);
	const [posted, open, unknown] = [shown(postedMs), shown(openMs), shown(unknownMs)];
	if (
		columns.postedToday[slot] === posted &&
		columns.openToday[slot] === open &&
		columns.unknownToday[slot] === unknown
	)
		return;
	columns.postedToday[slot] = posted;
	columns.openToday[slot] = open;
	columns.unknownToday[slot] = unknown;
	markDirty(state, slot);
}

/**
 * Accounts for some more sites up to the end of the last closed 5 minutes, called at every tick; a round ends when all of them are. A
 * shard that is still reading old entries is accounted for up to the last of them: what comes after is not known yet, not unknown.
 */
export function accountRound(state: LiveState, shards: readonly ShardState[], boundaryMs: number): void {
	const { round } = state;
	if (round.toMs !== boundaryMs) Object.assign(round, { toMs: boundaryMs, nextSlot: 0, isWhole: true });
	const end = Math.min(round.nextSlot + SITES_PER_TICK, state.capacity);
	for (; round.nextSlot < end; round.nextSlot++) {
		const slot = round.nextSlot;
		const shard = shards[state.shardBySlot[slot] as number];
		if (!shard || !state.sites[slot]) continue;
		if (shard.readUntil < boundaryMs) round.isWhole = false;
		const known = state.memory.accountedUntil[slot] as number;
		const to = Math.min(known === 0 ? state.now : boundaryMs, shard.readUntil);
		if (to <= 0) continue;
		if (to > known || state.memory.accountDue[slot] === 0) account(state, shard, slot, to);
	}
	// A shard was behind: once more, until it is not.
	if (end === state.capacity && !round.isWhole) Object.assign(round, { nextSlot: 0, isWhole: true });
}
