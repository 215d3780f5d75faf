import type { Freshness } from '#domain/freshness.ts';

const RANK: Record<Freshness, number> = { fresh: 0, late: 1, stale: 2, none: 3 };

/** The worse of two: a fresh figure that arrived through a dead feed is not fresh. */
export function worseFreshness(one: Freshness, other: Freshness): Freshness {
	return RANK[one] >= RANK[other] ? one : other;
}
