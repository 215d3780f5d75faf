/**
 * Passwords as they are kept: scrypt, with its parameters beside it, so that they can grow. Parameters: OWASP Password
 * Storage Cheat Sheet (N=2^15, r=8, p=3: 32 MiB and some 100 ms a hash). At most two at a time: a flood of sign-ins waits
 * in a line, and takes neither the memory nor all threads of the process.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface ScryptCost {
	/** a power of two */
	readonly n: number;
	readonly r: number;
	readonly p: number;
}

export const COST: ScryptCost = { n: 2 ** 15, r: 8, p: 3 };
const AT_ONCE = 2;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

export class Passwords {
	readonly #cost: ScryptCost;
	/** Compared with when there is nothing to compare with, so that it costs the same. */
	readonly #nobody: string;
	readonly #waiting: (() => void)[] = [];
	#running = 0;
	#computed = 0;

	constructor(cost: ScryptCost = COST) {
		this.#cost = cost;
		this.#nobody = written(cost, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
	}

	/** hashes computed so far */
	get computed(): number {
		return this.#computed;
	}

	/** `scrypt$N$r$p$salt$hash`, both in base64url */
	async hash(password: string): Promise<string> {
		const salt = randomBytes(SALT_BYTES);
		return written(this.#cost, salt, await this.#key(password, salt, this.#cost));
	}

	/** Computes one hash whatever is stored: null (no such person, no password) is never right and costs as much. */
	async isRight(password: string, stored: string | null): Promise<boolean> {
		const { cost, salt, key } = read(stored ?? this.#nobody);
		const isSame = timingSafeEqual(await this.#key(password, salt, cost), key);
		return isSame && stored !== null;
	}

	/** Kept with other parameters than those of today. */
	isOutdated(stored: string): boolean {
		const { cost } = read(stored);
		return cost.n !== this.#cost.n || cost.r !== this.#cost.r || cost.p !== this.#cost.p;
	}

	async #key(password: string, salt: Buffer, { n, r, p }: ScryptCost): Promise<Buffer> {
		if (this.#running >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
		else this.#running++;
		this.#computed++;
		try {
			return await new Promise<Buffer>((resolve, reject) => {
				// scrypt needs 128 · N · r bytes, and some more.
				const options = { N: n, r, p, maxmem: 128 * n * r + 1024 * 1024 };
				const done = (error: Error | null, key: Buffer): void => (error ? reject(error) : resolve(key));
				// The same letters typed on two systems are the same password.
				scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, done);
			});
		} finally {
			// The place goes to who waits longest, or becomes free.
			const next = this.#waiting.shift();
			if (next) next();
			else this.#running--;
		}
	}
}

const written = ({ n, r, p }: ScryptCost, salt: Buffer, key: Buffer): string =>
	['scrypt', n, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');

function read(stored: string): { cost: ScryptCost; salt: Buffer; key: Buffer } {
	const [kind, n, r, p, salt, key] = stored.split('$');
	if (kind !== 'scrypt' || salt === undefined || key === undefined)
		throw new Error('A stored password is not readable.');
	const cost = { n: Number(n), r: Number(r), p: Number(p) };
	return { cost, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
}
