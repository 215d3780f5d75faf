/**
 * The commit: what a stretch of a stream caused, and how far the stream was read, in one transaction. The position is
 * changed by compare-and-set on the old position and the writer, so that a process which lost its lease
 * without noticing fails here by itself and nothing is counted twice [CO1]–[CO4].
 */
import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { receivedAtOf } from '#server/stream/names.ts';
import { addDays, addOccupations, addPieces, HISTORY_TABLES } from './history-adder.ts';
import { query, type Executor } from './query.ts';

/** The checkpoint of every shard, in whichever database. */
export type CheckpointStore = ReturnType<typeof checkpointStore>;

export function checkpointStore(db: Database, needsHousekeeping: boolean) {
	return {
		commit: (commit: Commit) => commitShard(db, commit),
		claim: (shard: number, writer: string) => claimShard(db, shard, writer),
		/** The committed state and the ids that belong to it, as of one moment; null before the first claim. */
		load: (shard: number) =>
			db.transaction(
				async (tx) => {
					const checkpoint = await loadCheckpoint(tx, shard);
					return (
						checkpoint && {
							checkpoint,
							seen: await loadSeen(tx, shard, Math.min(receivedAtOf(checkpoint.position), Date.now()))
						}
					);
				},
				{ isolationLevel: 'repeatable read', accessMode: 'read only' }
			),
		/** Merges and drops what is old; called every few minutes by the writer. */
		async tidy(shard: number, receivedMs: number): Promise<void> {
			await tidySeen(db, shard, receivedMs);
			if (needsHousekeeping) await housekeep(db);
		}
	};
}

export interface Commit {
	readonly shard: number;
	readonly writer: string;
	/** number of this commit: the database must still be at the one before */
	readonly number: number;
	/** position that the database must still have */
	readonly from: string;
	readonly to: string;
	/** compressed state of the shard at `to` */
	readonly state: Uint8Array;
	/** rows of PIECE_WIDTH: closed and late pieces of buckets */
	readonly pieces: Int32Array;
	/** rows of OCCUPATION_PIECE_WIDTH: visits by hour and occupation */
	readonly occupations: Int32Array;
	/** rows of DAY_ROW_WIDTH: finished days of fulfilment */
	readonly days: Int32Array;
	/** halves of the hashes of ids taken since the last commit */
	readonly hashes: Uint32Array<ArrayBuffer>;
	/** ms, when the newest of them was received */
	readonly receivedAt: number;
}

/** Somebody else writes this shard now. */
export class LeaseLost extends Error {
	constructor(shard: number) {
		super(`Another process writes shard ${shard} now. This one goes on as a reader.`);
	}
}

const HOUR_MS = 3_600_000;
/** Ids are remembered 25 to 50 h; an hour more for the one that is open. */
const SEGMENTS_KEPT_HOURS = 51;

async function commitShard(db: Database, commit: Commit): Promise<void> {
	await db.transaction(async (tx) => {
		const moved = await query(
			tx,
			sql`
			update checkpoints
			set position = ${commit.to}, number = ${commit.number}, state = ${bytea(commit.state)}, committed_at = now()
			where shard = ${commit.shard} and position = ${commit.from} and number = ${commit.number - 1}
				and writer = ${commit.writer}
			returning shard`
		);
		if (moved.length !== 1) {
			if (await isCommitted(tx, commit)) return;
			throw new LeaseLost(commit.shard);
		}
		if (commit.pieces.length > 0) await addPieces(tx, commit.pieces);
		if (commit.occupations.length > 0) await addOccupations(tx, commit.occupations);
		if (commit.days.length > 0) await addDays(tx, commit.days);
		if (commit.hashes.length > 0) {
			const { hashes } = commit;
			const bytes = new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength);
			await query(
				tx,
				sql`
				insert into seen_segments (shard, number, hour, hashes)
				values (${commit.shard}, ${commit.number}, ${Math.floor(commit.receivedAt / HOUR_MS)}, ${bytea(bytes)})`
			);
		}
	});
}

