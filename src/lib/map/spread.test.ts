import { describe, expect, it } from 'vitest';
import { spreadApart } from './spread.ts';

describe('things that cover each other', () => {
	it('step apart, and those with room stay', () => {
		const spots = [...Array.from({ length: 7 }, (_, i) => ({ x: i % 3, y: i % 2 })), { x: 500, y: 500 }];
		const places = spreadApart(spots, 50);
		places.forEach((one, i) => {
			for (const other of places.slice(i + 1)) {
				expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(45);
			}
		});
		expect(places.at(-1)).toEqual({ x: 500, y: 500 });
		expect(Math.max(...places.slice(0, 7).map(({ x, y }) => Math.hypot(x, y)))).toBeLessThan(150);
	});

	it('go the same way every time', () => {
		const spots = [0, 0, 0, 1].map((x) => ({ x, y: 0 }));
		expect(spreadApart(spots, 10)).toEqual(spreadApart(spots, 10));
	});
});
