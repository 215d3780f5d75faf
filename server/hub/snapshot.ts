/**
 * The state of one shard as bytes, and back: columns, memory, open buckets, sources, devices, supplies. Written with
 * every commit next to the stream position, so that restarting is reading one row and folding the tail. Bytes are
 * taken in one go, while nothing folds; compressing them happens afterwards, on another thread.
 */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { Packr } from 'msgpackr';
import { advanceClock, startDay } from '#domain/clock.ts';
import { emptyMemory, widthOf, type Memory } from '#domain/memory.ts';
import { UNKNOWN_OCCUPATION } from '#domain/occupation-pieces.ts';
import { countToday, countTomorrow } from '#domain/occupations.ts';
import { SequenceSet, hash64 } from '#domain/seen.ts';
import { dayStart } from '#domain/shanghai.ts';
import {
	lookAtAll,
	markDirty,
	recordsAt,
	type DeviceState,
	type LiveState,
	type ShardState,
	type SupplyState
} from '#domain/state.ts';
import { emptyColumns, FIELDS, type Columns } from '#domain/table.ts';

const LAYOUT = 2;
/** The layout before: it knew no occupations and no fulfilment. It is read; what it lacks begins anew. */
const LAYOUT_BEFORE = 1;
const packr = new Packr({ useRecords: false });
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export interface ShardImage {
	readonly layout: number;
	readonly day: number;
	readonly slots: Uint8Array;
	readonly columns: Record<string, Uint8Array>;
	readonly memory: Record<string, Uint8Array>;
	readonly pieces: Uint8Array;
	/** since layout 2 */
	readonly occupations?: OccupationImage;
	/** since layout 2 */
	readonly days?: Uint8Array;
	readonly sources: readonly [source: string, lastSeen: number, events: number, sequence: number[] | null][];
	readonly devices: readonly DeviceState[];
	readonly supplies: readonly SupplyState[];
	readonly counters: readonly [taken: number, duplicates: number, tests: number, refused: number];
}

interface OccupationImage {
	readonly open: Uint8Array;
	readonly closed: Uint8Array;
	readonly tomorrow: readonly [slot: number, counts: number[]][];
}

