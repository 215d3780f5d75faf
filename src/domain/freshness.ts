/**
 * Freshness is a value: how old a figure is against how often its source is expected to speak [FR1].
 * fresh: up to 1 period · late: up to 3 · stale: beyond · none: never heard, or nobody is expected to report.
 */
export const FRESHNESS = ['none', 'fresh', 'late', 'stale'] as const;
export type Freshness = (typeof FRESHNESS)[number];

export const LATE_AFTER_PERIODS = 1;
export const STALE_AFTER_PERIODS = 3;

/** `seenAtMs` null or 0 = never; `periodSeconds` null = nobody is expected to report. */
export function freshness(seenAtMs: number | null, periodSeconds: number | null, nowMs: number): Freshness {
	if (!seenAtMs || periodSeconds === null) return 'none';
	const periods = (nowMs - seenAtMs) / (periodSeconds * 1000);
	if (periods <= LATE_AFTER_PERIODS) return 'fresh';
	return periods <= STALE_AFTER_PERIODS ? 'late' : 'stale';
}

/**
 * A figure over many sites is as fresh as most of them [FR4]: stale when half of those that ever reported are stale, late
 * when half are late or worse. One silent site must not grey a city, and a dead gateway must.
 */
export function freshnessOfMany(counts: Readonly<Record<Freshness, number>>): Freshness {
	const reporting = counts.fresh + counts.late + counts.stale;
	if (reporting === 0) return 'none';
	if (counts.stale * 2 >= reporting) return 'stale';
	return (counts.late + counts.stale) * 2 >= reporting ? 'late' : 'fresh';
}
