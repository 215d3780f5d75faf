/** How old a trend is: its newest bucket against how often a new one comes. */
import { freshness, type Freshness } from '#domain/freshness.ts';

/**
 * A bucket of 5 minutes is known 75 s after its end and asked for within 10 s more, so just before the next answer the
 * newest one ended 6½ minutes ago; the rest is for an answer that takes its time.
 */
export const TREND_PERIOD_SECONDS = 420;

export function trendFreshness(asOfMs: number | null, nowMs: number): Freshness {
	return freshness(asOfMs, TREND_PERIOD_SECONDS, nowMs);
}
