/**
 * Nearest neighbours in the plane, by a k-d tree kept in one index array: the middle of every range is its node.
 * Chosen over a grid because registries hold outliers and many sites at one place; both only cost depth here.
 */
export interface Neighbour {
	/** Index of the point in the arrays the tree was built from */
	readonly index: number;
	readonly distance: number;
}

export interface PointTree {
	/** Up to `count` points nearest to (x, y), nearest first, without the point `skip`. */
	nearest(x: number, y: number, count: number, skip: number): Neighbour[];
}

/** Builds a tree over points; `order` limits it to some of them (it is sorted in place). O(n log² n). */
export function buildPointTree(
	xs: Float64Array,
	ys: Float64Array,
	order: Uint32Array = Uint32Array.from(xs, (_, index) => index)
): PointTree {
	arrange(0, order.length, xs, ys);

	function arrange(from: number, to: number, along: Float64Array, across: Float64Array): void {
		if (to - from < 2) return;
		order.subarray(from, to).sort((a, b) => (along[a] ?? 0) - (along[b] ?? 0));
		const middle = (from + to) >> 1;
		arrange(from, middle, across, along);
		arrange(middle + 1, to, across, along);
	}

	function nearest(x: number, y: number, count: number, skip: number): Neighbour[] {
		const found: Neighbour[] = [];
		visit(0, order.length, true);
		return found;

		function visit(from: number, to: number, isAlongX: boolean): void {
			if (from >= to) return;
			const middle = (from + to) >> 1;
			const index = order[middle] ?? 0;
			const dx = x - (xs[index] ?? 0);
			const dy = y - (ys[index] ?? 0);
			if (index !== skip) keep({ index, distance: Math.hypot(dx, dy) });
			const offset = isAlongX ? dx : dy;
			const isBefore = offset < 0;
			visit(isBefore ? from : middle + 1, isBefore ? middle : to, !isAlongX);
			if (Math.abs(offset) < reach()) visit(isBefore ? middle + 1 : from, isBefore ? to : middle, !isAlongX);
		}

		function reach(): number {
			return found.length < count ? Infinity : (found[found.length - 1]?.distance ?? Infinity);
		}

		function keep(neighbour: Neighbour): void {
			if (neighbour.distance >= reach()) return;
			let place = found.length;
			while (place > 0 && (found[place - 1]?.distance ?? 0) > neighbour.distance) place--;
			found.splice(place, 0, neighbour);
			if (found.length > count) found.pop();
		}
	}

	return { nearest };
}
