import { describe, expect, it } from 'vitest';
import { feedFreshness } from './feed.ts';

describe('[FR2] the age of a whole page', () => {
	it('is none before the first frame', () => expect(feedFreshness(null, 1_000)).toBe('none'));

	it('is fresh while frames come every ten seconds, late after one missed, stale after three', () => {
		const ages = [0, 10_000, 12_000, 12_001, 32_000, 32_001];
		expect(ages.map((age) => feedFreshness(1_000_000, 1_000_000 + age))).toEqual([
			'fresh',
			'fresh',
			'fresh',
			'late',
			'late',
			'stale'
		]);
	});
});
