import { expect, it } from 'vitest';
import { worseFreshness } from './worse-freshness.ts';

it('makes every figure at least as old as its feed', () => {
	expect(worseFreshness('fresh', 'stale')).toBe('stale');
	expect(worseFreshness('none', 'fresh')).toBe('none');
	expect(worseFreshness('late', 'fresh')).toBe('late');
	expect(worseFreshness('fresh', 'fresh')).toBe('fresh');
});
