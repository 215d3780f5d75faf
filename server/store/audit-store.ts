/**
 * The audit in the database. Records are only ever added, in a transaction that holds the row of `audit_head`: whichever
 * process adds, there is one chain without a gap [AU1], [AU2]. Nothing here changes or deletes a record; a trigger would
 * refuse it [AU3].
 */
import { sql, type SQL } from 'drizzle-orm';
import { chained, type AuditDraft, type AuditHead, type AuditRecord } from '#server/audit/chain.ts';
import { query, type Database, type Executor } from './query.ts';

/** Adds records in this order, in a transaction of their own. Resolves once they are committed. */
export function appendAudit(db: Database, drafts: readonly AuditDraft[]): Promise<void> {
	// Whoever waited for the head must see it as it is then, not as it was when the transaction began.
	return db.transaction((tx) => appendAuditIn(tx, drafts), { isolationLevel: 'read committed' });
}

/**
 * Adds records in a transaction that the caller has begun (read committed): they are kept if what they tell of is. The
 * head stays locked until that transaction ends, so this comes last in it.
 */
export async function appendAuditIn(tx: Executor, drafts: readonly AuditDraft[]): Promise<void> {
	const [row] = await query<HeadRow>(tx, sql`select seq, hash from audit_head where id = 1 for update`);
	if (!row) throw new Error('The audit has no head: its row in audit_head was removed. Restore it from a backup.');
	const records = chained({ seq: Number(row.seq), hash: row.hash }, drafts);
	const last = records.at(-1);
	if (!last) return;
	await query(
		tx,
		sql`
		insert into audit (seq, at, actor_kind, actor_id, actor_name, address, action, object, scope, result, detail,
			previous_hash, hash)
		select "seq", "at", "actorKind", "actorId", "actorName", "address", "action", "object", "scope", "result", "detail",
			"previousHash", "hash"
		from json_to_recordset(${JSON.stringify(records)}::json) as record("seq" bigint, "at" timestamptz,
			"actorKind" text, "actorId" text, "actorName" text, "address" text, "action" text, "object" text,
			"scope" text, "result" text, "detail" text, "previousHash" text, "hash" text)`
	);
	await query(tx, sql`update audit_head set seq = ${last.seq}, hash = ${last.hash} where id = 1`);
}

interface HeadRow {
	seq: number | string;
	hash: string;
}

export interface AuditEnds {
	/** null = the row of the head is gone */
	readonly head: AuditHead | null;
	/** smallest and largest number of a record; 0 without one */
	readonly first: number;
	readonly last: number;
	/** records with numbers that no chain comes to */
	readonly strays: number;
}

/** Numbers that JavaScript can count with: a record a millisecond for 285,000 years. */
const MAX_SEQ = Number.MAX_SAFE_INTEGER;

/** Head and ends of the chain as of one moment. */
export async function auditEnds(db: Executor): Promise<AuditEnds> {
	interface Row {
		seq: number | string | null;
		hash: string | null;
		first: number | string | null;
		last: number | string | null;
		strays: number;
	}
	const [row] = await query<Row>(
		db,
		sql`
		select head.seq, head.hash,
			(select min(seq) from audit where seq >= ${-MAX_SEQ}) as first,
			(select max(seq) from audit where seq <= ${MAX_SEQ}) as last,
			(select count(*)::int from audit where seq > ${MAX_SEQ} or seq < ${-MAX_SEQ}) as strays
		from (select 1) as one left join audit_head as head on head.id = 1`
	);
	const { seq = null, hash = null, first, last } = row ?? {};
	return {
		head: seq === null || hash === null ? null : { seq: Number(seq), hash },
		first: Number(first ?? 0),
		last: Number(last ?? 0),
		strays: row?.strays ?? 0
	};
}

/** The end of the chain; 0 when there is no record. */
export async function auditHead(db: Executor): Promise<AuditHead> {
	return (await auditEnds(db)).head ?? { seq: 0, hash: '' };
}

/** Records `after` < seq <= `to`, oldest first, at most `limit`. */
export function auditPage(db: Executor, range: { after: number; to: number; limit: number }): Promise<AuditRecord[]> {
	const { after, to, limit } = range;
	return records(db, sql`from audit where seq > ${after} and seq <= ${to} order by seq limit ${limit}`);
}

/** What is searched for; null = everything. */
export interface AuditFilter {
	/** part of a name, address, action, object, scope or detail, in any case */
	readonly text: string | null;
	/** who: part of the name, or the id */
	readonly actor: string | null;
	/** an action, or the word before its dot: `session` finds `session.started` */
	readonly action: string | null;
	readonly result: AuditRecord['result'] | null;
	/** part of the object */
	readonly object: string | null;
	readonly scope: string | null;
	/** ms; from this moment on */
	readonly from: number | null;
	/** ms; up to before this moment */
	readonly to: number | null;
}