/** A connection that broke while it committed leaves open whether it did. The number of the commit tells. */
async function isCommitted(tx: Executor, commit: Commit): Promise<boolean> {
	const rows = await query(
		tx,
		sql`
		select 1 from checkpoints
		where shard = ${commit.shard} and number = ${commit.number} and writer = ${commit.writer}`
	);
	return rows.length === 1;
}

export interface StoredCheckpoint {
	readonly position: string;
	readonly number: number;
	/** empty before the first commit */
	readonly state: Uint8Array;
	readonly writer: string;
	readonly committedAt: Date;
}

async function loadCheckpoint(db: Executor, shard: number): Promise<StoredCheckpoint | null> {
	const rows = await query(
		db,
		sql`
		select position, number, encode(state, 'base64') as state, writer, committed_at from checkpoints where shard = ${shard}`
	);
	const row = rows[0] as
		| { position: string; number: string | number; state: string; writer: string; committed_at: string | Date }
		| undefined;
	if (!row) return null;
	return {
		position: row.position,
		number: Number(row.number),
		state: bytesOf(row.state),
		writer: row.writer,
		committedAt: new Date(row.committed_at)
	};
}

/** Makes `writer` the one whose commits count from now on. Creates the checkpoint when there is none. */
async function claimShard(db: Database, shard: number, writer: string): Promise<void> {
	await query(
		db,
		sql`
		insert into checkpoints (shard, position, number, state, writer, committed_at)
		values (${shard}, '0-0', 0, '', ${writer}, now())
		on conflict (shard) do update set writer = excluded.writer`
	);
}

export interface SeenSegment {
	readonly number: number;
	/** ms, when its hour began */
	readonly hourMs: number;
	readonly hashes: Uint32Array;
}

/** Segments of the day before `receivedMs`, the time of the stream (not of the wall: the tail may be old), oldest first. */
async function loadSeen(db: Executor, shard: number, receivedMs: number): Promise<SeenSegment[]> {
	const fromHour = Math.floor(receivedMs / HOUR_MS) - 26;
	const rows = await query(
		db,
		sql`
		select number, hour, encode(hashes, 'base64') as hashes from seen_segments where shard = ${shard} and hour >= ${fromHour} order by number`
	);
	return (rows as { number: string | number; hour: number; hashes: string }[]).map((row) => ({
		number: Number(row.number),
		hourMs: row.hour * HOUR_MS,
		hashes: new Uint32Array(new Uint8Array(bytesOf(row.hashes)).buffer)
	}));
}

/** Joins the segments of finished hours into one each and drops those that are too old. Returns nothing; safe to repeat. */
async function tidySeen(db: Database, shard: number, receivedMs: number): Promise<void> {
	const hour = Math.floor(receivedMs / HOUR_MS);
	await query(db, sql`delete from seen_segments where shard = ${shard} and hour < ${hour - SEGMENTS_KEPT_HOURS}`);
	await db.transaction(async (tx) => {
		// The bytes never leave the database.
		const finished = sql`
			select hour, max(number) as number, string_agg(hashes, ''::bytea order by number) as hashes
			from seen_segments where shard = ${shard} and hour < ${hour} group by hour having count(*) > 1`;
		await query(
			tx,
			sql`update seen_segments set hashes = joined.hashes from (${finished}) as joined
				where shard = ${shard} and seen_segments.number = joined.number`
		);
		await query(
			tx,
			sql`delete from seen_segments using (
					select hour, max(number) as number from seen_segments
					where shard = ${shard} and hour < ${hour} group by hour
				) as joined
				where shard = ${shard} and seen_segments.hour = joined.hour and seen_segments.number < joined.number`
		);
	});
}

/**
 * PGlite has no background workers: what PostgreSQL does by itself — reclaiming the space of replaced rows, letting go of
 * old log files — is asked for here. Called every few minutes.
 */
async function housekeep(db: Database): Promise<void> {
	for (const table of ['checkpoints', 'seen_segments', ...HISTORY_TABLES]) {
		await query(db, sql.raw(`vacuum ${table}`));
	}
	await query(db, sql`checkpoint`);
}

/** Bytes as a parameter. In base64, since PGlite would write them as hexadecimal digit by digit: ten times slower (measured). */
const bytea = (bytes: Uint8Array) => sql`decode(${Buffer.from(bytes).toString('base64')}, 'base64')`;

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
