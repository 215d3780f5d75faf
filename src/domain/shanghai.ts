/**
 * Time in Asia/Shanghai: UTC+8, no summer time since 1991. Fixed arithmetic instead of Intl, because these run
 * for every station and event. Moments are ms since 1970 UTC; a "day" is whole days since 1970-01-01 there.
 */
const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Whole days since 1970-01-01 in UTC+8. */
export function dayOf(ms: number): number {
	return Math.floor((ms + SHANGHAI_OFFSET_MS) / DAY_MS);
}

/** The moment a day of `dayOf` begins. */
export function dayStart(day: number): number {
	return day * DAY_MS - SHANGHAI_OFFSET_MS;
}

/** 0 … 1439 */
export function minuteOfDay(ms: number): number {
	return Math.floor((ms - dayStart(dayOf(ms))) / MINUTE_MS);
}

/** 0 = Monday … 6 = Sunday, of a day of `dayOf`. 1970-01-01 was a Thursday. */
export function weekdayOfDay(day: number): number {
	return (((day + 3) % 7) + 7) % 7;
}

/** 0 = Monday … 6 = Sunday */
export function weekdayOf(ms: number): number {
	return weekdayOfDay(dayOf(ms));
}

/** YYYY-MM-DD of the day in which the moment falls. */
export function dateText(ms: number): string {
	return new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The day of a date written YYYY-MM-DD; NaN where the text is no such date. Allocates nothing. */
export function dayOfDate(text: string): number {
	if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NaN;
	const year = digits(text, 0, 4);
	const month = digits(text, 5, 7);
	const day = digits(text, 8, 10);
	const moment = Date.UTC(year, month - 1, day);
	const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
	return isReal ? moment / DAY_MS : NaN;
}

function digits(text: string, from: number, to: number): number {
	let value = 0;
	for (let index = from; index < to; index++) {
		const digit = text.charCodeAt(index) - 48;
		if (digit < 0 || digit > 9) return NaN;
		value = value * 10 + digit;
	}
	return value;
}

function daysIn(year: number, month: number): number {
	if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
