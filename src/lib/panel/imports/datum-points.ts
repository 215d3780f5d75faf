/** The points of a file under one datum, as the map draws sites: what contradicts its district looks like what is wrong. */
import { emptyColumns, STATUS, type Status } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import type { PointsView } from '#lib/map/point-set.ts';
import type { DatumPlacement, PlacedPoint } from '#server/imports/mismatches.ts';

/** Verdict of a point → the status whose sign it is drawn with. */
export const VERDICT_STATUS = ['closed_unplanned', 'open', 'unknown'] as const satisfies readonly Status[];

/** `nameOf` gives what is written beside a point: its line. */
export function datumPoints({ points }: DatumPlacement, nowMs: number, nameOf: (line: number) => string): PointsView {
	const columns = emptyColumns(points.length);
	points.forEach(([, , , verdict], row) => (columns.status[row] = STATUS[VERDICT_STATUS[verdict]]));
	return { sites: points.map((point) => briefOf(point, nameOf)), areas: [], columns, nowMs, isFeedStale: false };
}

function briefOf([lng, lat, line]: PlacedPoint, nameOf: (line: number) => string): SiteBrief {
	return {
		code: String(line),
		name: nameOf(line),
		kind: 'service_station',
		district: null,
		street: null,
		lng,
		lat,
		lifecycle: 'open',
		// nobody reports from a file: its points are never late
		telemetry: 'none',
		periodSeconds: null
	};
}
