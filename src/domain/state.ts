/**
 * Live state: everything the fold writes. The columns a screen sees (`columns`) and the times and counters beside them
 * that decide which event is newer. Rows belong to sites by slot; slots are never used twice.
 */
import { ClosedPieces } from './buckets.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { OccupationPieces } from './occupation-pieces.ts';
import { RowQueue } from './row-queue.ts';
import { SeenIds, type SequenceSet } from './seen.ts';
import { dayOf } from './shanghai.ts';
import { SlotIndex } from './slot-index.ts';
import type { Area, Site } from './site.ts';
import { emptyColumns, grownColumns, type Columns } from './table.ts';

export interface DeviceState {
	readonly slot: number;
	readonly device: string;
	readonly kind: string;
	readonly state: 'online' | 'offline' | 'fault';
	readonly reason: string | null;
	/** ms, event time */
	readonly at: number;
}

export interface SupplyState {
	readonly slot: number;
	readonly item: string;
	readonly quantity: number;
	readonly expiresOn: string | null;
	readonly at: number;
}

/** What one CloudEvents `source` has sent to one shard. */
export interface SourceState {
	readonly source: string;
	/** ms, newest event time */
	lastSeen: number;
	events: number;
	/** hash of the source's name: the seed of the hashes of its ids */
	readonly hash: { high: number; low: number };
	sequence: SequenceSet | null;
}

/** A finished day of fulfilment: slot, day of `dayOf`, then posted, open and unknown in seconds. */
export const DAY_ROW_WIDTH = 5;

/** What belongs to one stream alone: its place, its ids, its finished buckets. */
export interface ShardState {
	readonly shard: number;
	/** id of the newest entry folded */
	position: string;
	readonly seen: SeenIds;
	readonly pieces: ClosedPieces;
	readonly occupations: OccupationPieces;
	/** finished days of fulfilment that wait for a commit: rows of DAY_ROW_WIDTH */
	readonly days: RowQueue;
	readonly sources: Map<string, SourceState>;
	/** ms: all that was received before is folded */
	readUntil: number;
	taken: number;
	duplicates: number;
	tests: number;
	refused: number;
}

export interface LiveState {
	/** ms: newest clock tick or stream entry; it never runs backwards */
	now: number;
	/** day of Asia/Shanghai to which `visitsToday` belongs */
	day: number;
	/** buckets before this one were closed */
	closedBefore: number;
	capacity: number;
	/** by slot; a hole where no site has that slot */
	sites: (Site | undefined)[];
	areas: readonly Area[];
	/** counts up whenever sites or areas change */
	revision: number;
	slotOf: SlotIndex;
	readonly shardOf: (site: Site) => number;
	columns: Columns;
	memory: Memory;
	/** by slot, then by device or item */
	readonly devices: Map<number, Map<string, DeviceState>>;
	readonly supplies: Map<number, Map<string, SupplyState>>;
	/** by slot: visits dated tomorrow, by OCCUPATIONS; few and short-lived */
	readonly occupationsTomorrow: Map<number, Int32Array>;
	/** counts up whenever today's visits by occupation may have changed */
	occupationChanges: number;
	/** how far the present round of accounting is */
	readonly round: { toMs: number; nextSlot: number; isWhole: boolean };
	/** by slot: the stream that carries this site's events */
	shardBySlot: Uint8Array;
	/** by slot: 1 where devices report by themselves (the registry's word, kept near the columns) */
	isLive: Uint8Array;
	/** slots touched since the last tick, each once */
	dirtySlots: Int32Array;
	dirtyCount: number;
	isDirty: Uint8Array;
}

/** About 40 bytes each when full: at most some 400 MB. Beyond, a source must number its events [EV6]. */
export const DEFAULT_SEEN_LIMIT = 10_000_000;