/** Records that one search looks at: some tens of ms. */
const MAX_SCANNED = 50_000;
/** ms: clocks of several processes differ, so numbers and moments may be out of step by this. */
const CLOCK_SLACK_MS = 300_000;

export interface AuditFound {
	/** newest first */
	readonly records: readonly AuditRecord[];
	/** `before` of the next search, also when this one found nothing in its part; null = nothing older */
	readonly next: number | null;
}

/** Newest first. Looks at a bounded part of the chain and says where it stopped. */
export async function searchAudit(
	db: Executor,
	filter: AuditFilter,
	{ before, limit }: { before: number | null; limit: number }
): Promise<AuditFound> {
	const span = await spanOf(db, filter);
	const to = Math.min(span.to, (before ?? Infinity) - 1);
	if (to < span.from) return { records: [], next: null };
	const from = Math.max(span.from, to - MAX_SCANNED + 1);
	const where = conditions(filter, from, to);
	const found = await records(db, sql`from audit where ${where} order by seq desc limit ${limit}`);
	const last = found.at(-1);
	const stoppedAt = found.length === limit && last ? last.seq : from;
	return { records: found, next: stoppedAt > span.from ? stoppedAt : null };
}

/** The next records that fit, oldest first, `seq` > after. An empty answer with `next` null is the end. */
export async function nextAudit(
	db: Executor,
	filter: AuditFilter,
	{ after, to, limit }: { after: number; to: number; limit: number }
): Promise<AuditFound> {
	const span = await spanOf(db, filter);
	const from = Math.max(span.from, after + 1);
	const end = Math.min(span.to, to, from + MAX_SCANNED - 1);
	if (from > end) return { records: [], next: null };
	const found = await records(db, sql`from audit where ${conditions(filter, from, end)} order by seq limit ${limit}`);
	const last = found.at(-1);
	const stoppedAt = found.length === limit && last ? last.seq : end;
	return { records: found, next: stoppedAt < Math.min(span.to, to) ? stoppedAt : null };
}

/** Numbers between which everything of the filter's time lies, by the index on time. */
async function spanOf(db: Executor, { from, to }: AuditFilter): Promise<{ from: number; to: number }> {
	const edge = async (statement: SQL): Promise<number | null> => {
		const [row] = await query<{ seq: number | string | null }>(db, statement);
		return row?.seq === undefined || row.seq === null ? null : Number(row.seq);
	};
	const first = await edge(
		from === null
			? sql`select min(seq) as seq from audit`
			: sql`select seq from audit where at >= ${moment(from - CLOCK_SLACK_MS)} order by at limit 1`
	);
	const last = await edge(
		to === null
			? sql`select max(seq) as seq from audit`
			: sql`select seq from audit where at < ${moment(to + CLOCK_SLACK_MS)} order by at desc limit 1`
	);
	return { from: first ?? 1, to: first === null ? 0 : (last ?? 0) };
}

const moment = (ms: number): SQL => sql`${new Date(ms).toISOString()}::timestamptz`;

function conditions(filter: AuditFilter, from: number, to: number): SQL {
	const { text, actor, action, result, object, scope } = filter;
	const all = [sql`seq between ${from} and ${to}`];
	if (filter.from !== null) all.push(sql`at >= ${moment(filter.from)}`);
	if (filter.to !== null) all.push(sql`at < ${moment(filter.to)}`);
	if (actor !== null) all.push(sql`(actor_id = ${actor} or ${holds(sql`actor_name`, actor)})`);
	if (action !== null) all.push(sql`(action = ${action} or starts_with(action, ${`${action}.`}))`);
	if (result !== null) all.push(sql`result = ${result}`);
	if (object !== null) all.push(holds(sql`object`, object));
	if (scope !== null) all.push(sql`scope = ${scope}`);
	if (text !== null) {
		// A search would find the record of itself, the second time it is made.
		const inside = action === null ? sql`case when action = 'audit.searched' then '' else detail end` : sql`detail`;
		const everything = sql`concat_ws(chr(10), actor_id, actor_name, address, action, object, scope, ${inside})`;
		all.push(holds(everything, text));
	}
	return sql.join(all, sql` and `);
}

const holds = (column: SQL, part: string): SQL => sql`position(lower(${part}) in lower(${column})) > 0`;

/** The moment with all its digits: an edit of one that JavaScript would cut off has to be seen. */
const COLUMNS = sql`seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
	actor_kind as "actorKind", actor_id as "actorId", actor_name as "actorName", address, action, object, scope, result,
	detail, previous_hash as "previousHash", hash`;

async function records(db: Executor, rest: SQL): Promise<AuditRecord[]> {
	const rows = await query<Omit<AuditRecord, 'seq'> & { seq: number | string }>(db, sql`select ${COLUMNS} ${rest}`);
	return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}
