/**
 * Site code → slot. A `Map` gives the same answer; this one can also be asked for many codes in steps, each step
 * reading one place per code, so that a processor fetches the places of a whole batch at once instead of waiting for each
 * in turn. With 200,000 sites that halves the cost of a look-up (docs/adr/0005).
 */

/** Table at most half full: a probe seldom takes a second step. */
const SPACE = 2;

export class SlotIndex {
	readonly size: number;
	/** hash, slot, hash, slot, …; slot −1 = empty */
	readonly #table: Int32Array;
	readonly #mask: number;
	readonly #codes: readonly string[];

	/** `codes` by slot; undefined where no site has the slot. */
	constructor(codes: readonly (string | undefined)[]) {
		const places = 2 ** Math.ceil(Math.log2(Math.max(codes.length * SPACE, 2)));
		this.#table = new Int32Array(places * 2).fill(-1);
		this.#mask = places - 1;
		this.#codes = codes.map((code) => code ?? '');
		let size = 0;
		codes.forEach((code, slot) => {
			if (code === undefined) return;
			const hash = hashCode(code);
			let place = hash & this.#mask;
			while (this.#table[place * 2 + 1] !== -1) place = (place + 1) & this.#mask;
			this.#table[place * 2] = hash;
			this.#table[place * 2 + 1] = slot;
			size++;
		});
		this.size = size;
	}

	get(code: string): number | undefined {
		const slot = this.#find(code, hashCode(code));
		return slot < 0 ? undefined : slot;
	}

	/**
	 * Slots of `count` codes into `slots`, −1 where there is none. `hashes` is room to work in. Returns a number that
	 * means nothing: it is the sum of what was read ahead, and keeps the reading from being thought useless.
	 */
	findAll(codeAt: (index: number) => string, count: number, slots: Int32Array, hashes: Int32Array): number {
		const table = this.#table;
		let sum = 0;
		for (let i = 0; i < count; i++) hashes[i] = hashCode(codeAt(i));
		for (let i = 0; i < count; i++) slots[i] = table[((hashes[i] as number) & this.#mask) * 2 + 1] as number;
		for (let i = 0; i < count; i++) {
			const slot = slots[i] as number;
			if (slot >= 0) sum += (this.#codes[slot] as string).length;
		}
		for (let i = 0; i < count; i++) slots[i] = this.#find(codeAt(i), hashes[i] as number);
		return sum;
	}

	#find(code: string, hash: number): number {
		const table = this.#table;
		let place = hash & this.#mask;
		for (;;) {
			const slot = table[place * 2 + 1] as number;
			if (slot === -1 || (table[place * 2] === hash && this.#codes[slot] === code)) return slot;
			place = (place + 1) & this.#mask;
		}
	}
}

/** FNV-1a, 32 bits, and a last mixing since the low bits choose the place. */
function hashCode(code: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < code.length; i++) hash = Math.imul(hash ^ code.charCodeAt(i), 0x01000193);
	hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
	return hash ^ (hash >>> 13);
}
