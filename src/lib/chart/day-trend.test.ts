import { describe, expect, it } from 'vitest';
import { dayTrend, type TrendPoint } from './day-trend.ts';

/** 09:41 in Shanghai */
const NOW = Date.parse('2026-11-22T01:41:00Z');
const at = (date: string, hour: number): string =>
	new Date(Date.parse(`${date}T00:00:00+08:00`) + hour * 3_600_000).toISOString();

function points(date: string, visits: readonly (number | null)[]): TrendPoint[] {
	return visits.map((value, hour) => ({ at: at(date, hour), visits: value }));
}

describe('the trend of a day', () => {
	it('puts each hour of Shanghai into its place on its day', () => {
		const trend = dayTrend(
			[...points('2026-11-22', [5, 6]), ...points('2026-11-21', [7]), ...points('2026-11-15', [8])],
			NOW
		);
		expect(trend.today.slice(0, 3)).toEqual([5, 6, null]);
		expect(trend.yesterday[0]).toBe(7);
		expect(trend.weekAgo[0]).toBe(8);
		expect(trend.today).toHaveLength(24);
		expect(trend.hour).toBe(9);
	});

	it('keeps an hour in which nobody reported apart from one without visits [FR1]', () => {
		const trend = dayTrend(points('2026-11-22', [0, null, 3]), NOW);
		expect(trend.today.slice(0, 3)).toEqual([0, null, 3]);
		expect(trend.gaps).toEqual([1, 3, 4, 5, 6, 7, 8]);
	});

	it('calls no hour a gap that is not over', () => {
		expect(dayTrend([], Date.parse('2026-11-21T16:20:00Z')).gaps).toEqual([]);
	});

	it('compares hours that are over and that both days know', () => {
		const trend = dayTrend(
			[
				...points('2026-11-22', [10, null, 20, 30, 0, 0, 0, 0, 0, 999]),
				...points('2026-11-21', [5, 100, 15, null, 0, 0, 0, 0, 0, 1])
			],
			NOW
		);
		expect(trend.againstYesterday).toEqual({ today: 30, then: 20, change: 0.5, hours: 7 });
		expect(trend.againstWeekAgo).toBeNull();
	});

	it('has no change against a day without a visit', () => {
		const trend = dayTrend([...points('2026-11-22', [4]), ...points('2026-11-21', [0])], NOW);
		expect(trend.againstYesterday).toMatchObject({ then: 0, change: null });
	});

	it('leaves out what belongs to other days', () => {
		expect(dayTrend(points('2026-11-20', [9]), NOW).yesterday.every((value) => value === null)).toBe(true);
	});
});
