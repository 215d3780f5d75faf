/**
 * The audit of a process. Records that come while others are being written wait and are written together, in one
 * transaction: a hundred at once cost little more than one [AU2].
 */
import { draftOf } from '#server/audit/draft.ts';
import type { AuditDraft } from '#server/audit/chain.ts';
import { Repetitions, type Refusal } from '#server/audit/repetitions.ts';
import { appendAudit, appendAuditIn } from '#server/store/audit-store.ts';
import type { Database, Executor } from '#server/store/query.ts';
import type { Audit, AuditEntry } from './audit.ts';

export interface AuditOptions {
	readonly db: Database;
	/** ms since 1970 */
	readonly now: () => number;
	/** what could not be written, of `refused` and at the end; `record` throws by itself */
	readonly onError: (error: Error) => void;
}

export type OpenAudit = Audit & {
	/** Writes what waits, the numbers of repeated refusals too. Nothing is taken after it. */
	close(): Promise<void>;
};

/** Records of one transaction: some hundred KB. */
const MAX_BATCH = 500;
/** Refusals beyond these are given up while the database does not answer; records have somebody who waits for them. */
const MAX_WAITING = 10_000;

interface Waiting {
	readonly draft: AuditDraft;
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

/**
 * On PGlite a transaction has the database for itself: who waits for `record` inside one waits for ever. Use `recordIn` there.
 */
export function openAudit(options: AuditOptions): OpenAudit {
	return new AuditLog(options);
}

class AuditLog implements OpenAudit {
	readonly #options: AuditOptions;
	readonly #repetitions = new Repetitions();
	#waiting: Waiting[] = [];
	/** the writing under way; null = none */
	#writing: Promise<void> | null = null;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	constructor(options: AuditOptions) {
		this.#options = options;
	}

	async record(entry: AuditEntry): Promise<void> {
		if (this.#isClosed) throw new Error(`The audit is closed; ${entry.action} was not recorded.`);
		return this.#add(draftOf(entry, this.#options.now()));
	}

	async recordIn(tx: Executor, entry: AuditEntry): Promise<void> {
		await appendAuditIn(tx, [draftOf(entry, this.#options.now())]);
	}

	refused(refusal: Refusal): void {
		const nowMs = this.#options.now();
		if (this.#isClosed) return this.#options.onError(new Error(`The audit is closed; ${refusal.action} was refused.`));
		try {
			const entry = this.#repetitions.take(refusal, nowMs);
			if (entry) this.#addRefusals([entry], nowMs);
			this.#setTimer(nowMs);
		} catch (error) {
			this.#options.onError(error as Error);
		}
	}

	async close(): Promise<void> {
		if (!this.#isClosed) {
			this.#isClosed = true;
			clearTimeout(this.#timer);
			this.#addRefusals(this.#repetitions.rest(), this.#options.now());
		}
		await this.#writing;
	}

	#addRefusals(refusals: readonly Refusal[], nowMs: number): void {
		for (const refusal of refusals) {
			if (this.#waiting.length >= MAX_WAITING) throw new Error('Refusals were not recorded: the database is behind.');
			this.#add(draftOf({ ...refusal, result: 'refused' }, nowMs)).catch(this.#options.onError);
		}
	}

	#setTimer(nowMs: number): void {
		const { nextAt } = this.#repetitions;
		if (this.#timer !== undefined || nextAt === null) return;
		this.#timer = setTimeout(
			() => {
				this.#timer = undefined;
				const at = this.#options.now();
				try {
					this.#addRefusals(this.#repetitions.due(at), at);
				} catch (error) {
					this.#options.onError(error as Error);
				}
				this.#setTimer(at);
			},
			Math.max(1, nextAt - nowMs)
		);
		// A process that has nothing else to do may end; what waits is written by `close`.
		this.#timer.unref();
	}

	#add(draft: AuditDraft): Promise<void> {
		const written = new Promise<void>((resolve, reject) => this.#waiting.push({ draft, resolve, reject }));
		this.#writing ??= this.#writeAll();
		return written;
	}

	async #writeAll(): Promise<void> {
		// Whoever comes in the same turn goes along.
		await Promise.resolve();
		while (this.#waiting.length > 0) {
			const batch = this.#waiting.splice(0, MAX_BATCH);
			try {
				await appendAudit(
					this.#options.db,
					batch.map(({ draft }) => draft)
				);
				for (const { resolve } of batch) resolve();
			} catch (error) {
				for (const { reject } of batch) reject(error as Error);
			}
		}
		this.#writing = null;
	}
}
