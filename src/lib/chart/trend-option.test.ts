import { describe, expect, it } from 'vitest';
import { dayTrend } from './day-trend.ts';
import { trendOption } from './trend-option.ts';

/** 03:20 in Shanghai */
const NOW = Date.parse('2026-11-21T19:20:00Z');
const GAP_FILL = 'url(#gap)';
const point = (at: string, visits: number | null) => ({ at, visits });

const trend = dayTrend(
	[
		point('2026-11-21T16:00:00Z', 4),
		point('2026-11-21T18:00:00Z', 0),
		point('2026-11-21T19:00:00Z', 2),
		point('2026-11-20T18:00:00Z', 7)
	],
	NOW
);

interface Drawn {
	readonly id: string;
	readonly data: readonly unknown[];
	readonly connectNulls?: boolean;
	readonly symbolSize?: (value: unknown, at: { dataIndex: number }) => number;
	readonly markArea?: { readonly itemStyle: { color: string }; readonly data: readonly unknown[] };
}

const series = trendOption(trend, GAP_FILL).series as unknown as readonly Drawn[];

describe('the trend chart', () => {
	it('draws an hour that nobody reported as a hatched gap and never as 0 [FR1]', () => {
		const [today] = series;
		expect(today!.data.slice(0, 3)).toEqual([4, null, 0]);
		expect(today!.markArea).toMatchObject({ itemStyle: { color: GAP_FILL }, data: [[{ xAxis: 1 }, { xAxis: 1 }]] });
	});

	it('marks the hour that is not over', () => {
		expect(series[0]!.data[3]).toMatchObject({ value: 2, itemStyle: { borderType: 'dashed' } });
	});

	it('breaks a line at a gap and shows an hour that stands alone', () => {
		const yesterday = series[1]!;
		expect(yesterday.id).toBe('yesterday');
		expect(yesterday.connectNulls).toBe(false);
		expect(yesterday.symbolSize!(7, { dataIndex: 2 })).toBeGreaterThan(0);
		expect(trendOption(dayTrend([], NOW), GAP_FILL)).toMatchObject({ animation: false });
	});

	it('says under a pointer what each day had, and that an hour is not over or not yet there', () => {
		const { tooltip } = trendOption(trend, GAP_FILL) as unknown as {
			tooltip: { formatter: (hover: unknown) => string };
		};
		expect(tooltip.formatter([{ dataIndex: 1 }])).toBe('01:00–02:00<br>今日 –<br>昨日 –<br>上周同日 –');
		expect(tooltip.formatter([{ dataIndex: 3 }])).toContain('03:00–04:00 至今<br>今日 2');
		expect(tooltip.formatter([{ dataIndex: 9 }])).toContain('今日 未到');
	});
});
