/**
 * Which events were already taken. Two ways, both exact within what they promise (SPEC [EV6], [EV7]):
 *
 * - `SeenIds`: 64-bit hashes of source + id in two generations of 25 h each, so an id is remembered for 25 to 50 h in
 *   8 bytes at most 60 % full. A false "seen" needs a 64-bit collision: 10 million ids give 3 in a million.
 * - `SequenceSet`: where a source numbers its events, the numbers taken, as a few intervals.
 */

/** An event may be dated 5 min ahead and come again 24 h after its date: remembered a little longer than that. */
export const GENERATION_MS = 25 * 3_600_000;
const SEGMENTS = 256;
const FIRST_SIZE = 16;
const FULL = 0.6;

/** One generation: open addressing in 256 segments, so that growing one moves 1/256 of the hashes. */
class HashSet64 {
	readonly #segments: Uint32Array[] = Array.from({ length: SEGMENTS }, () => new Uint32Array(FIRST_SIZE * 2));
	readonly #counts = new Uint32Array(SEGMENTS);
	size = 0;

	has(high: number, low: number): boolean {
		const table = this.#segments[high >>> 24] as Uint32Array;
		const at = this.#find(table, high, low);
		return table[at] !== 0 || table[at + 1] !== 0;
	}

	/** Reads the place where a hash belongs, so that it is near when it is asked for. The number means nothing. */
	touch(high: number, low: number): number {
		const table = this.#segments[high >>> 24] as Uint32Array;
		return table[(low << 1) & (table.length - 2)] as number;
	}

	/** False when it was there already. */
	add(high: number, low: number): boolean {
		const segment = high >>> 24;
		let table = this.#segments[segment] as Uint32Array;
		let at = this.#find(table, high, low);
		if (table[at] !== 0 || table[at + 1] !== 0) return false;
		const filled = (this.#counts[segment] as number) + 1;
		if (filled > (table.length / 2) * FULL) {
			table = this.#grow(segment, table);
			at = this.#find(table, high, low);
		}
		table[at] = high;
		table[at + 1] = low;
		this.#counts[segment] = filled;
		this.size++;
		return true;
	}

	/** Index of the hash, or of the empty place where it belongs. */
	#find(table: Uint32Array, high: number, low: number): number {
		const mask = table.length - 2;
		let at = (low << 1) & mask;
		while ((table[at] !== high || table[at + 1] !== low) && (table[at] !== 0 || table[at + 1] !== 0))
			at = (at + 2) & mask;
		return at;
	}

	#grow(segment: number, old: Uint32Array): Uint32Array {
		const table = new Uint32Array(old.length * 2);
		this.#segments[segment] = table;
		for (let i = 0; i < old.length; i += 2) {
			const high = old[i] as number;
			const low = old[i + 1] as number;
			if (high === 0 && low === 0) continue;
			const at = this.#find(table, high, low);
			table[at] = high;
			table[at + 1] = low;
		}
		return table;
	}
}

/** A 64-bit hash as two halves. */
export interface Hash64 {
	high: number;
	low: number;
}

/**
 * Continues `seed` over `text`, into `into`. Two multiplicative lanes with the 32-bit finaliser of MurmurHash3
 * (constants: A. Appleby, public domain), crossed at the end so that each half depends on both lanes.
 */
export function hash64(seed: Readonly<Hash64>, text: string, into: Hash64): void {
	let a = seed.high ^ 0x9e3779b9;
	let b = seed.low ^ 0x7f4a7c15;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		a = Math.imul(a ^ unit, 0x85ebca6b);
		b = Math.imul(b ^ unit, 0xc2b2ae35);
		a = (a << 13) | (a >>> 19);
		b = (b << 17) | (b >>> 15);
	}
	a = mix32(a ^ text.length);
	b = mix32(b ^ a);
	a = mix32(a ^ b);
	into.high = a >>> 0;
	// The pair 0,0 marks an empty place, so it is never a hash.
	into.low = a === 0 && b === 0 ? 1 : b >>> 0;
}

function mix32(value: number): number {
	let h = value;
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return h ^ (h >>> 16);
}

/** Ids taken in the last 25 to 50 h, with a journal of those not yet committed. */
export class SeenIds {
	#current = new HashSet64();
	#previous = new HashSet64();
	#generationStart = 0;
	#journal = new Uint32Array(1024);
	#journalLength = 0;
	readonly #limit: number;

	/** `limit`: the most ids that one generation may hold (about 8 to 27 bytes each). */
	constructor(limit: number) {
		this.#limit = limit;
	}

