/**
 * Chance that can be repeated. Everything drawn for the demo comes from a key such as (seed, site, day), never from
 * a running generator, so a day can be entered at any minute and still be the same day.
 */
export interface Random {
	/** 0 ≤ x < 1 */
	next(): number;
	/** Integer from ≤ x ≤ to */
	integer(from: number, to: number): number;
	/** from ≤ x < to */
	between(from: number, to: number): number;
	chance(probability: number): boolean;
	/** Normal distribution, mean 0, deviation 1 */
	gaussian(): number;
	pick<T>(items: readonly T[]): T;
	/** Index of one of the weights, each as likely as it is heavy */
	weighted(weights: readonly number[]): number;
	/** Number of happenings where `mean` are expected */
	poisson(mean: number): number;
	/** A new array in another order */
	shuffled<T>(items: readonly T[]): T[];
}

export type KeyPart = string | number;

/** 32 bits that depend on every part of the key and on their order. */
export function hashOf(...parts: readonly KeyPart[]): number {
	let hash = 0x811c9dc5;
	for (const part of parts) {
		const text = String(part);
		for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
		hash = Math.imul(hash ^ 0x1f, 0x01000193);
	}
	return scramble(hash);
}

/** 0 ≤ x < 1 for one place of an endless table: the value at `index` under `hash`. Allocates nothing. */
export function unitAt(hash: number, index: number): number {
	return scramble(hash ^ Math.imul(index + 1, 0x9e3779b9)) / 4_294_967_296;
}

/** -1 … 1, gliding from one whole `position` to the next, so that neighbouring values are near each other. */
export function glide(hash: number, position: number): number {
	const step = Math.floor(position);
	const part = position - step;
	const smooth = part * part * (3 - 2 * part);
	return (unitAt(hash, step) * (1 - smooth) + unitAt(hash, step + 1) * smooth) * 2 - 1;
}

/** A generator of its own for this key. */
export function seededRandom(...key: readonly KeyPart[]): Random {
	const next = sfc32(hashOf(...key, 'a'), hashOf(...key, 'b'), hashOf(...key, 'c'));
	const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
	return {
		next,
		integer,
		between: (from, to) => from + next() * (to - from),
		chance: (probability) => next() < probability,
		// Box–Muller; 1 - next() is never 0
		gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
		pick: <T>(items: readonly T[]) => items[integer(0, items.length - 1)] as T,
		weighted: (weights) => weightedIndex(next(), weights),
		poisson: (mean) => poisson(next, mean),
		shuffled: <T>(items: readonly T[]) => shuffled(integer, items)
	};
}

/** Chris Doty-Humphrey's "small fast chaotic" generator with 32-bit words and a counter (public domain algorithm). */
function sfc32(seedA: number, seedB: number, seedC: number): () => number {
	let a = seedA;
	let b = seedB;
	let c = seedC;
	let counter = 1;
	const step = () => {
		const sum = (a + b + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (((c << 21) | (c >>> 11)) + sum) | 0;
		return (sum >>> 0) / 4_294_967_296;
	};
	// The first values still show the seed.
	for (let i = 0; i < 12; i++) step();
	return step;
}

/** Finaliser of MurmurHash3 (constants: A. Appleby, public domain). */
function scramble(value: number): number {
	let hash = value;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

function weightedIndex(unit: number, weights: readonly number[]): number {
	let left = unit * weights.reduce((sum, weight) => sum + weight, 0);
	for (const [index, weight] of weights.entries()) {
		left -= weight;
		if (left < 0) return index;
	}
	return weights.length - 1;
}

/** Knuth's product method: good for the small means used here (below 100). */
function poisson(next: () => number, mean: number): number {
	const limit = Math.exp(-mean);
	let product = next();
	let happenings = 0;
	while (product > limit) {
		happenings++;
		product *= next();
	}
	return happenings;
}

/** Fisher–Yates. */
function shuffled<T>(integer: (from: number, to: number) => number, items: readonly T[]): T[] {
	const result = [...items];
	for (let i = result.length - 1; i > 0; i--) {
		const j = integer(0, i);
		const held = result[i] as T;
		result[i] = result[j] as T;
		result[j] = held;
	}
	return result;
}
