/**
 * Walks over the whole chain and says what does not hold: fields that do not give their hash, records that are missing or
 * were put in, an end that is not where the head says [AU6]. Page by page, so a chain of years needs no more memory than
 * one of a day, and records may be added meanwhile: the walk ends where the chain ended when it began.
 *
 * Whoever may write the database can write a whole new chain that holds in itself. Only a head that was written down
 * elsewhere tells: `expect`.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { auditEnds, auditPage } from '#server/store/audit-store.ts';
import type { Executor } from '#server/store/query.ts';
import { hashOfRecord, type AuditHead, type AuditRecord } from './chain.ts';

export type ChainProblemKind =
	/** the fields do not give the hash */
	| 'changed'
	/** the record does not follow from the one before it */
	| 'unlinked'
	/** numbers are missing before it */
	| 'missing'
	/** records before the first or behind the head */
	| 'inserted'
	/** the head stands behind the last record: the end was cut off */
	| 'cut'
	/** the head does not have the hash of its record, or is gone */
	| 'head'
	/** the head that was written down is not in the chain: it was written anew or cut */
	| 'rewritten';

export interface ChainProblem {
	readonly seq: number;
	readonly kind: ChainProblemKind;
	readonly message: string;
}

export interface ChainReport {
	readonly ok: boolean;
	/** records looked at */
	readonly records: number;
	/** to be written down: with it a later check finds a chain that was written anew */
	readonly head: AuditHead;
	/** at most MAX_PROBLEMS, the lowest numbers first */
	readonly problems: readonly ChainProblem[];
	/** how many there are in all */
	readonly found: number;
}

export const MAX_PROBLEMS = 100;
const PAGE = 500;

export async function verifyAudit(db: Executor, expect: AuditHead | null = null): Promise<ChainReport> {
	const { head, first, last, strays } = await auditEnds(db);
	const walk = new Walk(head, expect);
	let after = Math.min(first, 1) - 1;
	while (after < last) {
		const page = await auditPage(db, { after, to: last, limit: PAGE });
		const end = page.at(-1);
		if (!end) break;
		for (const record of page) walk.take(record);
		after = end.seq;
		// Frames and events go first.
		await turn();
	}
	return walk.report(strays);
}

/** `SEQ:HASH` as it was written down; null when it is none. */
export function readHead(text: string): AuditHead | null {
	const match = /^(\d{1,15}):([\da-f]{64})$/.exec(text.trim().toLowerCase());
	return match ? { seq: Number(match[1]), hash: match[2] ?? '' } : null;
}

export const headText = ({ seq, hash }: AuditHead): string => `${seq}:${hash}`;

class Walk {
	readonly #head: AuditHead | null;
	readonly #expect: AuditHead | null;
	readonly #problems: ChainProblem[] = [];
	#found = 0;
	#records = 0;
	/** the record before; its number and the hash it has, right or wrong: one bad record is one problem */
	#seq = 0;
	#hash = '';
	#hashAtHead: string | null = null;
	#hashAtExpected: string | null = null;

	constructor(head: AuditHead | null, expect: AuditHead | null) {
		this.#head = head;
		this.#expect = expect;
	}

	take(record: AuditRecord): void {
		const { seq, hash, previousHash } = record;
		this.#records += 1;
		if (hashOfRecord(record) !== hash)
			this.#add(seq, 'changed', `Record ${seq} was changed: its fields do not give its hash.`);
		if (seq < 1) return this.#add(seq, 'inserted', `Record ${seq} was put in: the chain begins with 1.`);
		if (this.#head && seq > this.#head.seq) {
			this.#add(seq, 'inserted', `Record ${seq} was put in: the chain ends with ${this.#head.seq}.`);
		} else if (seq !== this.#seq + 1) {
			const missing = seq === this.#seq + 2 ? `Record ${seq - 1} is` : `Records ${this.#seq + 1} to ${seq - 1} are`;
			this.#add(seq, 'missing', `${missing} missing.`);
		} else if (previousHash !== this.#hash) {
			this.#add(
				seq,
				'unlinked',
				seq === 1
					? 'Record 1 names a record before it: what came before was removed, or it was written anew.'
					: `Record ${seq} does not follow from record ${seq - 1}: one of them was put in or written anew.`
			);
		}
		this.#seq = seq;
		this.#hash = hash;
		if (seq === this.#head?.seq) this.#hashAtHead = hash;
		if (seq === this.#expect?.seq) this.#hashAtExpected = hash;
	}

	report(strays: number): ChainReport {
		if (strays > 0) this.#add(this.#seq, 'inserted', `${strays} records with impossible numbers were put in.`);
		this.#checkHead();
		this.#checkExpected();
		const head = this.#head ?? { seq: this.#seq, hash: this.#hash };
		const problems = this.#problems.toSorted((a, b) => a.seq - b.seq);
		return { ok: this.#found === 0, records: this.#records, head, problems, found: this.#found };
	}

	#checkHead(): void {
		const head = this.#head;
		if (!head)
			return this.#add(this.#seq, 'head', 'The head of the chain was removed; nothing can be recorded without it.');
		if (head.seq > this.#seq) {
			const from = this.#seq + 1;
			const cut = from === head.seq ? `Record ${from} is` : `Records ${from} to ${head.seq} are`;
			this.#add(from, 'cut', `${cut} missing: the end of the chain was cut off.`);
		} else if ((this.#hashAtHead ?? '') !== head.hash) {
			this.#add(
				head.seq,
				'head',
				`The head does not have the hash of record ${head.seq}: one of them was written anew.`
			);
		}
	}

	#checkExpected(): void {
		const expect = this.#expect;
		if (!expect || expect.hash === this.#hashAtExpected) return;
		this.#add(
			expect.seq,
			'rewritten',
			this.#hashAtExpected === null
				? `Record ${expect.seq}, which was written down, is not in the chain any more.`
				: `Record ${expect.seq} has another hash than was written down: the chain was written anew.`
		);
	}

	#add(seq: number, kind: ChainProblemKind, message: string): void {
		this.#found += 1;
		// The end and the expected head are told even when everything before them is broken.
		if (this.#problems.length < MAX_PROBLEMS || kind === 'head' || kind === 'cut' || kind === 'rewritten') {
			this.#problems.push({ seq, kind, message });
		}
	}
}
