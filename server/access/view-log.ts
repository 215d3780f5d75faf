/**
 * Who looked at what only some may see. The record stands before anything is shown; looking again within a minute is the
 * same look, so that a page that asks often does not fill the audit.
 */
import type { Audit, AuditEntry } from './audit.ts';
import { actorOf, type Caller } from './caller.ts';

const SAME_LOOK_MS = 60_000;
/** Then all is forgotten: some looks are written twice. */
const MAX_REMEMBERED = 5000;

export interface ViewLogOptions {
	readonly audit: Audit;
	/** ms since 1970 */
	readonly now: () => number;
}

export class ViewLog {
	readonly #options: ViewLogOptions;
	/** when a look was written, ms, by who and what */
	readonly #writtenAt = new Map<string, number>();

	constructor(options: ViewLogOptions) {
		this.#options = options;
	}

	/** Resolves once the look is recorded; throws when it cannot be, and then nothing may be shown. */
	async viewed(caller: Caller, look: Pick<AuditEntry, 'action' | 'object' | 'scope' | 'detail'>): Promise<void> {
		const { audit, now } = this.#options;
		const actor = actorOf(caller);
		const key = JSON.stringify([actor.kind, actor.id, actor.address, look.action, look.object, look.scope]);
		const at = now();
		const before = this.#writtenAt.get(key);
		if (before !== undefined && at - before < SAME_LOOK_MS) return;
		if (this.#writtenAt.size >= MAX_REMEMBERED) this.#writtenAt.clear();
		await audit.record({ ...look, actor, result: 'ok' });
		this.#writtenAt.set(key, at);
	}
}
