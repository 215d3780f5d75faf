/**
 * How a point looks, as one small number: its status and whether that is stale. Order of drawing is by severity, never
 * by insertion, so that nothing normal ever covers what is not.
 */
import { STATUS, STATUSES, type Columns } from '#domain/table.ts';
import { siteFreshness, type SiteBrief } from '#domain/view.ts';

/** status index + STALE where nobody has reported for too long */
export const STALE = STATUSES.length;
export const LOOKS = STATUSES.length * 2;

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

/** The look of a site. Where the page's own feed is dead, everything is stale. */
export function lookOf(site: SiteBrief, columns: Columns, row: number, nowMs: number, isFeedStale: boolean): number {
	const status = columns.status[row] ?? STATUS.unknown;
	const isStale = isFeedStale || siteFreshness(site, columns, row, nowMs) === 'stale';
	return isStale ? status + STALE : status;
}
