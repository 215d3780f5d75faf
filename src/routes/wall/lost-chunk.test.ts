import { describe, expect, it } from 'vitest';
import { RELOAD_EVERY_MS, reloadDelay } from './lost-chunk.ts';

describe('a part of the page that is gone', () => {
	it('makes the page load anew at once, the first time', () => {
		expect(reloadDelay(0, 1_000_000)).toBe(0);
	});

	it('does not make it load faster than a server can start', () => {
		expect(reloadDelay(1_000_000, 1_010_000)).toBe(RELOAD_EVERY_MS - 10_000);
		expect(reloadDelay(1_000_000, 1_000_000 + RELOAD_EVERY_MS)).toBe(0);
	});

	it('is not held up by a clock that was set back', () => {
		expect(reloadDelay(2_000_000, 1_000_000)).toBe(0);
	});
});
