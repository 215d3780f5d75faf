/**
 * One shard's way: read the stream, parse, fold, keep refusals, commit. A pipeline is a writer (it holds the lease and
 * commits) or a reader (it folds the same stream for its own screens). Both begin alike: the committed state, then
 * the tail of the stream.
 */
import { performance } from 'node:perf_hooks';
import type { Arrival } from '#domain/arrival.ts';
import { closeAllBuckets } from '#domain/clock.ts';
import { fold } from '#domain/fold.ts';
import { emptyShard, type LiveState, type ShardState } from '#domain/state.ts';
import { receivedAtOf, streamOf } from '#server/stream/names.ts';
import { isRefusal, parseEntry } from '#server/stream/parse.ts';
import { readStream, type StreamEntry, type StreamReader } from '#server/stream/reader.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { Rejected, RejectedLog } from '#server/stream/rejected.ts';
import { isTrimmedPast } from '#server/stream/trimmed.ts';
import { LeaseLost, type CheckpointStore } from '#server/store/checkpoint-store.ts';
import { Committer } from './committer.ts';
import { forgetShard, openImage, restoreImage } from './snapshot.ts';

export interface PipelineOptions {
	readonly state: LiveState;
	readonly shard: ShardState;
	readonly store: CheckpointStore;
	/** shared connection */
	readonly redis: Redis;
	/** opens a connection of its own for the blocked reads */
	readonly openReader: () => Promise<Redis>;
	readonly rejected: RejectedLog;
	readonly writer: string;
	readonly now: () => number;
	readonly log: PipelineLog;
}

export interface PipelineLog {
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
}

export interface PipelineMetrics {
	foldSeconds: number;
	/** by code */
	readonly refused: Map<string, number>;
	/** entries that the stream lost before they were read */
	gaps: number;
}

/** A stream this far behind is verified against what Redis still has. */
const VERIFY_GAP_MS = 20_000;
/** … this often: far more often than the writer's trimming could overtake it by its margin of a minute. */
const VERIFY_EVERY_MS = 1000;

export class Pipeline {
	readonly shard: ShardState;
	role: 'reader' | 'writer' = 'reader';
	/** True once the tail that waited at the start is folded. */
	isCaughtUp = false;
	/** ms between now and the newest entry read, while more wait; 0 when all is read */
	lagMs = 0;
	readonly metrics: PipelineMetrics = { foldSeconds: 0, refused: new Map(), gaps: 0 };
	readonly committer: Committer;
	readonly #options: PipelineOptions;
	#reader: StreamReader | null = null;
	#isBehindTrim = false;
	#verifiedAt = 0;
	#changing: Promise<void> = Promise.resolve();
	#isChanging = false;

	constructor(options: PipelineOptions) {
		this.#options = options;
		this.shard = options.shard;
		this.committer = new Committer(options);
	}

	/** Begins as a reader: committed state, then the stream. */
	async start(): Promise<void> {
		await this.#exclusively(() => this.#loadAndRead());
	}

