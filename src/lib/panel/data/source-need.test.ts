import { expect, it } from 'vitest';
import { inNeed, lagOf, needOf, type SourceRow } from './source-need.ts';

const NOW = 10_000_000;
const source = (agoSeconds: number, periodSeconds = 60): SourceRow => ({
	source: `s-${agoSeconds}`,
	periodSeconds,
	lastSeen: NOW - agoSeconds * 1000,
	freshness: 'fresh'
});

it('a source within its period has no lag, one beyond has what is beyond', () => {
	expect([lagOf(source(59), NOW), lagOf(source(100), NOW)]).toEqual([0, 40_000]);
});

it('stale comes before late before fresh, and within one the more periods missed', () => {
	const sources = [source(10), source(3600), source(100), source(400), source(150)];
	const order = sources.toSorted((a, b) => needOf(b, NOW) - needOf(a, NOW)).map((one) => one.source);
	expect(order).toEqual(['s-3600', 's-400', 's-150', 's-100', 's-10']);
});

it('a slow source is not late by the clock of a fast one', () => {
	expect(inNeed([source(3000, 3600), source(3000, 60)], NOW)).toBe(1);
});
