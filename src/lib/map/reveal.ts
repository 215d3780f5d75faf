/** How far the view moves so that something that lies over an edge does not hide a point. Pure. */

/** css px of the map that are covered, counted from its edge. */
export interface Covered {
	readonly right?: number;
	readonly bottom?: number;
}

interface Pair {
	readonly x: number;
	readonly y: number;
}

/** css px: the mark around a chosen site is wholly seen. */
const MARK_PX = 18;

/**
 * css px by which the view moves, x to the east and y to the south; 0 = the point is not covered. A point out of view is not
 * covered by anything, and where too little is left to stand in, nothing is won by moving.
 */
export function panToReveal(at: Pair, size: Pair, { right = 0, bottom = 0 }: Covered): Pair {
	if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) return { x: 0, y: 0 };
	return { x: along(at.x, size.x, right), y: along(at.y, size.y, bottom) };
}

function along(at: number, size: number, covered: number): number {
	const last = size - covered - MARK_PX;
	return covered > 0 && last >= MARK_PX ? Math.max(0, at - last) : 0;
}
