/** Rows of a preview, page by page, as the tabs ask for them. */
import type { DoorProblem } from '#lib/panel/imports/problem-text.ts';
import type { Page, PageKind } from '#server/imports/protocol.ts';
import { ask, withQuery } from '../door.ts';

/** As many as the server gives at once */
const PAGE = 500;

export interface Rows {
	readonly items: Page['items'];
	readonly total: number;
	readonly next: number | null;
}

export class PreviewRows {
	readonly #id: string;
	#pages = $state.raw<Readonly<Partial<Record<PageKind, Rows>>>>({});
	#asking = $state.raw<PageKind | null>(null);
	problem = $state.raw<DoorProblem | null>(null);

	/** `id` of the session; rows are of its preview at the time of making this. */
	constructor(id: string) {
		this.#id = id;
	}

	/** null until they were asked for and came */
	of(kind: PageKind): Rows | null {
		return this.#pages[kind] ?? null;
	}

	get isAsking(): boolean {
		return this.#asking !== null;
	}

	/** The first page, unless it is here. */
	async first(kind: PageKind): Promise<void> {
		if (this.#pages[kind] === undefined) await this.more(kind);
	}

	/** The next page. */
	async more(kind: PageKind): Promise<void> {
		if (this.#asking === kind) return;
		const known = this.#pages[kind];
		this.#asking = kind;
		const query = { id: this.#id, kind, after: String(known?.next ?? 0), limit: String(PAGE) };
		const answer = await ask<Page>(withQuery('/api/imports/rows', query));
		if (this.#asking === kind) this.#asking = null;
		this.problem = answer.ok ? null : answer.problem;
		if (!answer.ok) return;
		const { items, total, next } = answer.value;
		this.#pages = { ...this.#pages, [kind]: { items: [...(known?.items ?? []), ...items], total, next } };
	}
}
