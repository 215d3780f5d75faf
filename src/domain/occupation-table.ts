/**
 * The pieces of occupations that still grow: rows of site, hour, occupation and visits in the order in which they began, and an index
 * that finds them. A `Map` gives the same answers; here a visit allocates nothing and `look-ahead.ts` can fetch its row early. With
 * 200,000 sites the `Map` was some fifth of what folding costs.
 */
import { OCCUPATIONS } from './occupation.ts';

/** Slot, hour since 1970, index in OCCUPATIONS, visits. */
export const OCCUPATION_PIECE_WIDTH = 4;
const VISITS = OCCUPATION_PIECE_WIDTH - 1;
/** Places of the index, a power of 2. */
const FIRST_SIZE = 64;
/** Index at most half full: a search seldom takes a second step. */
const SPACE = 2;

export class OccupationTable {
	#rows = new Int32Array((FIRST_SIZE / SPACE) * OCCUPATION_PIECE_WIDTH);
	/** where the next row begins */
	#end = 0;
	/** place → where its row begins, −1 = empty */
	#index = new Int32Array(FIRST_SIZE).fill(-1);

	/** Visits of a piece so far, 0 where there is none. */
	get(slot: number, hour: number, occupation: number): number {
		const at = this.#index[this.#place(slot, hour, occupation)] as number;
		return at === -1 ? 0 : (this.#rows[at + VISITS] as number);
	}

	set(slot: number, hour: number, occupation: number, visits: number): void {
		let place = this.#place(slot, hour, occupation);
		if (this.#index[place] === -1) {
			if (this.#end === this.#rows.length) {
				this.#grow();
				place = this.#place(slot, hour, occupation);
			}
			this.#index[place] = this.#end;
			this.#rows[this.#end] = slot;
			this.#rows[this.#end + 1] = hour;
			this.#rows[this.#end + 2] = occupation;
			this.#end += OCCUPATION_PIECE_WIDTH;
		}
		this.#rows[(this.#index[place] as number) + VISITS] = visits;
	}

	/** All rows, of OCCUPATION_PIECE_WIDTH. */
	copy(): Int32Array<ArrayBuffer> {
		return this.#rows.slice(0, this.#end);
	}

	/** Where the index has the piece, or the empty place where it belongs. */
	#place(slot: number, hour: number, occupation: number): number {
		const rows = this.#rows;
		const index = this.#index;
		const mask = index.length - 1;
		for (let place = hash(slot, hour, occupation) & mask; ; place = (place + 1) & mask) {
			const at = index[place] as number;
			if (at === -1 || (rows[at] === slot && rows[at + 1] === hour && rows[at + 2] === occupation)) return place;
		}
	}

	#grow(): void {
		const rows = new Int32Array(this.#rows.length * 2);
		rows.set(this.#rows);
		this.#rows = rows;
		this.#index = new Int32Array(this.#index.length * 2).fill(-1);
		for (let at = 0; at < this.#end; at += OCCUPATION_PIECE_WIDTH)
			this.#index[this.#place(rows[at] as number, rows[at + 1] as number, rows[at + 2] as number)] = at;
	}
}

/** Multiplicative hashing (constants: MurmurHash3, A. Appleby, public domain); the last mixing since the low bits choose the place. */
function hash(slot: number, hour: number, occupation: number): number {
	const product = Math.imul(slot * OCCUPATIONS.length + occupation, 0x85ebca6b) ^ Math.imul(hour, 0xc2b2ae35);
	return product ^ (product >>> 15);
}
