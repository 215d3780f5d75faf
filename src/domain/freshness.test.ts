import { expect, test } from 'vitest';
import { freshness } from './freshness.ts';

const NOW = Date.UTC(2026, 5, 1);

test.each([
	['[FR1] just now', 0, 60, 'fresh'],
	['[FR1] one period ago', 60, 60, 'fresh'],
	['[FR1] just over one period ago', 60.001, 60, 'late'],
	['[FR1] three periods ago', 180, 60, 'late'],
	['[FR1] just over three periods ago', 180.001, 60, 'stale'],
	['[FR1] by a clock that runs ahead', -200, 60, 'fresh'],
	['[FR1] long ago, from a keeper', 86_400, 86_400, 'fresh']
])('%s is %4$s', (_, secondsAgo, period, expected) => {
	expect(freshness(NOW - secondsAgo * 1000, period, NOW)).toBe(expected);
});

test('[FR1] never heard, or nobody expected to report, is none: not fresh and not stale', () => {
	expect(freshness(null, 60, NOW)).toBe('none');
	expect(freshness(0, 60, NOW)).toBe('none');
	expect(freshness(NOW, null, NOW)).toBe('none');
});
