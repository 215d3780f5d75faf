/**
 * How alive a topic is by the page's own clock: the server sends a frame at least every 10 s, so a page that has heard
 * nothing for longer knows by itself that everything it shows grows old [FR2].
 */
import { freshness, STALE_AFTER_PERIODS, type Freshness } from '#domain/freshness.ts';

/** The server sends a frame at least this often, be it an empty one. */
export const FRAME_PERIOD_SECONDS = 10;
export const FRAME_STALE_SECONDS = FRAME_PERIOD_SECONDS * STALE_AFTER_PERIODS;

/** A frame that comes on the second is in time although it has travelled. */
const TRAVEL_MS = 2_000;

/** `asOfMs` null = nothing has come yet. */
export function feedFreshness(asOfMs: number | null, nowMs: number): Freshness {
	return asOfMs === null ? 'none' : freshness(asOfMs, FRAME_PERIOD_SECONDS, nowMs - TRAVEL_MS);
}
