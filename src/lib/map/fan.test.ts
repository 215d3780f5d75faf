import { describe, expect, it } from 'vitest';
import { fanSpots } from './fan.ts';

describe('a fan', () => {
	it.each([2, 3, 6, 9, 10, 24, 60])('of %i keeps its members apart and off their place', (count) => {
		const gap = 36;
		const spots = fanSpots(count, gap);
		expect(spots).toHaveLength(count);
		spots.forEach((one, i) => {
			expect(Math.hypot(one.x, one.y)).toBeGreaterThanOrEqual(gap * 0.9);
			for (const other of spots.slice(i + 1)) {
				expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(gap * 0.9);
			}
		});
	});

	it('begins at the top and follows the clock', () => {
		const [first, second] = fanSpots(4, 30);
		expect(first?.x).toBeCloseTo(0);
		expect(first?.y).toBeLessThan(0);
		expect(second?.x).toBeGreaterThan(0);
	});
});
