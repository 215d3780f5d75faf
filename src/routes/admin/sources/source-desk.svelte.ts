/** The sources as they were read last, and the deeds on them: each reads the list anew when it is done. */
import { ask, type DoorProblem } from '#lib/panel/account/door.ts';
import type { SourceList, SourceRow } from '#server/sources/routes.ts';
import type { SourceGrants } from '#server/store/source-store.ts';

/** A key that was just made: shown until the dialog is closed, kept nowhere. */
export interface NewKey {
	readonly name: string;
	readonly key: string;
	/** ms: older keys end then; null = they go on */
	readonly endsAt: number | null;
}

export class SourceDesk {
	#list = $state.raw<SourceList | null>(null);
	#problem = $state.raw<DoorProblem | null>(null);
	#made = $state.raw<NewKey | null>(null);
	/** ms by which the server's clock is ahead of this one */
	#ahead = 0;
	#clock = $state.raw(Date.now());

	get list(): SourceList | null {
		return this.#list;
	}

	/** Why the last reading failed; null = it did not. */
	get problem(): DoorProblem | null {
		return this.#problem;
	}

	get made(): NewKey | null {
		return this.#made;
	}

	/** ms of the server's time */
	get now(): number {
		return this.#clock + this.#ahead;
	}

	source(name: string): SourceRow | null {
		return this.#list?.sources.find((one) => one.name === name) ?? null;
	}

	forgetKey(): void {
		this.#made = null;
	}

	/** Reads now and every `everyMs`; the answer stops it. For an `$effect`. */
	follow(everyMs: number): () => void {
		void this.read();
		const timer = setInterval(() => void this.read(), everyMs);
		return () => clearInterval(timer);
	}

	async read(): Promise<void> {
		const answer = await ask<SourceList>('/api/sources');
		this.#clock = Date.now();
		this.#problem = answer.ok ? null : answer.problem;
		if (!answer.ok) return;
		this.#ahead = answer.value.now - this.#clock;
		this.#list = answer.value;
	}

	make(source: SourceGrants & { readonly name: string }): Promise<DoorProblem | null> {
		return this.#do('', source);
	}

	change(name: string, grants: SourceGrants): Promise<DoorProblem | null> {
		return this.#do('/change', { name, ...grants });
	}

	addKey(name: string): Promise<DoorProblem | null> {
		return this.#do('/key', { name });
	}

	rotate(name: string, hours: number): Promise<DoorProblem | null> {
		return this.#do('/rotate', { name, hours });
	}

	revoke(name: string, id: number | undefined): Promise<DoorProblem | null> {
		return this.#do('/revoke', { name, ...(id !== undefined && { id }) });
	}

	async #do(path: string, body: object): Promise<DoorProblem | null> {
		const answer = await ask<Partial<NewKey>>(`/api/sources${path}`, body);
		if (answer.ok) {
			const { name, key, endsAt = null } = answer.value;
			if (name !== undefined && key !== undefined) this.#made = { name, key, endsAt };
		}
		const isGone = !answer.ok && answer.problem.status === 404;
		if (answer.ok || isGone) await this.read();
		return answer.ok ? null : answer.problem;
	}
}
