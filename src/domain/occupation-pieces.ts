/**
 * History of visits by occupation on its way to the database [OC2]: site, hour, occupation → visits. Kept sparsely, since a site meets few
 * of the sixteen in an hour. Pieces of the same hour add up, as those of buckets do [BU3].
 */
import { OCCUPATIONS, type Occupation } from './occupation.ts';
import { OCCUPATION_PIECE_WIDTH, OccupationTable } from './occupation-table.ts';
import { RowQueue } from './row-queue.ts';

export { OCCUPATION_PIECE_WIDTH } from './occupation-table.ts';

/** Numbers per site: one for each of OCCUPATIONS, in their order. */
export const OCCUPATION_WIDTH = OCCUPATIONS.length;

const INDEX: Readonly<Record<Occupation, number>> = Object.fromEntries(
	OCCUPATIONS.map((occupation, index) => [occupation, index])
) as Record<Occupation, number>;

/** A visit that does not say counts as `unknown`. */
export const occupationIndex = (occupation: Occupation | undefined): number => INDEX[occupation ?? 'unknown'];

export const UNKNOWN_OCCUPATION = occupationIndex(undefined);

const HOUR_MS = 3_600_000;
/** A piece is closed before its visits could leave 32 bits: an event adds 500 at most. */
const VISITS_LIMIT = 1_000_000_000;

/** Pieces of one shard: those that grow, and those that wait for a commit. */
export class OccupationPieces {
	#open = new OccupationTable();
	readonly #closed = new RowQueue(OCCUPATION_PIECE_WIDTH);

	/** those that wait for a commit */
	get size(): number {
		return this.#closed.size;
	}

	/** `at`: event time, ms */
	add(slot: number, occupation: number, at: number, visits: number): void {
		const hour = Math.floor(at / HOUR_MS);
		const sum = this.#open.get(slot, hour, occupation) + visits;
		if (sum < VISITS_LIMIT) {
			this.#open.set(slot, hour, occupation, sum);
			return;
		}
		// What was counted so far is finished; this visit begins another piece.
		this.#closed.append(slot, [hour, occupation, sum - visits]);
		this.#open.set(slot, hour, occupation, visits);
	}

	/** Fetches what `add` will read; see look-ahead.ts. The number means nothing. */
	touch(slot: number, occupation: number, at: number): number {
		return this.#open.get(slot, Math.floor(at / HOUR_MS), occupation);
	}

	/** Lets a commit have all there is so far: with every 5 minutes that close, and before a stop. */
	close(): void {
		this.#closed.appendAll(this.#open.copy());
		this.#open = new OccupationTable();
	}

	take(limit: number): Int32Array<ArrayBuffer> {
		return this.#closed.take(limit);
	}

	/** All pieces without taking them, for an image: first those that still grow, then those that wait. */
	copy(): { open: Int32Array<ArrayBuffer>; closed: Int32Array<ArrayBuffer> } {
		return { open: this.#open.copy(), closed: this.#closed.copy() };
	}

	restore(open: Int32Array, closed: Int32Array): void {
		for (let at = 0; at < open.length; at += OCCUPATION_PIECE_WIDTH) {
			const [slot, hour, occupation, visits] = open.subarray(at, at + OCCUPATION_PIECE_WIDTH) as unknown as Piece;
			this.add(slot, occupation, hour * HOUR_MS, visits);
		}
		this.#closed.appendAll(closed);
	}
}

type Piece = readonly [slot: number, hour: number, occupation: number, visits: number];
