/** Over which edge of the map the card lies. Pure. */
import type { Extent } from '#lib/map/point-set.ts';

export type CardSide = 'start' | 'end';

/** rem: the card, its margins and half the mark around the chosen site */
const COVERED_REM = 27;
/** rem: narrower, the card would hide at the left what it hides at the right */
const LEAST_REM = 57;

/**
 * The right edge, unless the card would hide there what was chosen: the view must not move for it. `widthRem` is the
 * map's; a map too narrow for card and site side by side keeps it on the right.
 */
export function cardSide(lng: number | null, extent: Extent | null, widthRem: number): CardSide {
	if (lng === null || extent === null || widthRem < LEAST_REM) return 'end';
	// Degrees of longitude are even in pixels on this projection.
	const at = ((lng - extent.west) / (extent.east - extent.west)) * widthRem;
	return at > widthRem - COVERED_REM && at < widthRem ? 'start' : 'end';
}
