/** A day by its hours, beside the day before and the same weekday a week ago. Pure: points and the time come in. */
import { dayOf, dayStart, minuteOfDay } from '#domain/shanghai.ts';

export const HOURS = 24;
const HOUR_MS = 3_600_000;

/** What a trend takes of a point of `GET /api/history/compare`: the hour that begins at `at` (ISO). */
export interface TrendPoint {
	readonly at: string;
	/** null = nobody reported in that hour */
	readonly visits: number | null;
}

/** One value for each hour of a day in Asia/Shanghai; null = nobody reported, which is not 0. */
export type HourValues = readonly (number | null)[];

export interface DayTrend {
	readonly today: HourValues;
	readonly yesterday: HourValues;
	/** the same weekday, seven days ago */
	readonly weekAgo: HourValues;
	/** 0 … 23: the hour that is not over; those after it have no value yet */
	readonly hour: number;
	/** hours of today that are over and in which nobody reported */
	readonly gaps: readonly number[];
	/** over the hours that are over and known on both days; null = there are none */
	readonly againstYesterday: Comparison | null;
	readonly againstWeekAgo: Comparison | null;
}

export interface Comparison {
	readonly today: number;
	readonly then: number;
	/** today ÷ then − 1; null where then was 0 */
	readonly change: number | null;
	/** hours compared */
	readonly hours: number;
}

/** Points outside the three days are left out; hours without a point are null. */
export function dayTrend(points: readonly TrendPoint[], nowMs: number): DayTrend {
	const day = dayOf(nowMs);
	const hour = Math.floor(minuteOfDay(nowMs) / 60);
	const today = hoursOf(points, day);
	const yesterday = hoursOf(points, day - 1);
	const weekAgo = hoursOf(points, day - 7);
	return {
		today,
		yesterday,
		weekAgo,
		hour,
		gaps: today.flatMap((value, index) => (value === null && index < hour ? [index] : [])),
		againstYesterday: compare(today, yesterday, hour),
		againstWeekAgo: compare(today, weekAgo, hour)
	};
}

function hoursOf(points: readonly TrendPoint[], day: number): (number | null)[] {
	const from = dayStart(day);
	const values = Array.from<unknown, number | null>({ length: HOURS }, () => null);
	for (const { at, visits } of points) {
		const hour = Math.floor((Date.parse(at) - from) / HOUR_MS);
		if (hour >= 0 && hour < HOURS) values[hour] = visits;
	}
	return values;
}

/** An hour that only one of the days knows would make the other look better. */
function compare(today: HourValues, then: HourValues, hour: number): Comparison | null {
	let [sumToday, sumThen, hours] = [0, 0, 0];
	for (let index = 0; index < hour; index++) {
		const [one, other] = [today[index] ?? null, then[index] ?? null];
		if (one === null || other === null) continue;
		sumToday += one;
		sumThen += other;
		hours++;
	}
	if (hours === 0) return null;
	return { today: sumToday, then: sumThen, change: sumThen === 0 ? null : sumToday / sumThen - 1, hours };
}
