/** How much a source asks for a look. Pure. */
import { freshness, type Freshness } from '#domain/freshness.ts';

export interface SourceRow {
	readonly source: string;
	/** s */
	readonly periodSeconds: number;
	/** ms, newest event time */
	readonly lastSeen: number;
	readonly freshness: Freshness;
	/** events of up to the last hour, and the s over which they were counted; null = not counted yet */
	readonly recent?: { readonly events: number; readonly seconds: number } | null;
}

/** ms beyond its own period since it was heard; 0 = it is on time */
export function lagOf({ lastSeen, periodSeconds }: SourceRow, nowMs: number): number {
	return Math.max(0, nowMs - lastSeen - periodSeconds * 1000);
}

/** More is worse: by freshness, then by how many of its own periods it has missed. */
export function needOf(source: SourceRow, nowMs: number): number {
	const level = { fresh: 0, none: 0, late: 1, stale: 2 }[freshness(source.lastSeen, source.periodSeconds, nowMs)];
	const missed = lagOf(source, nowMs) / (source.periodSeconds * 1000);
	// below 1, so that no number of missed periods outweighs a level
	return level + missed / (missed + 1);
}

/** Sources that are late or stale. */
export function inNeed(sources: readonly SourceRow[], nowMs: number): number {
	return sources.filter((source) => needOf(source, nowMs) >= 1).length;
}
