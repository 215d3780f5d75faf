import { describe, expect, it } from 'vitest';
import { TileErrors } from './tile-errors.ts';

describe('a tile server', () => {
	it('is given up with the fifth failure within ten seconds, and that is said once', () => {
		const errors = new TileErrors();
		expect([0, 1, 2, 3, 9_999, 10_000, 10_001].map((moment) => errors.record(moment))).toEqual([
			false,
			false,
			false,
			false,
			true,
			false,
			false
		]);
	});

	it('is kept while failures are rare', () => {
		const errors = new TileErrors();
		for (let moment = 0; moment < 100_000; moment += 2_501) expect(errors.record(moment)).toBe(false);
	});
});