	get size(): number {
		return this.#current.size + this.#previous.size;
	}

	get isFull(): boolean {
		return this.#current.size >= this.#limit;
	}

	has(hash: Readonly<Hash64>): boolean {
		return this.#current.has(hash.high, hash.low) || this.#previous.has(hash.high, hash.low);
	}

	/** Fetches what `add` will read; see look-ahead.ts. */
	touch(high: number, low: number): number {
		return this.#current.touch(high, low) + (this.#previous.size > 0 ? this.#previous.touch(high, low) : 0);
	}

	/** Takes a hash; false when it was taken before. */
	add(hash: Readonly<Hash64>): boolean {
		if (this.#previous.size > 0 && this.#previous.has(hash.high, hash.low)) return false;
		if (!this.#current.add(hash.high, hash.low)) return false;
		if (this.#journalLength + 2 > this.#journal.length) {
			const larger = new Uint32Array(this.#journal.length * 2);
			larger.set(this.#journal);
			this.#journal = larger;
		}
		this.#journal[this.#journalLength++] = hash.high;
		this.#journal[this.#journalLength++] = hash.low;
		return true;
	}

	/** Tells the time at which events are being received; after 25 h the older generation is let go. */
	turn(nowMs: number): void {
		if (this.#generationStart === 0) this.#generationStart = nowMs;
		if (nowMs - this.#generationStart < GENERATION_MS) return;
		this.#previous = this.#current;
		this.#current = new HashSet64();
		this.#generationStart = nowMs;
	}

	/** The hashes taken since the last call, for the commit. */
	takeJournal(): Uint32Array<ArrayBuffer> {
		const taken = this.#journal.slice(0, this.#journalLength);
		this.#journalLength = 0;
		return taken;
	}

	/** Puts committed hashes back after a restart; `receivedMs` is when the oldest of them came. */
	restore(hashes: Uint32Array, receivedMs: number): void {
		if (this.#generationStart === 0 || receivedMs < this.#generationStart) this.#generationStart = receivedMs;
		for (let i = 0; i + 1 < hashes.length; i += 2) this.#current.add(hashes[i] as number, hashes[i + 1] as number);
	}
}

/** How many holes between taken numbers are remembered before the oldest is given up. */
export const MAX_GAPS = 4096;

export type SequenceVerdict = 'new' | 'seen' | 'too_old';

/** Numbers taken from one source, as closed intervals in growing order. In order, this is one interval. */
export class SequenceSet {
	/** from, to, from, to, … */
	#bounds: number[] = [];
	/** Below this nothing is known any more */
	#floor = 0;

	add(value: number): SequenceVerdict {
		const bounds = this.#bounds;
		const last = bounds.length - 1;
		if (last < 0) {
			bounds.push(value, value);
			return 'new';
		}
		const end = bounds[last] as number;
		if (value === end + 1) {
			bounds[last] = value;
			return 'new';
		}
		if (value > end) {
			bounds.push(value, value);
			this.#giveUpOldGaps();
			return 'new';
		}
		return value < this.#floor ? 'too_old' : this.#insert(value);
	}

	/** State for a snapshot: floor, then the bounds. */
	toArray(): number[] {
		return [this.#floor, ...this.#bounds];
	}

	static fromArray([floor = 0, ...bounds]: readonly number[]): SequenceSet {
		const set = new SequenceSet();
		set.#floor = floor;
		set.#bounds = bounds;
		return set;
	}

	#insert(value: number): SequenceVerdict {
		const bounds = this.#bounds;
		let low = 0;
		let high = bounds.length / 2;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((bounds[middle * 2 + 1] as number) < value) low = middle + 1;
			else high = middle;
		}
		// `low` is the first interval that ends at or after the value.
		const from = bounds[low * 2] as number;
		if (from <= value) return 'seen';
		const joinsNext = from === value + 1;
		const joinsPrevious = low > 0 && bounds[low * 2 - 1] === value - 1;
		if (joinsNext && joinsPrevious) bounds.splice(low * 2 - 1, 2);
		else if (joinsNext) bounds[low * 2] = value;
		else if (joinsPrevious) bounds[low * 2 - 1] = value;
		else {
			bounds.splice(low * 2, 0, value, value);
			this.#giveUpOldGaps();
		}
		return 'new';
	}

	#giveUpOldGaps(): void {
		while (this.#bounds.length / 2 > MAX_GAPS + 1) {
			this.#bounds.splice(0, 2);
			this.#floor = this.#bounds[0] as number;
		}
	}
}
