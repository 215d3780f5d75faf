/**
 * How a point looks, as one small number: its status and whether that is stale. Order of drawing is by severity, never
 * by insertion, so that nothing normal ever covers what is not.
 */
import { freshness } from '#domain/freshness.ts';
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

/** The look of a row. Where the page's own feed is dead, everything is stale. */
export function lookOf(
	columns: Columns,
	row: number,
	periodSeconds: number | null,
	nowMs: number,
	isFeedStale: boolean
): number {
	const status = columns.status[row] ?? STATUS.unknown;
	const isStale = isFeedStale || freshness((columns.seenAt[row] ?? 0) * 1000, periodSeconds, nowMs) === 'stale';
	return isStale ? status + STALE : status;
}
