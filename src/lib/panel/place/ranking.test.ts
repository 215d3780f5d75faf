import { expect, test } from 'vitest';
import type { AreaKpis } from '#domain/view.ts';
import { rankPlaces } from './ranking.ts';

function place(code: string, over: Partial<AreaKpis> = {}): AreaKpis {
	return {
		code,
		name: code,
		level: 'district',
		parentCode: 'C',
		stations: 10,
		open: 0,
		closedUnplanned: 0,
		unknown: 0,
		visitsToday: null,
		insideNow: null,
		devicesOnline: null,
		devicesTotal: null,
		postedSeconds: null,
		openSeconds: null,
		unknownSeconds: null,
		...over
	};
}

test('ranks by hours kept; whoever is not known comes last, without a rank and without a bar [FR1]', () => {
	const lines = rankPlaces(
		[
			place('silent', { postedSeconds: 100, openSeconds: 0, unknownSeconds: 100 }),
			place('worst', { postedSeconds: 100, openSeconds: 0, unknownSeconds: 20 }),
			place('best', { postedSeconds: 100, openSeconds: 90, unknownSeconds: 0 })
		],
		'fulfilment'
	);
	expect(lines.map(({ code, rank, share, text }) => [code, rank, share, text])).toEqual([
		['best', 1, 0.9, '90%'],
		['worst', 2, 0, '0%'],
		['silent', null, null, '–']
	]);
	expect(lines[1]!.note).toContain('20%');
});

test('writes shares so exactly that those which read the same are the same, and never rounds up to all', () => {
	const lines = rankPlaces(
		[
			place('a', { postedSeconds: 100_000, openSeconds: 99_980, unknownSeconds: 0 }),
			place('b', { postedSeconds: 100_000, openSeconds: 99_420, unknownSeconds: 0 }),
			place('c', { postedSeconds: 100_000, openSeconds: 99_410, unknownSeconds: 0 }),
			place('d', { postedSeconds: 100_000, openSeconds: 1, unknownSeconds: 0 })
		],
		'fulfilment'
	);
	expect(lines.map(({ rank, text }) => [rank, text])).toEqual([
		[1, '99.9%'],
		[2, '99.4%'],
		[2, '99.4%'],
		[4, '0.1%']
	]);
});

test('equal figures share a rank, and bars are drawn beside the largest', () => {
	const lines = rankPlaces(
		[place('a', { visitsToday: 5 }), place('b', { visitsToday: 10 }), place('c', { visitsToday: 5 })],
		'visits'
	);
	expect(lines.map(({ rank, share }) => [rank, share])).toEqual([
		[1, 1],
		[2, 0.5],
		[2, 0.5]
	]);
});

test('visits for each station let a small place stand beside a large one', () => {
	const lines = rankPlaces(
		[place('large', { visitsToday: 50, stations: 100 }), place('small', { visitsToday: 20, stations: 10 })],
		'visits-per-station'
	);
	expect(lines.map(({ code, text }) => [code, text])).toEqual([
		['small', '2'],
		['large', '0.5']
	]);
});

test('a place nobody came to is 0, and one of which nobody told is not', () => {
	const lines = rankPlaces([place('none'), place('zero', { visitsToday: 0 })], 'visits');
	expect(lines.map(({ code, text, rank }) => [code, text, rank])).toEqual([
		['zero', '0', 1],
		['none', '–', null]
	]);
});
