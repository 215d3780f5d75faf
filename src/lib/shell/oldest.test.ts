import { expect, it } from 'vitest';
import { oldestOf } from './oldest.ts';

const source = (ageSeconds: number, periodSeconds: number) => ({
	source: `s${periodSeconds}`,
	lastSeen: 1_000_000_000 - ageSeconds * 1000,
	periodSeconds
});

it('[FR3] names the source that is oldest for what is expected of it, and counts late and stale ones', () => {
	const sources = [source(50, 60), source(7_200, 86_400), source(90, 60), source(400, 60)];
	expect(oldestOf(sources, 1_000_000_000)).toEqual({ ageMs: 400_000, late: 1, stale: 1 });
	expect(oldestOf(sources.slice(0, 2), 1_000_000_000)).toEqual({ ageMs: 50_000, late: 0, stale: 0 });
	expect(oldestOf([], 1)).toEqual({ ageMs: null, late: 0, stale: 0 });
});
