/** Opening fulfilment (开放履约率) by day: how much of the posted hours was verified open, shut, or not known. Pure. */
import { m } from '#lib/paraglide/messages.js';
import { STILL, type ChartOption } from './chart-option.ts';
import { dateLabel, shareText } from './chart-text.ts';

/** A day of `GET /api/fulfilment`; seconds, summed over sites. */
export interface FulfilmentDay {
	/** YYYY-MM-DD in Asia/Shanghai */
	readonly day: string;
	readonly postedSeconds: number;
	readonly openSeconds: number;
	readonly unknownSeconds: number;
}

export interface FulfilmentShares {
	readonly day: string;
	/** of the posted seconds, 0 … 1; null where none were posted */
	readonly open: number | null;
	readonly shut: number | null;
	readonly unknown: number | null;
}

/** Open + shut + unknown = 1 on every day with posted hours; shut is what is left, so nothing is counted twice. */
export function fulfilmentShares(days: readonly FulfilmentDay[]): FulfilmentShares[] {
	return days.map(({ day, postedSeconds, openSeconds, unknownSeconds }) => {
		if (postedSeconds <= 0) return { day, open: null, shut: null, unknown: null };
		// In whole seconds first: what is left of a sum of fractions is not quite nothing.
		const open = Math.min(openSeconds, postedSeconds);
		const unknown = Math.min(unknownSeconds, postedSeconds - open);
		const share = (seconds: number): number => seconds / postedSeconds;
		return { day, open: share(open), shut: share(postedSeconds - open - unknown), unknown: share(unknown) };
	});
}

/** `gapFill`: of what nobody knows. */
export function fulfilmentOption(shares: readonly FulfilmentShares[], gapFill: string): ChartOption {
	return {
		...STILL,
		grid: { left: 4, right: 24, top: 10, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
		xAxis: { type: 'category', data: shares.map(({ day }) => dateLabel(day)), axisLabel: { hideOverlap: true } },
		yAxis: {
			type: 'value',
			min: 0,
			max: 1,
			interval: 0.25,
			axisLabel: { formatter: (value: number) => shareText(value) }
		},
		tooltip: { trigger: 'axis', confine: true, formatter: (hover) => hoverText(shares, hover) },
		series: [
			stack(
				'open',
				shares.map(({ open }) => open),
				'var(--chart-now)'
			),
			stack(
				'shut',
				shares.map(({ shut }) => shut),
				'var(--status-closed-unplanned)'
			),
			stack(
				'unknown',
				shares.map(({ unknown }) => unknown),
				gapFill
			)
		]
	};
}

type Series = Extract<NonNullable<ChartOption['series']>, readonly unknown[]>[number];

function stack(id: string, values: readonly (number | null)[], color: string): Series {
	return {
		id,
		type: 'bar',
		stack: 'posted',
		barCategoryGap: '30%',
		itemStyle: { color },
		emphasis: { disabled: true },
		data: [...values]
	};
}

function hoverText(shares: readonly FulfilmentShares[], hover: unknown): string {
	const [first] = Array.isArray(hover) ? (hover as { dataIndex?: number }[]) : [];
	const day = shares[first?.dataIndex ?? -1];
	if (!day) return '';
	return [
		dateLabel(day.day),
		`${m.chart_verified_open()} ${shareText(day.open)}`,
		`${m.chart_shut()} ${shareText(day.shut)}`,
		`${m.chart_not_known()} ${shareText(day.unknown)}`
	].join('<br>');
}
