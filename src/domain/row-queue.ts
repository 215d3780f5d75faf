/**
 * Rows of whole numbers that wait for a commit, in one flat array. The first number of each row is the slot it belongs to. A
 * commit takes the oldest; what it leaves waits on and is part of the image.
 */
export class RowQueue {
	readonly #width: number;
	#rows: Int32Array<ArrayBuffer>;
	#length = 0;

	/** `width`: numbers per row, the slot included */
	constructor(width: number) {
		this.#width = width;
		this.#rows = new Int32Array(width * 64);
	}

	/** rows */
	get size(): number {
		return this.#length / this.#width;
	}

	append(slot: number, rest: ArrayLike<number>): void {
		if (this.#length + this.#width > this.#rows.length) {
			const larger = new Int32Array(this.#rows.length * 2);
			larger.set(this.#rows);
			this.#rows = larger;
		}
		this.#rows[this.#length] = slot;
		this.#rows.set(rest, this.#length + 1);
		this.#length += this.#width;
	}

	/** Takes at most `limit` rows out, the oldest first. */
	take(limit: number): Int32Array<ArrayBuffer> {
		const end = Math.min(this.#length, limit * this.#width);
		const taken = this.#rows.slice(0, end);
		this.#rows.copyWithin(0, end, this.#length);
		this.#length -= end;
		return taken;
	}

	/** All rows without taking them, for an image. */
	copy(): Int32Array<ArrayBuffer> {
		return this.#rows.slice(0, this.#length);
	}

	/** `rows`: whole ones, each with its slot first. */
	appendAll(rows: Int32Array): void {
		for (let at = 0; at < rows.length; at += this.#width)
			this.append(rows[at] as number, rows.subarray(at + 1, at + this.#width));
	}
}
