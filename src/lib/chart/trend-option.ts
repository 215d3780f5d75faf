/** How a day by its hours is drawn: today as bars, the days to compare with as lines. Pure. */
import { m } from '#lib/paraglide/messages.js';
import { STILL, type ChartOption } from './chart-option.ts';
import { HOURS, type DayTrend } from './day-trend.ts';
import { countText, hourText } from './chart-text.ts';

const HOUR_NAMES = Array.from({ length: HOURS }, (_, hour) => hourText(hour));

/** `gapFill`: of an hour in which nobody reported. */
export function trendOption(trend: DayTrend, gapFill: string): ChartOption {
	return {
		...STILL,
		grid: { left: 4, right: 8, top: 10, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		xAxis: { type: 'category', data: HOUR_NAMES, axisLabel: { interval: 2, hideOverlap: true } },
		yAxis: { type: 'value', min: 0, minInterval: 1, splitNumber: 3, axisLabel: { formatter: countText } },
		tooltip: { trigger: 'axis', confine: true, formatter: (hover) => hoverText(trend, hover) },
		series: [
			bars(trend, gapFill),
			line('yesterday', trend.yesterday, 'solid'),
			line('week-ago', trend.weekAgo, 'dashed')
		]
	};
}

type Series = Extract<NonNullable<ChartOption['series']>, readonly unknown[]>[number];

/** A bar that is not over is hollow: it will grow. Hours without a report are hatched, which no bar of 0 is. */
function bars({ today, hour, gaps }: DayTrend, gapFill: string): Series {
	return {
		id: 'today',
		type: 'bar',
		barCategoryGap: '32%',
		itemStyle: { color: 'var(--chart-now)' },
		emphasis: { disabled: true },
		data: today.map((value, index) =>
			index === hour
				? {
						value,
						itemStyle: {
							color: 'var(--chart-open)',
							borderColor: 'var(--chart-now)',
							borderWidth: 1.5,
							borderType: 'dashed'
						}
					}
				: value
		),
		markArea: {
			silent: true,
			itemStyle: { color: gapFill },
			data: gaps.map((gap) => [{ xAxis: gap }, { xAxis: gap }])
		}
	};
}

/** A line breaks where nobody reported; an hour that stands alone between two gaps is a dot. */
function line(id: string, values: DayTrend['today'], type: 'solid' | 'dashed'): Series {
	const color = type === 'solid' ? 'var(--chart-then)' : 'var(--chart-before)';
	return {
		id,
		type: 'line',
		connectNulls: false,
		showSymbol: true,
		symbol: 'circle',
		symbolSize: (_value, { dataIndex }) => (isAlone(values, dataIndex) ? 5 : 0),
		lineStyle: { color, type },
		itemStyle: { color },
		emphasis: { disabled: true },
		data: [...values]
	};
}

const isAlone = (values: DayTrend['today'], index: number): boolean =>
	(values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;

function hoverText(trend: DayTrend, hover: unknown): string {
	const [first] = Array.isArray(hover) ? (hover as { dataIndex?: number }[]) : [];
	const hour = first?.dataIndex;
	if (hour === undefined) return '';
	const next = hourText((hour + 1) % HOURS);
	const rows = [
		`${HOUR_NAMES[hour] ?? ''}–${next}${hour === trend.hour ? ` ${m.chart_so_far()}` : ''}`,
		`${m.chart_today()} ${hour > trend.hour ? m.chart_not_yet() : countText(trend.today[hour] ?? null)}`,
		`${m.chart_yesterday()} ${countText(trend.yesterday[hour] ?? null)}`,
		`${m.chart_week_ago()} ${countText(trend.weekAgo[hour] ?? null)}`
	];
	return rows.join('<br>');
}
