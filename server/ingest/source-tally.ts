/** What each source account sent since this process began: counted as it passes, for the page of the sources. */
import type { RefusalCode } from '#domain/refusal.ts';

/** Names of fields that are remembered for an account: a mistake repeats a few, an attack invents many. */
const MAX_FIELDS = 40;

interface TypeTally {
	count: number;
	/** ms, of the server's clock */
	lastAt: number;
}

interface SourceTally {
	accepted: number;
	refused: number;
	/** ms of the last accepted event; null = none yet */
	lastAt: number | null;
	readonly types: Map<string, TypeTally>;
	readonly reasons: Map<RefusalCode, number>;
	/** fields that name a person and were dropped, by name: how many events carried them */
	readonly identity: Map<string, number>;
}

export class SourceTallies {
	readonly #byAccount = new Map<string, SourceTally>();

	/** Of an account that was never heard: nothing yet. */
	of(account: string): SourceTally | null {
		return this.#byAccount.get(account) ?? null;
	}

	/** By account, for the metrics. */
	entries(): IterableIterator<[string, SourceTally]> {
		return this.#byAccount.entries();
	}

	took(account: string, type: string, at: number): void {
		const tally = this.#make(account);
		tally.accepted++;
		tally.lastAt = at;
		const known = tally.types.get(type);
		if (!known) tally.types.set(type, { count: 1, lastAt: at });
		else {
			known.count++;
			known.lastAt = at;
		}
	}

	refused(account: string, code: RefusalCode): void {
		const tally = this.#make(account);
		tally.refused++;
		tally.reasons.set(code, (tally.reasons.get(code) ?? 0) + 1);
	}

	dropped(account: string, fields: readonly string[]): void {
		const { identity } = this.#make(account);
		for (const field of fields) {
			const count = identity.get(field);
			if (count !== undefined || identity.size < MAX_FIELDS) identity.set(field, (count ?? 0) + 1);
		}
	}

	#make(account: string): SourceTally {
		let tally = this.#byAccount.get(account);
		if (!tally) {
			tally = {
				...{ accepted: 0, refused: 0, lastAt: null },
				...{ types: new Map(), reasons: new Map(), identity: new Map() }
			};
			this.#byAccount.set(account, tally);
		}
		return tally;
	}
}
