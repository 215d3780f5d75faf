/**
 * How a point looks, as one small number: its status and whether that is stale. Order of drawing is by severity, never
 * by insertion, so that nothing normal ever covers what is not.
 */
import { STALE_AFTER_PERIODS } from '#domain/freshness.ts';
import { STATUS, STATUSES, type Columns } from '#domain/table.ts';

/** status index + STALE where nobody has reported for too long */
export const STALE = STATUSES.length;
export const LOOKS = STATUSES.length * 2;
/** the look of a point that a filter leaves out */
export const HIDDEN = 255;

/** Looks from the calmest to the worst: drawn in this order, the last on top. */
export const DRAW_ORDER: readonly number[] = [
	STATUS.closed_planned,
	STATUS.closed_planned + STALE,
	STATUS.unknown,
	STATUS.unknown + STALE,
	STATUS.open + STALE,
	STATUS.open,
	STATUS.closed_unplanned + STALE,
	STATUS.closed_unplanned
];

/** Look → its place in the order of drawing. */
export const RANK: readonly number[] = Array.from({ length: LOOKS }, (_, look) => DRAW_ORDER.indexOf(look));

/** ms of silence after which a site is stale; Infinity = nobody is expected to report. */
export function staleAfterMs(periodSeconds: number | null): number {
	return periodSeconds === null ? Number.POSITIVE_INFINITY : periodSeconds * 1000 * STALE_AFTER_PERIODS;
}

/**
 * The look of a row. Where the page's own feed is dead, everything is stale. `staleMs` as `staleAfterMs` gives it: worked out
 * once per site, since this is asked of every site at every frame; it answers as `freshness` does [FR1].
 */
export function lookOf(columns: Columns, row: number, staleMs: number, nowMs: number, isFeedStale: boolean): number {
	const status = columns.status[row] ?? STATUS.unknown;
	const seenAt = columns.seenAt[row] ?? 0;
	const isStale = isFeedStale || (seenAt > 0 && nowMs - seenAt * 1000 > staleMs);
	return isStale ? status + STALE : status;
}
