/**
 * The hub: one live state, a pipeline per shard, the clock, the lease. It keeps the registry current and decides which
 * shards this process writes.
 */
import { tickClock } from '#domain/clock.ts';
import { emptyShard, emptyState, setRegistry, type LiveState } from '#domain/state.ts';
import type { Area, Site } from '#domain/site.ts';
import type { CheckpointStore } from '#server/store/checkpoint-store.ts';
import type { Lease } from '#server/store/lease.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import type { RejectedLog } from '#server/stream/rejected.ts';
import { Board, TICK_MS, type BoardOptions } from './board.ts';
import { Pipeline, type PipelineLog } from './pipeline.ts';

/** How often a process that reads asks for the lease, and how soon a new registry is seen. */
const LEASE_EVERY_MS = 2000;
/** Frames wait this long at most for the tail that is folded at the start. */
const CATCH_UP_LIMIT_MS = 10_000;

export interface RegistrySource {
	revision(): Promise<number>;
	load(): Promise<{ sites: Site[]; areas: Area[]; sourcePeriods: Map<string, number> }>;
}

export interface HubOptions extends Pick<BoardOptions, 'epoch' | 'isDemo' | 'deliver'> {
	readonly shards: number;
	readonly registry: RegistrySource;
	readonly store: CheckpointStore;
	readonly lease: Lease;
	readonly redis: Redis;
	readonly openReader: () => Promise<Redis>;
	readonly rejected: RejectedLog;
	readonly writer: string;
	readonly now: () => number;
	readonly log: PipelineLog;
	readonly isWanted: Parameters<Board['tick']>[1];
}

export class Hub {
	readonly state: LiveState;
	readonly pipelines: readonly Pipeline[];
	readonly board: Board;
	readonly #options: HubOptions;
	#registryRevision = -1;
	#sourcePeriods: ReadonlyMap<string, number> = new Map();
	#timers: NodeJS.Timeout[] = [];
	#startedAt = 0;
	#ticking: Promise<unknown> = Promise.resolve();

	constructor(options: HubOptions) {
		this.#options = options;
		const { now, shards } = options;
		this.state = emptyState(now(), (site) => shardOf(site, shards));
		this.pipelines = Array.from(
			{ length: shards },
			(_, shard) => new Pipeline({ ...options, state: this.state, shard: emptyShard(shard) })
		);
		this.board = new Board({
			...options,
			state: this.state,
			shards: this.pipelines.map(({ shard }) => shard),
			sourcePeriods: () => this.#sourcePeriods
		});
	}

	async start(): Promise<void> {
		await this.refreshRegistry();
		for (const pipeline of this.pipelines) await pipeline.start();
		await this.#seekLeases();
		this.#startedAt = this.#options.now();
		this.board.open('city', this.#startedAt);
		this.#options.lease.onLost(() => this.#guard(Promise.all(this.pipelines.map((pipeline) => pipeline.demote()))));
		this.#timers = [
			setInterval(() => this.#tick(), TICK_MS),
			setInterval(() => this.#guard(this.#seekLeases()), LEASE_EVERY_MS),
			setInterval(() => this.#guard(this.refreshRegistry()), LEASE_EVERY_MS)
		];
	}

	/** Reads the registry again when it changed. */
	async refreshRegistry(): Promise<void> {
		const { registry } = this.#options;
		const revision = await registry.revision();
		if (revision === this.#registryRevision) return;
		const { sites, areas, sourcePeriods } = await registry.load();
		setRegistry(this.state, sites, areas);
		this.#sourcePeriods = sourcePeriods;
		this.#registryRevision = revision;
	}

	/** Stream of a site; null when the registry does not know it. */
	shardOf(siteCode: string): number | null {
		const slot = this.state.slotOf.get(siteCode);
		return slot === undefined ? null : (this.state.shardBySlot[slot] ?? 0);
	}

	async stop(): Promise<void> {
		for (const timer of this.#timers) clearInterval(timer);
		await this.#ticking;
		await Promise.all(this.pipelines.map((pipeline) => pipeline.stop()));
	}

	#tick(): void {
		const nowMs = this.#options.now();
		tickClock(
			this.state,
			this.pipelines.map(({ shard }) => shard),
			nowMs
		);
		const isCaughtUp = this.pipelines.every((pipeline) => pipeline.isCaughtUp);
		if (isCaughtUp || nowMs - this.#startedAt > CATCH_UP_LIMIT_MS) this.board.tick(nowMs, this.#options.isWanted);
		this.#guard(Promise.all(this.pipelines.map((pipeline) => pipeline.tick())));
	}

	async #seekLeases(): Promise<void> {
		for (const pipeline of this.pipelines) {
			const isHeld = await this.#options.lease.tryAcquire(pipeline.shard.shard);
			if (isHeld && pipeline.role === 'reader') await pipeline.promote();
		}
	}

	/** Timers have no caller to tell: a failure is logged, and the next turn tries again. */
	#guard(work: Promise<unknown>): void {
		this.#ticking = work.catch((error: Error) =>
			this.#options.log.error({ error: error.stack }, 'a turn of the hub failed')
		);
	}
}

/** Shards by district, so that a district's events stay in one stream. FNV-1a, 32 bits. */
export function shardOf(site: Pick<Site, 'district'>, shards: number): number {
	if (shards === 1) return 0;
	let hash = 0x811c9dc5;
	for (const character of site.district ?? '') hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
	return (hash >>> 0) % shards;
}
