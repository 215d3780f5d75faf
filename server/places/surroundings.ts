/** Who stands near a site: what a person needs to see to judge a doubt about its place. */
import { buildPointTree } from '#server/registry/nearest.ts';
import type { PlacedSite } from '#server/registry/placement.ts';

const METRES_PER_DEGREE = 111_195;
/** As in placement.ts: the neighbours whose districts are compared. */
const NEIGHBOURS = 5;
const SAME_SPOT_M = 30;
const SHOWN = 8;

export function neighbourDistricts(points: readonly PlacedSite[]) {
	const meanLat = points.reduce((sum, { lat }) => sum + lat, 0) / Math.max(points.length, 1);
	const metresEast = METRES_PER_DEGREE * Math.cos((meanLat * Math.PI) / 180);
	const xs = Float64Array.from(points, ({ lng }) => lng * metresEast);
	const ys = Float64Array.from(points, ({ lat }) => lat * METRES_PER_DEGREE);
	const tree = buildPointTree(xs, ys);
	const near = (index: number, count: number) => tree.nearest(xs[index] ?? 0, ys[index] ?? 0, count, index);
	return {
		/** districts of the nearest sites, each once */
		districts: (index: number): string[] => [
			...new Set(near(index, NEIGHBOURS).flatMap((one) => points[one.index]?.district ?? []))
		],
		/** sites of its kind on the same spot, by index */
		sameSpot: (index: number): number[] =>
			near(index, SHOWN)
				.filter((one) => one.distance <= SAME_SPOT_M && points[one.index]?.kind === points[index]?.kind)
				.map((one) => one.index)
				.toSorted((a, b) => a - b)
	};
}