	/** Takes over writing. The claim comes first: from then on no other process can commit, so what is loaded stays true. */
	async promote(): Promise<void> {
		await this.#exclusively(async () => {
			if (this.role === 'writer') return;
			await this.#halt();
			await this.#options.store.claim(this.shard.shard, this.#options.writer);
			await this.#load();
			await this.#options.rejected.recall(streamOf(this.shard.shard), this.shard.position);
			// Only now it reads: what is refused or closed from here on is a writer's to keep.
			this.role = 'writer';
			try {
				await this.#read();
			} catch (error) {
				// Nobody reads: as a reader it begins anew at the next tick, and is asked again.
				this.role = 'reader';
				throw error;
			}
			this.#options.log.info({ shard: this.shard.shard, position: this.shard.position }, 'writes this shard now');
		});
	}

	/** Goes on as a reader after the lease was lost. */
	async demote(): Promise<void> {
		await this.#exclusively(async () => {
			if (this.role === 'reader') return;
			this.role = 'reader';
			await this.#halt();
			await this.#loadAndRead();
			this.#options.log.warn({ shard: this.shard.shard }, 'reads this shard now, another process writes it');
		});
	}

	/** Called often: commits when it is time, or lets go of what only a writer needs. */
	async tick(): Promise<void> {
		if (this.#isChanging) return;
		if (this.role === 'reader') {
			// Nobody reads: what a change was about to do failed, the database being away perhaps.
			if (this.#isBehindTrim || !this.#reader) await this.#reload();
			this.shard.pieces.take(Number.MAX_SAFE_INTEGER);
			this.shard.occupations.take(Number.MAX_SAFE_INTEGER);
			this.shard.days.take(Number.MAX_SAFE_INTEGER);
			this.shard.seen.takeJournal();
			return;
		}
		try {
			await this.committer.commitIfDue();
		} catch (error) {
			if (error instanceof LeaseLost) await this.demote();
			else throw error;
		}
	}

	/** Stops reading, commits what was folded, closes. */
	async stop(): Promise<void> {
		await this.#exclusively(async () => {
			await this.#halt();
			if (this.role !== 'writer') return;
			closeAllBuckets(this.#options.state, { [this.shard.shard]: this.shard });
			try {
				await this.committer.commitAll();
			} catch (error) {
				if (!(error instanceof LeaseLost)) throw error;
				this.#options.log.warn(
					{ shard: this.shard.shard },
					'another process writes this shard: nothing left to commit'
				);
			}
		});
	}

	async #exclusively(change: () => Promise<void>): Promise<void> {
		const turn = this.#changing.then(async () => {
			this.#isChanging = true;
			try {
				await change();
			} finally {
				this.#isChanging = false;
			}
		});
		// The caller hears of a failure; the next change must not.
		this.#changing = turn.catch(() => undefined);
		return turn;
	}

	async #reload(): Promise<void> {
		await this.#exclusively(async () => {
			await this.#halt();
			await this.#loadAndRead();
		});
	}

	async #loadAndRead(): Promise<void> {
		await this.#load();
		await this.#read();
	}

	async #halt(): Promise<void> {
		await this.#reader?.stop();
		this.#reader = null;
		await this.committer.idle();
	}

	async #load(): Promise<void> {
		const { state, store } = this.#options;
		const { shard } = this;
		this.isCaughtUp = false;
		const stored = await store.load(shard.shard);
		const checkpoint = stored?.checkpoint;
		const segments = stored?.seen ?? [];
		const image = checkpoint && checkpoint.state.length > 0 ? await openImage(checkpoint.state) : null;
		// From here on nothing waits: no tick sees a shard that is half loaded.
		forgetShard(state, shard.shard);
		Object.assign(shard, { ...emptyShard(shard.shard) });
		for (const { hashes, hourMs } of segments) shard.seen.restore(hashes, hourMs);
		if (image) restoreImage(state, shard, image);
		if (checkpoint) shard.position = checkpoint.position;
		shard.readUntil = receivedAtOf(shard.position);
		this.committer.begin(checkpoint?.number ?? 0, shard.position);
	}

	async #read(): Promise<void> {
		const { openReader, log } = this.#options;
		const { shard } = this;
		await this.#verify(shard.position);
		this.#isBehindTrim = false;
		this.#reader = readStream({
			redis: await openReader(),
			stream: streamOf(shard.shard),
			position: shard.position,
			onBatch: (entries, isAll) => this.#take(entries, isAll),
			onError: (error) => {
				// Not ready until a batch is taken again, whether Redis is away or a batch cannot be folded.
				this.isCaughtUp = false;
				log.warn({ error: error.stack }, 'reading the stream failed, trying again');
			}
		});
	}

	/** Says so when Redis let go of entries that were never read here: that is a loss, and must be seen. */
	async #verify(position: string): Promise<boolean> {
		if (!(await isTrimmedPast(this.#options.redis, streamOf(this.shard.shard), position))) return true;
		this.metrics.gaps++;
		this.#options.log.error(
			{ shard: this.shard.shard, position },
			'the stream was trimmed past this position: events after it were never read here'
		);
		return false;
	}

	async #take(entries: readonly StreamEntry[], isAll: boolean): Promise<void> {
		const { shard } = this;
		const now = this.#options.now();
		const last = entries.at(-1);
		if (last) {
			if (this.role === 'reader') await this.#watchTrim(entries, now);
			this.#fold(entries, now);
			shard.position = last[0];
		}
		shard.readUntil = isAll || !last ? now : Math.min(receivedAtOf(last[0]), now);
		this.lagMs = isAll || !last ? 0 : Math.max(0, now - receivedAtOf(last[0]));
		if (isAll) this.isCaughtUp = true;
	}

	/** A reader that fell behind the writer's trimming missed entries: it begins anew from the committed state. */
	async #watchTrim(entries: readonly StreamEntry[], now: number): Promise<void> {
		if (now - receivedAtOf(entries[0]?.[0] ?? '') < VERIFY_GAP_MS || now - this.#verifiedAt < VERIFY_EVERY_MS) return;
		this.#verifiedAt = now;
		if (!(await this.#verify(this.shard.position))) this.#isBehindTrim = true;
	}

	#fold(entries: readonly StreamEntry[], now: number): void {
		const started = performance.now();
		const arrivals: Arrival[] = [];
		const from: StreamEntry[] = [];
		const rejected: Rejected[] = [];
		for (const entry of entries) {
			const [id, text] = entry;
			// An id may be given by hand; no entry was received later than now.
			const receivedAt = Math.min(receivedAtOf(id), now);
			const parsed = text === null ? NO_FIELD : parseEntry(text, receivedAt);
			if (isRefusal(parsed)) rejected.push(this.#reject(entry, parsed));
			else {
				arrivals.push(parsed);
				from.push(entry);
			}
		}
		for (const { index, ...refusal } of fold(this.#options.state, this.shard, arrivals)) {
			rejected.push(this.#reject(from[index] as StreamEntry, refusal));
		}
		this.metrics.foldSeconds += (performance.now() - started) / 1000;
		if (rejected.length > 0 && this.role === 'writer') this.committer.keepRejected(rejected);
	}

	#reject([id, text]: StreamEntry, refusal: Rejected['refusal']): Rejected {
		this.metrics.refused.set(refusal.code, (this.metrics.refused.get(refusal.code) ?? 0) + 1);
		return { refusal, payload: text ?? '', door: streamOf(this.shard.shard), entry: id };
	}
}

const NO_FIELD = {
	code: 'malformed_json',
	message: 'The entry has no field e. Put the event as JSON into the field e.'
} as const;
