/**
 * Buckets: what happened at a site in each 5 minutes of event time [BU1]. The bucket that a site is filling lies in one
 * row of a flat array (eight numbers, one cache line); a finished one moves to a queue until a commit takes it; an
 * event that comes after its bucket was closed makes a further piece of the same bucket. Pieces of one bucket add
 * up in the database, so it does not matter in how many pieces it arrives.
 */

import { RowQueue } from './row-queue.ts';

export const BUCKET_MS = 300_000;

/** Offsets within a row. */
export const BUCKET = {
	/** number of the 5 minutes since 1970; 0 = nothing open */
	index: 0,
	events: 1,
	visits: 2,
	peopleIn: 3,
	peopleOut: 4,
	/** −1 = no head count */
	insideMax: 5,
	/** 0.01 °C */
	temperatureSum: 6,
	temperatureCount: 7
} as const;

export const BUCKET_WIDTH = 8;

/** A piece that waits for a commit: the row, and the slot it belongs to. */
export const PIECE_WIDTH = BUCKET_WIDTH + 1;

/**
 * Events after which a piece is closed and another begun: with at most 10,000 of anything per event, its 32-bit sums hold.
 * Pieces add up, so nobody sees the seam.
 */
export const PIECE_LIMIT = 100_000;

/** Site and time in one number: exact while slot < 2^29 and index < 2^24 (year 2129). */
const lateKey = (slot: number, index: number): number => slot * 16_777_216 + index;

/** The 5 minutes of a moment. */
export const bucketIndex = (ms: number): number => Math.floor(ms / BUCKET_MS);

/** Finished and late pieces of one shard. */
export class ClosedPieces {
	readonly #queue = new RowQueue(PIECE_WIDTH);
	readonly #late = new Map<number, Int32Array>();

	get size(): number {
		return this.#queue.size + this.#late.size;
	}

	/** Moves the row that starts at `at` into the queue and leaves its place empty. */
	close(rows: Int32Array, slot: number): void {
		const at = slot * BUCKET_WIDTH;
		if (rows[at] === 0) return;
		this.#queue.append(slot, rows.subarray(at, at + BUCKET_WIDTH));
		clearRow(rows, at);
	}

	/** The late piece of a site and time, made when there is none. */
	late(slot: number, index: number): Int32Array {
		const key = lateKey(slot, index);
		let row = this.#late.get(key);
		if (row && (row[BUCKET.events] as number) >= PIECE_LIMIT) {
			this.#queue.append(slot, row);
			row = undefined;
		}
		if (!row) {
			row = new Int32Array(BUCKET_WIDTH);
			openRow(row, 0, index);
			this.#late.set(key, row);
		}
		return row;
	}

	/** Takes at most `limit` pieces out, as rows of slot and bucket. */
	take(limit: number): Int32Array {
		for (const [key, row] of this.#late) {
			if (this.#queue.size >= limit) break;
			this.#queue.append(Math.floor(key / 16_777_216), row);
			this.#late.delete(key);
		}
		return this.#queue.take(limit);
	}

	/** All pieces without taking them, for a snapshot. */
	copy(): Int32Array<ArrayBuffer> {
		const all = new Int32Array(this.size * PIECE_WIDTH);
		all.set(this.#queue.copy());
		let at = this.#queue.size * PIECE_WIDTH;
		for (const [key, row] of this.#late) {
			all[at] = Math.floor(key / 16_777_216);
			all.set(row, at + 1);
			at += PIECE_WIDTH;
		}
		return all;
	}

	/** Puts pieces of a snapshot back. */
	restore(pieces: Int32Array): void {
		this.#queue.appendAll(pieces);
	}
}

/** Begins bucket `index` in the row at `at`. */
export function openRow(rows: Int32Array, at: number, index: number): void {
	rows[at] = index;
	rows[at + BUCKET.insideMax] = -1;
}

function clearRow(rows: Int32Array, at: number): void {
	rows.fill(0, at, at + BUCKET_WIDTH);
}
