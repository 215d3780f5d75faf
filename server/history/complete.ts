/** How far the history in the database may be complete. The 5 minutes that are still open are not in it [BU2]. */
import { BUCKET_MS } from '#domain/buckets.ts';
import type { Pipeline } from '#server/hub/pipeline.ts';
import { receivedAtOf } from '#server/stream/names.ts';

/** A bucket is closed a minute after its end, and committed within some seconds. */
const CLOSED_AFTER_MS = 60_000;
const COMMITTED_AFTER_MS = 10_000;

type Progress = Pick<Pipeline, 'isCaughtUp' | 'lagMs' | 'shard' | 'committer'>;

/**
 * ms: the end of the newest bucket of 5 minutes that may be complete, over all streams. Late events may still add to it
 * for a day [EV5].
 */
export function completeUntil(pipelines: readonly Progress[], nowMs: number): number {
	const known = Math.min(nowMs, ...pipelines.map((pipeline) => knownUntil(pipeline, nowMs)));
	return Math.floor((known - CLOSED_AFTER_MS - COMMITTED_AFTER_MS) / BUCKET_MS) * BUCKET_MS;
}

function knownUntil({ isCaughtUp, lagMs, shard, committer }: Progress, nowMs: number): number {
	if (!isCaughtUp) return Math.min(nowMs, receivedAtOf(shard.position));
	return Math.min(nowMs - lagMs, committer.failingSince === 0 ? nowMs : committer.failingSince);
}
