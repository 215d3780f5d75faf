/** What stands under a pointer: one site, or several at one place that no zoom can take apart. */
import { HIDDEN } from './look.ts';
import type { PointSet } from './point-set.ts';

/** The nearest zoom of the map. */
export const MAX_ZOOM = 18;
/** css px at the nearest zoom: closer than this, two points cover each other for ever. */
const APART_PX = 10;
const SAME_PLACE = APART_PX / 2 ** MAX_ZOOM;

/**
 * Points hit at a place (world pixels at zoom 0), the nearest first: the nearest shown point within `radius`, and all shown
 * points that stand at the same place as it. Empty = the ground.
 */
export function pointsAt(points: PointSet, x: number, y: number, radius: number): number[] {
	const isShown = (point: number): boolean => points.looks[point] !== HIDDEN;
	const [nearest] = points.index.near(x, y, radius, isShown);
	if (nearest === undefined) return [];
	return points.index.near(points.x[nearest] as number, points.y[nearest] as number, SAME_PLACE, isShown);
}
