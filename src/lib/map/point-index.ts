/** Where points stand, for hits, for the list of what is in view, and for what must be drawn again around a change. */
import Flatbush from 'flatbush';

export interface PointIndex {
	/** Points by distance from a place (world pixels at zoom 0), the nearest first, within `radius`. */
	near(x: number, y: number, radius: number, isTaken: (point: number) => boolean): number[];
	/** Points in a box, in no order. */
	inBox(west: number, north: number, east: number, south: number): number[];
}

export function indexPoints(xs: Float64Array, ys: Float64Array): PointIndex {
	// Flatbush refuses to index nothing.
	if (xs.length === 0) return { near: () => [], inBox: () => [] };
	const tree = new Flatbush(xs.length);
	for (let i = 0; i < xs.length; i++) tree.add(xs[i] as number, ys[i] as number);
	tree.finish();
	return {
		near: (x, y, radius, isTaken) => tree.neighbors(x, y, Number.POSITIVE_INFINITY, radius, isTaken),
		inBox: (west, north, east, south) => tree.search(west, north, east, south)
	};
}