type AnyArray = Uint8Array | Uint32Array | Int32Array | Int16Array | Float64Array;
const intsOf = (bytes: Uint8Array): Int32Array => new Int32Array(new Uint8Array(bytes).buffer);
const bytesOf = (array: AnyArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Takes the state of a shard as it is at this instant, uncompressed. */
export function encodeShard(state: LiveState, shard: ShardState): Uint8Array {
	const slots = slotsOf(state, shard.shard);
	const gather = <A extends AnyArray>(from: A, width = 1): Uint8Array => bytesOf(gatherRows(from, slots, width));
	const columns: Record<string, Uint8Array> = {};
	for (const field of FIELDS) columns[field] = gather(state.columns[field]);
	const memory: Record<string, Uint8Array> = {};
	for (const key of Object.keys(state.memory) as (keyof Memory)[])
		memory[key] = gather(state.memory[key], widthOf(key));
	const image: ShardImage = {
		layout: LAYOUT,
		day: state.day,
		slots: bytesOf(slots),
		columns,
		memory,
		pieces: bytesOf(shard.pieces.copy()),
		occupations: occupationsOf(state, shard),
		days: bytesOf(shard.days.copy()),
		sources: [...shard.sources.values()].map((s) => [s.source, s.lastSeen, s.events, s.sequence?.toArray() ?? null]),
		devices: recordsOf(state, shard.shard, state.devices),
		supplies: recordsOf(state, shard.shard, state.supplies),
		counters: [shard.taken, shard.duplicates, shard.tests, shard.refused]
	};
	return packr.pack(image);
}

/** Level 1: 3 to 5 times smaller at the speed of copying. */
export async function compressImage(bytes: Uint8Array): Promise<Uint8Array> {
	return compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Puts a shard back as it was committed. Rows of the shard that the image does not know become unknown. */
export async function restoreShard(state: LiveState, shard: ShardState, compressed: Uint8Array): Promise<void> {
	restoreImage(state, shard, await openImage(compressed));
}

export async function openImage(compressed: Uint8Array): Promise<ShardImage> {
	const image = packr.unpack(await decompress(compressed)) as ShardImage;
	if (image.layout !== LAYOUT && image.layout !== LAYOUT_BEFORE)
		throw new Error(`The stored state has layout ${image.layout}; this build reads ${LAYOUT}.`);
	return image;
}

/** In one go, so that no tick sees a shard half restored. */
export function restoreImage(state: LiveState, shard: ShardState, image: ShardImage): void {
	const slots = new Uint32Array(new Uint8Array(image.slots).buffer);
	// Another process may have committed a day that this one's clock has not reached.
	if (image.day > state.day) advanceClock(state, dayStart(image.day));
	forgetShard(state, shard.shard);
	restoreArrays(state.columns, image.columns, slots, () => 1);
	restoreArrays(state.memory, image.memory, slots, (key) => widthOf(key as keyof Memory));
	// Hours and clocks may have moved on meanwhile.
	lookAtAll(state);
	shard.pieces.restore(intsOf(image.pieces));
	restoreOccupations(state, shard, image, slots);
	if (image.days) shard.days.appendAll(intsOf(image.days));
	for (const [source, lastSeen, events, sequence] of image.sources) {
		const hash = { high: 0, low: 0 };
		hash64({ high: 0, low: 0 }, source, hash);
		const set = sequence ? SequenceSet.fromArray(sequence) : null;
		shard.sources.set(source, { source, lastSeen, events, hash, sequence: set });
	}
	for (const device of image.devices) recordsAt(state.devices, device.slot).set(device.device, device);
	for (const supply of image.supplies) recordsAt(state.supplies, supply.slot).set(supply.item, supply);
	[shard.taken, shard.duplicates, shard.tests, shard.refused] = image.counters;
	if (image.day < state.day) startDay(state, slotsOf(state, shard.shard), state.day === image.day + 1);
}

function occupationsOf(state: LiveState, shard: ShardState): OccupationImage {
	const { open, closed } = shard.occupations.copy();
	const own = [...state.occupationsTomorrow].filter(([slot]) => state.shardBySlot[slot] === shard.shard);
	return { open: bytesOf(open), closed: bytesOf(closed), tomorrow: own.map(([slot, counts]) => [slot, [...counts]]) };
}

function restoreOccupations(state: LiveState, shard: ShardState, image: ShardImage, slots: Uint32Array): void {
	state.occupationChanges++;
	const { occupations } = image;
	if (occupations) {
		shard.occupations.restore(intsOf(occupations.open), intsOf(occupations.closed));
		for (const [slot, counts] of occupations.tomorrow) state.occupationsTomorrow.set(slot, Int32Array.from(counts));
		return;
	}
	// Who came before is not known; the visits are, and the parts must sum to them.
	for (const slot of slots) {
		if (slot >= state.capacity) continue;
		countToday(state, slot, UNKNOWN_OCCUPATION, Math.max(state.columns.visitsToday[slot] as number, 0));
		const tomorrow = state.memory.visitsTomorrow[slot] as number;
		if (tomorrow > 0) countTomorrow(state, slot, UNKNOWN_OCCUPATION, tomorrow);
	}
}

/** Forgets all that a shard wrote, before it is restored. */
export function forgetShard(state: LiveState, shard: number): void {
	const slots = slotsOf(state, shard);
	const columns = emptyColumns(1);
	const memory = emptyMemory(1);
	for (const field of FIELDS) blankRows(state.columns[field], slots, columns[field]);
	for (const key of Object.keys(memory) as (keyof Memory)[]) blankRows(state.memory[key], slots, memory[key]);
	for (const slot of slots) {
		state.devices.delete(slot);
		state.supplies.delete(slot);
		state.occupationsTomorrow.delete(slot);
		// Whatever comes instead, screens must hear of it, also where no further event touches the row.
		markDirty(state, slot);
	}
}

/** Array by array, number by number: a view per row would be millions of objects at each start with 200,000 sites. */
function blankRows(into: AnyArray, slots: Uint32Array, blank: AnyArray): void {
	const width = blank.length;
	for (const slot of slots) for (let k = 0; k < width; k++) into[slot * width + k] = blank[k] as number;
}

function slotsOf(state: LiveState, shard: number): Uint32Array {
	const slots = new Uint32Array(state.capacity);
	let count = 0;
	for (let slot = 0; slot < state.capacity; slot++) {
		if (state.sites[slot] && state.shardBySlot[slot] === shard) slots[count++] = slot;
	}
	return slots.subarray(0, count);
}

function gatherRows<A extends AnyArray>(from: A, slots: Uint32Array, width: number): A {
	const first = slots[0] ?? 0;
	const last = slots.at(-1) ?? -1;
	// Slots grow, so as many as there are numbers between the ends are all of them: one shard, the usual case.
	if (last - first + 1 === slots.length) return from.slice(first * width, (last + 1) * width) as A;
	const rows = from.slice(0, slots.length * width) as A;
	for (let i = 0; i < slots.length; i++) {
		const at = (slots[i] as number) * width;
		for (let k = 0; k < width; k++) rows[i * width + k] = from[at + k] as number;
	}
	return rows;
}

function restoreArrays(
	into: Columns | Memory,
	images: Record<string, Uint8Array>,
	slots: Uint32Array,
	width: (key: string) => number
): void {
	for (const [key, target] of Object.entries(into) as [string, AnyArray][]) {
		const bytes = images[key];
		if (!bytes) continue;
		const rows = new (target.constructor as new (buffer: ArrayBuffer) => AnyArray)(new Uint8Array(bytes).buffer);
		const wide = width(key);
		for (let i = 0; i < slots.length; i++) {
			const at = (slots[i] as number) * wide;
			// A site that left the registry may have had a slot beyond those of today.
			if (at >= target.length) continue;
			for (let k = 0; k < wide; k++) target[at + k] = rows[i * wide + k] as number;
		}
	}
}

function recordsOf<R>(state: LiveState, shard: number, records: ReadonlyMap<number, ReadonlyMap<string, R>>): R[] {
	const found: R[] = [];
	for (const [slot, bySlot] of records) if (state.shardBySlot[slot] === shard) found.push(...bySlot.values());
	return found;
}
