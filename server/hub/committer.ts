/**
 * Commits of one shard: when, what, and again when the database was away. Taking the cut is done in one go between two
 * batches; compressing and writing it happens while the fold goes on. One commit at a time; one that failed is
 * tried again unchanged, so nothing can be counted twice.
 */
import { performance } from 'node:perf_hooks';
import type { LiveState, ShardState } from '#domain/state.ts';
import { receivedAtOf, streamOf } from '#server/stream/names.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { Rejected, RejectedLog } from '#server/stream/rejected.ts';
import { LeaseLost, type CheckpointStore, type Commit } from '#server/store/checkpoint-store.ts';
import { compressImage, encodeShard } from './snapshot.ts';

/** About once a second … */
const COMMIT_EVERY_MS = 1000;
/** … but never more than a tenth of the time, however large the state. */
const REST_PER_COMMIT = 9;
/** … and never so seldom that a process which dies again and again would not move on. */
const LONGEST_REST_MS = 3000;
/** Rows of each kind per commit (pieces of buckets, of occupations, days): bounds its length; 200,000 sites close some 700 a second. */
const ROWS_PER_COMMIT = 2000;
const ROWS_AT_STOP = 50_000;
/** Entries stay this long behind the checkpoint, for readers of the same stream. */
const TRIM_BEHIND_MS = 60_000;
const TIDY_EVERY_MS = 10 * 60_000;
const RETRY_MS = 500;

interface CommitterOptions {
	readonly state: LiveState;
	readonly shard: ShardState;
	readonly store: CheckpointStore;
	readonly redis: Redis;
	readonly rejected: RejectedLog;
	readonly writer: string;
	readonly now: () => number;
	readonly log: { warn(fields: object, message: string): void };
}

export class Committer {
	/** counts and seconds since the start */
	readonly metrics = { commits: 0, seconds: 0, failures: 0, bytes: 0 };
	/** ms, when the last commit ended well; 0 = none yet */
	committedAt = 0;
	/** ms, since when a commit is being tried again; 0 = the last one went well */
	failingSince = 0;
	readonly #options: CommitterOptions;
	#number = 0;
	#position = '0-0';
	#restUntil = 0;
	/** ms that this commit waited between its tries */
	#waited = 0;
	#tidyAt = 0;
	#running: Promise<void> | null = null;
	/** refusals that were not written yet, with entries up to the position */
	#refusals: Rejected[] = [];

	constructor(options: CommitterOptions) {
		this.#options = options;
	}

	/** Goes on from a stored checkpoint. */
	begin(number: number, position: string): void {
		this.#number = number;
		this.#position = position;
		this.#refusals = [];
	}

	/** Refusals are written before the commit that covers their entries [CO5]. */
	keepRejected(rejected: readonly Rejected[]): void {
		this.#refusals.push(...rejected);
	}

	/** Waits for the commit under way, if there is one, whatever becomes of it. */
	async idle(): Promise<void> {
		// Whoever began it hears of its failure; here only its end counts.
		await this.#running?.catch(() => undefined);
	}

	async commitIfDue(): Promise<void> {
		if (this.#running || performance.now() < this.#restUntil) return;
		if (!this.#hasNews()) return;
		await this.#run(ROWS_PER_COMMIT);
	}

	/** Commits until nothing is left: before an orderly stop. */
	async commitAll(): Promise<void> {
		await this.idle();
		while (this.#hasNews()) await this.#run(ROWS_AT_STOP);
	}

	#hasNews(): boolean {
		const { shard } = this.#options;
		return shard.position !== this.#position || shard.pieces.size + shard.occupations.size + shard.days.size > 0;
	}

	async #run(rows: number): Promise<void> {
		const started = performance.now();
		this.#running = this.#commit(rows).then(() => this.#tidy());
		try {
			await this.#running;
		} finally {
			this.#running = null;
			// Waiting for a database or a Redis that is away is no work: the rest follows what the work cost.
			const took = performance.now() - started - this.#waited;
			this.#waited = 0;
			this.#restUntil =
				performance.now() + Math.max(COMMIT_EVERY_MS - took, Math.min(REST_PER_COMMIT * took, LONGEST_REST_MS));
			this.metrics.seconds += took / 1000;
		}
	}

	async #commit(rows: number): Promise<void> {
		const { shard, store, writer, state, now } = this.#options;
		const to = shard.position;
		const refusals = this.#refusals;
		this.#refusals = [];
		const taken = shard.pieces.take(rows);
		const occupations = shard.occupations.take(rows);
		const days = shard.days.take(rows);
		const hashes = shard.seen.takeJournal();
		const image = encodeShard(state, shard);
		await this.#keep(refusals);
		const commit: Commit = {
			shard: shard.shard,
			writer,
			number: this.#number + 1,
			from: this.#position,
			to,
			state: await compressImage(image),
			pieces: taken,
			occupations,
			days,
			hashes,
			receivedAt: Math.min(receivedAtOf(to) || now(), now())
		};
		await this.#untilDone(() => store.commit(commit), 'the commit failed, trying the same one again');
		this.#number = commit.number;
		this.#position = to;
		this.committedAt = now();
		this.failingSince = 0;
		this.metrics.commits++;
		this.metrics.bytes += commit.state.length;
		await this.#trim(to);
	}

	/** A try that broke off may have written some: what is there already is asked for before the next. */
	async #keep(refusals: readonly Rejected[]): Promise<void> {
		const { rejected, shard } = this.#options;
		let tries = 0;
		await this.#untilDone(async () => {
			if (tries++ > 0) await rejected.recall(streamOf(shard.shard), this.#position);
			await rejected.add(refusals);
		}, 'the refusals could not be written, trying again');
	}

	async #untilDone(work: () => Promise<void>, complaint: string): Promise<void> {
		for (;;) {
			try {
				await work();
				return;
			} catch (error) {
				if (error instanceof LeaseLost) throw error;
				this.metrics.failures++;
				this.failingSince ||= this.#options.now();
				this.#options.log.warn({ error: reasonOf(error as Error) }, complaint);
				await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
				this.#waited += RETRY_MS;
			}
		}
	}

	/** The stream is trimmed only behind the checkpoint [CO6]. */
	async #trim(position: string): Promise<void> {
		const { redis, shard, now } = this.#options;
		const before = Math.min(receivedAtOf(position), now() - TRIM_BEHIND_MS);
		if (before > 0) await redis.sendCommand(['XTRIM', streamOf(shard.shard), 'MINID', '~', `${before}`]);
	}

	async #tidy(): Promise<void> {
		const nowMs = this.#options.now();
		if (nowMs < this.#tidyAt) return;
		this.#tidyAt = nowMs + TIDY_EVERY_MS;
		await this.#options.store.tidy(this.#options.shard.shard, Math.min(receivedAtOf(this.#position) || nowMs, nowMs));
	}
}

/** The database's own words: drizzle's message is the whole statement with its values, which no log should hold. */
function reasonOf(error: Error): string {
	return error.cause instanceof Error ? error.cause.message : error.message.slice(0, 300);
}
