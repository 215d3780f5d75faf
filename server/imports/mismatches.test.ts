import { describe, expect, it } from 'vitest';
import { mismatchesOf } from '#server/imports/mismatches.ts';
import type { Placing, StatedPoint } from '#server/imports/protocol.ts';

/** West of 120 is district a, east of it b; beyond 130 is nothing. */
const areaAt = (lng: number) => (lng > 130 ? null : { district: lng < 120 ? 'a' : 'b', street: null });
const points = (count: number, district: string | null): StatedPoint[] =>
	Array.from({ length: count }, (_, index) => ({
		line: index + 2,
		district,
		at: [
			[119.9, 31],
			[120.1, 31],
			[131, 31]
		]
	}));
const placing = (list: readonly StatedPoint[]): Placing => ({
	located: list.length,
	swapped: 0,
	isDatumNeeded: true,
	points: list
});
const noDoubts = async () => [[], [], []];

describe('the share of mismatches', () => {
	it('counts the rows that contradict their district under each datum', async () => {
		const { datums, suggestion, method } = await mismatchesOf(placing(points(10, 'b')), areaAt, noDoubts);
		expect(method).toBe('areas');
		expect(datums.map(({ datum, mismatches, checked, share }) => [datum, mismatches, checked, share])).toEqual([
			['wgs84', 10, 10, 1],
			['gcj02', 0, 10, 0],
			['bd09', 0, 0, null]
		]);
		expect(suggestion).toBe('gcj02');
	});

	it('suggests nothing where the difference is no evidence', async () => {
		expect((await mismatchesOf(placing(points(2, 'b')), areaAt, noDoubts)).suggestion).toBeNull();
		expect((await mismatchesOf(placing(points(10, null)), areaAt, noDoubts)).suggestion).toBeNull();
	});

	it('asks the neighbours where no area is known', async () => {
		const placed = await mismatchesOf(placing(points(10, 'b')), undefined, async () => [[2, 3, 4, 5], [], [2]]);
		expect(placed.method).toBe('neighbours');
		expect(placed.datums.map(({ share }) => share)).toEqual([0.4, 0, 0.1]);
		expect(placed.datums[0]?.points[0]).toEqual([119.9, 31, 2, 0]);
	});

	it('shows two thousand points of a long file, evenly', async () => {
		const { datums } = await mismatchesOf(placing(points(10_000, 'b')), areaAt, noDoubts);
		const lines = datums[0]?.points.map(([, , line]) => line) ?? [];
		expect(lines).toHaveLength(2000);
		expect([lines[0], lines.at(-1)]).toEqual([2, 9997]);
	});
});
