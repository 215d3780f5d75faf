/** The refused events that were searched for, newest first, page by page. */
import type { DoorProblem } from '#lib/panel/imports/problem-text.ts';
import type { RefusedList } from '#server/refused/routes.ts';
import { ask, withQuery } from './door.ts';

const PAGE = 50;

export type RefusedEntry = RefusedList['entries'][number];

export class RefusedSearch {
	text = $state('');
	/** null = every reason */
	reason = $state.raw<string | null>(null);
	#entries = $state.raw<readonly RefusedEntry[] | null>(null);
	#total = $state.raw<number | null>(null);
	#next = $state.raw<string | null>(null);
	#isAsking = $state.raw(false);
	#problem = $state.raw<DoorProblem | null>(null);
	/** pages beyond the first are shown: news does not throw them away */
	#isDeep = false;
	#turn = 0;

	/** null until the first answer */
	get entries(): readonly RefusedEntry[] | null {
		return this.#entries;
	}

	/** kept, whatever was searched for */
	get total(): number | null {
		return this.#total;
	}

	get hasMore(): boolean {
		return this.#next !== null;
	}

	get isAsking(): boolean {
		return this.#isAsking;
	}

	get problem(): DoorProblem | null {
		return this.#problem;
	}

	/** Searches anew from the newest. */
	async search(): Promise<void> {
		this.#isDeep = false;
		await this.#ask(null);
	}

	/** Something was refused: shown, unless somebody is reading further back. */
	async refresh(): Promise<void> {
		if (!this.#isDeep) await this.#ask(null);
	}

	async more(): Promise<void> {
		this.#isDeep = true;
		await this.#ask(this.#next);
	}

	/** An entry was sent again. */
	mark(id: string, resent: RefusedEntry['resent']): void {
		this.#entries = this.#entries?.map((one) => (one.id === id ? { ...one, resent } : one)) ?? null;
	}

	async #ask(before: string | null): Promise<void> {
		const turn = ++this.#turn;
		this.#isAsking = true;
		const text = this.text.trim().slice(0, 200);
		const query = {
			limit: String(PAGE),
			...(text !== '' && { q: text }),
			...(this.reason !== null && { reason: this.reason }),
			...(before !== null && { before })
		};
		const answer = await ask<RefusedList>(withQuery('/api/refused', query));
		// An answer to what nobody asks any more.
		if (turn !== this.#turn) return;
		this.#isAsking = false;
		this.#problem = answer.ok ? null : answer.problem;
		if (!answer.ok) return;
		const { entries, total, next } = answer.value;
		this.#entries = before === null ? entries : [...(this.#entries ?? []), ...entries];
		this.#total = total;
		this.#next = next;
	}
}
