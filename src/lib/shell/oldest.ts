/** The oldest-data mark of a page, worked out from the ages of all sources. Pure. */
import { freshness } from '#domain/freshness.ts';
import type { SourceView } from '#domain/view.ts';

export interface Oldest {
	/** of the source that is oldest for what is expected of it; null = none has ever spoken */
	readonly ageMs: number | null;
	readonly late: number;
	readonly stale: number;
}

/** A desk that speaks once a day is not old after an hour: sources are compared by their expected periods. */
export function oldestOf(sources: readonly SourceView[], nowMs: number): Oldest {
	let [ageMs, periods, late, stale]: [number | null, number, number, number] = [null, -1, 0, 0];
	for (const { lastSeen, periodSeconds } of sources) {
		if (!lastSeen) continue;
		const age = Math.max(0, nowMs - lastSeen);
		if (age / periodSeconds > periods) [ageMs, periods] = [age, age / periodSeconds];
		const state = freshness(lastSeen, periodSeconds, nowMs);
		if (state === 'late') late++;
		if (state === 'stale') stale++;
	}
	return { ageMs, late, stale };
}
