/** The records that were looked for, newest first, page by page. Each asking is recorded, so nothing is asked by itself. */
import type { DoorProblem } from '#lib/panel/imports/problem-text.ts';
import { filterQuery, type AuditFilters } from '#lib/panel/audit/filters.ts';
import type { AuditList } from '#server/audit/routes.ts';
import { ask, withQuery } from '../../data/door.ts';

const PAGE = 50;

export class AuditSearch {
	#records = $state.raw<AuditList['records'] | null>(null);
	#next = $state.raw<number | null>(null);
	#total = $state.raw<number | null>(null);
	#readAt = $state.raw<number | null>(null);
	#isAsking = $state.raw(false);
	#problem = $state.raw<DoorProblem | null>(null);
	/** only the last question is answered */
	#turn = 0;

	/** null until the first answer */
	get records(): AuditList['records'] | null {
		return this.#records;
	}

	get hasMore(): boolean {
		return this.#next !== null;
	}

	/** of the whole chain, whatever was looked for; null = not known yet */
	get total(): number | null {
		return this.#total;
	}

	/** ms; null until the first answer */
	get readAt(): number | null {
		return this.#readAt;
	}

	get isAsking(): boolean {
		return this.#isAsking;
	}

	get problem(): DoorProblem | null {
		return this.#problem;
	}

	search(filters: AuditFilters): Promise<void> {
		return this.#ask(filters, null);
	}

	more(filters: AuditFilters): Promise<void> {
		return this.#ask(filters, this.#next);
	}

	async #ask(filters: AuditFilters, before: number | null): Promise<void> {
		const turn = ++this.#turn;
		this.#isAsking = true;
		const query = { ...filterQuery(filters), limit: String(PAGE), ...(before !== null && { before: String(before) }) };
		const answer = await ask<AuditList>(withQuery('/api/audit', query));
		if (turn !== this.#turn) return;
		this.#isAsking = false;
		if (!answer.ok) {
			this.#problem = answer.problem;
			return;
		}
		this.#problem = null;
		const { records, next, head } = answer.value;
		this.#records = before === null ? records : [...(this.#records ?? []), ...records];
		this.#next = next;
		this.#total = head.seq;
		this.#readAt = Date.now();
	}
}
