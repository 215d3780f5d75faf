/**
 * The chain of the audit: each record holds the SHA-256 of a canonical text of its fields and of the hash before it [AU1].
 * The text is a JSON array, so that no field can pass for another and null is not the empty text. A change of it makes
 * every record of every installation look forged: it gets a new VERSION and stays readable beside the old one.
 */
import { createHash } from 'node:crypto';
import type { Actor } from '#server/access/caller.ts';
import type { AuditEntry } from '#server/access/audit.ts';

/** What is recorded, before it has its place in the chain. */
export interface AuditDraft {
	/** ISO 8601 in UTC with six digits of a second, as the database gives it back */
	readonly at: string;
	readonly actorKind: Actor['kind'];
	readonly actorId: string | null;
	readonly actorName: string | null;
	readonly address: string | null;
	readonly action: string;
	readonly object: string | null;
	readonly scope: string | null;
	readonly result: AuditEntry['result'];
	/** JSON as it is hashed */
	readonly detail: string;
}

export interface AuditRecord extends AuditDraft {
	/** 1, 2, 3 … */
	readonly seq: number;
	/** empty for the first */
	readonly previousHash: string;
	readonly hash: string;
}

/** Where a chain ends. */
export interface AuditHead {
	/** 0 = no record yet */
	readonly seq: number;
	/** empty without a record */
	readonly hash: string;
}

const VERSION = 1;

/** 64 hexadecimal digits. */
export function hashOfRecord(record: Omit<AuditRecord, 'hash'>): string {
	const { seq, at, actorKind, actorId, actorName, address, action, object, scope, result, detail } = record;
	const who = [actorKind, actorId, actorName, address];
	const text = JSON.stringify([VERSION, seq, at, ...who, action, object, scope, result, detail, record.previousHash]);
	return createHash('sha256').update(text).digest('hex');
}

/** The drafts as the records that follow a head. */
export function chained(head: AuditHead, drafts: readonly AuditDraft[]): AuditRecord[] {
	let { seq, hash } = head;
	return drafts.map((draft) => {
		seq += 1;
		const record = { ...draft, seq, previousHash: hash };
		hash = hashOfRecord(record);
		return { ...record, hash };
	});
}

/** ms → the moment as it is hashed. */
export const momentText = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;
