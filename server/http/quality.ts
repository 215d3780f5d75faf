/** What the data page shows: refusals by reason and door, the newest of them, and the sources with their age. */
import { freshness } from '#domain/freshness.ts';
import type { Hub } from '#server/hub/hub.ts';
import type { EventDoor } from '#server/ingest/event-door.ts';
import { receivedAtOf } from '#server/stream/names.ts';
import type { RejectedLog } from '#server/stream/rejected.ts';
import type { SourceActivity } from './source-activity.ts';

const LATEST = 50;

export interface QualityOptions {
	readonly hub: Hub;
	readonly door: EventDoor;
	readonly rejected: RejectedLog;
	readonly activity: SourceActivity;
	readonly now: () => number;
}

/** Refusals since the start, by reason and door. */
export function refusalCounts({ hub, door }: Pick<QualityOptions, 'hub' | 'door'>) {
	const stream = new Map<string, number>();
	for (const { metrics } of hub.pipelines) {
		for (const [reason, count] of metrics.refused) stream.set(reason, (stream.get(reason) ?? 0) + count);
	}
	const rows = (counts: ReadonlyMap<string, number>, name: string) =>
		[...counts].map(([reason, count]) => ({ reason, door: name, count }));
	return [...rows(stream, 'stream'), ...rows(door.metrics.refused, 'http')];
}

export async function dataQuality(options: QualityOptions) {
	const nowMs = options.now();
	const latest = await options.rejected.latest(LATEST);
	const recent = options.activity.recent(nowMs);
	return {
		refused: refusalCounts(options).sort((a, b) => b.count - a.count),
		latest: latest.map(({ id, reason, message }) => ({ id, at: receivedAtOf(id), reason, message })),
		sources: options.hub.board.view().sources.map((one) => ({
			...one,
			freshness: freshness(one.lastSeen, one.periodSeconds, nowMs),
			recent: recent.get(one.source) ?? null
		}))
	};
}
