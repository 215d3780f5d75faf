/**
 * What the rest of the server needs of the audit: say what happened. `record` resolves once it is committed, so who must
 * not act unseen waits for it. `refused` is for refusals, which a loop may cause by the thousand: the first of a kind is
 * written at once, its repetitions of a minute are written as one record with their number [AU].
 */
import type { Executor } from '#server/store/query.ts';
import type { Actor } from './caller.ts';

export interface AuditEntry {
	readonly actor: Actor;
	/** dotted, past tense: `session.started`, `grant.approved`, `export.made`, `contact.viewed`, `join.refused` */
	readonly action: string;
	/** what it was done to: `person:li.na`, `screen:3`, `topic:district:320214`, `GET /api/registry/export`; null = nothing in particular */
	readonly object?: string | null;
	/** where, in the words of scopes; null = nowhere in particular */
	readonly scope?: string | null;
	readonly result: 'ok' | 'refused' | 'failed';
	/** plain JSON, small; never a secret, never a payload */
	readonly detail?: { readonly [name: string]: unknown };
}

export interface Audit {
	/** Resolves once the record is committed; throws when it could not be. */
	record(entry: AuditEntry): Promise<void>;
	/**
	 * The same in a transaction that the caller has begun: the record is kept exactly when what it tells of is. It comes last,
	 * since the end of the chain stays locked until the transaction ends.
	 */
	recordIn(tx: Executor, entry: AuditEntry): Promise<void>;
	/** Never throws, never waits: what cannot be written goes to the log. */
	refused(entry: Omit<AuditEntry, 'result'>): void;
}