export function emptyShard(shard: number, seenLimit = DEFAULT_SEEN_LIMIT): ShardState {
	return {
		shard,
		position: '0-0',
		seen: new SeenIds(seenLimit),
		pieces: new ClosedPieces(),
		occupations: new OccupationPieces(),
		days: new RowQueue(DAY_ROW_WIDTH),
		sources: new Map(),
		readUntil: Number.POSITIVE_INFINITY,
		taken: 0,
		duplicates: 0,
		tests: 0,
		refused: 0
	};
}

export function emptyState(nowMs: number, shardOf: (site: Site) => number = () => 0): LiveState {
	return {
		now: nowMs,
		day: dayOf(nowMs),
		closedBefore: 0,
		capacity: 0,
		sites: [],
		areas: [],
		revision: 0,
		slotOf: new SlotIndex([]),
		shardOf,
		columns: emptyColumns(0),
		memory: emptyMemory(0),
		devices: new Map(),
		supplies: new Map(),
		occupationsTomorrow: new Map(),
		occupationChanges: 0,
		round: { toMs: 0, nextSlot: 0, isWhole: true },
		shardBySlot: new Uint8Array(0),
		isLive: new Uint8Array(0),
		dirtySlots: new Int32Array(0),
		dirtyCount: 0,
		isDirty: new Uint8Array(0)
	};
}

/**
 * Takes the registry as it is now. Known sites keep their values; new ones know nothing yet; every status is judged
 * again at the next tick, since hours may have changed.
 */
export function setRegistry(state: LiveState, sites: readonly Site[], areas: readonly Area[]): void {
	const needed = sites.reduce((most, site) => Math.max(most, site.slot + 1), 0);
	if (needed > state.capacity) growState(state, needed);
	state.sites = new Array<Site | undefined>(state.capacity).fill(undefined);
	for (const site of sites) {
		state.sites[site.slot] = site;
		state.shardBySlot[site.slot] = state.shardOf(site);
		state.isLive[site.slot] = site.telemetry === 'live' ? 1 : 0;
	}
	state.slotOf = new SlotIndex(state.sites.map((site) => site?.code));
	state.areas = areas;
	state.revision++;
	state.occupationChanges++;
	lookAtAll(state);
}

/** Every status is judged, and every site accounted for, at the next tick: hours, clocks or values are not what they were. */
export function lookAtAll(state: LiveState): void {
	state.memory.dueAt.fill(0);
	state.memory.accountDue.fill(0);
	state.round.toMs = 0;
}

/** The devices, or supply items, of one slot by name; begun when there are none. */
export function recordsAt<R>(records: Map<number, Map<string, R>>, slot: number): Map<string, R> {
	const known = records.get(slot) ?? new Map<string, R>();
	records.set(slot, known);
	return known;
}

/** Notes that something of this slot changed, for the next frame. */
export function markDirty(state: LiveState, slot: number): void {
	if (state.isDirty[slot] === 1) return;
	state.isDirty[slot] = 1;
	state.dirtySlots[state.dirtyCount++] = slot;
}

function growState(state: LiveState, needed: number): void {
	const capacity = Math.max(needed, Math.ceil(state.capacity * 1.5));
	state.columns = grownColumns(state.columns, capacity);
	const memory = emptyMemory(capacity);
	for (const key of Object.keys(memory) as (keyof Memory)[]) memory[key].set(state.memory[key]);
	state.memory = memory;
	const dirtySlots = new Int32Array(capacity);
	dirtySlots.set(state.dirtySlots.subarray(0, state.dirtyCount));
	state.dirtySlots = dirtySlots;
	const isDirty = new Uint8Array(capacity);
	isDirty.set(state.isDirty);
	state.isDirty = isDirty;
	const shardBySlot = new Uint8Array(capacity);
	shardBySlot.set(state.shardBySlot);
	state.shardBySlot = shardBySlot;
	const isLive = new Uint8Array(capacity);
	isLive.set(state.isLive);
	state.isLive = isLive;
	state.capacity = capacity;
}
