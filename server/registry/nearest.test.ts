import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPointTree } from '#server/registry/nearest.ts';

describe('nearest neighbours', () => {
	it('are those that a look at every point finds', () => {
		const point = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }));
		fc.assert(
			fc.property(
				fc.array(point, { maxLength: 60 }),
				point,
				fc.integer({ min: 1, max: 8 }),
				(points, [x, y], count) => {
					const tree = buildPointTree(
						Float64Array.from(points, ([px]) => px),
						Float64Array.from(points, ([, py]) => py)
					);
					const found = tree.nearest(x, y, count, 3).map(({ distance }) => distance);
					const all = points.filter((_, index) => index !== 3).map(([px, py]) => Math.hypot(px - x, py - y));
					expect(found).toEqual(all.toSorted((a, b) => a - b).slice(0, count));
				}
			),
			{ seed: 3 }
		);
	});

	it('survive ten thousand points on one spot', () => {
		const same = new Float64Array(10_000).fill(5);
		expect(buildPointTree(same, same).nearest(5, 5, 5, 0)).toHaveLength(5);
	});
});
