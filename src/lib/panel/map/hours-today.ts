/** What a site promises today, and when that changes next. Pure; moments are of Asia/Shanghai. */
import {
	isPostedOpen,
	nextHoursChange,
	type HoursException,
	type OpenInterval,
	type WeeklyHours
} from '#domain/hours.ts';
import { dateText, weekdayOf } from '#domain/shanghai.ts';

export interface PostedHours {
	readonly hours: WeeklyHours | null;
	readonly hoursExceptions: readonly HoursException[];
}

export interface HoursToday {
	/** null = not known; empty = closed all day */
	readonly intervals: readonly OpenInterval[] | null;
	/** why other hours than usual hold today */
	readonly note: string | null;
	/** null = not known */
	readonly isOpenNow: boolean | null;
	/** ms; null = it stays as it is for the next days */
	readonly nextChange: number | null;
}

export function hoursToday({ hours, hoursExceptions }: PostedHours, nowMs: number): HoursToday {
	const exception = hoursExceptions.find(({ date }) => date === dateText(nowMs));
	return {
		intervals: exception ? exception.intervals : (hours?.[weekdayOf(nowMs)] ?? null),
		note: exception?.note ?? null,
		isOpenNow: isPostedOpen(hours, hoursExceptions, nowMs),
		nextChange: nextHoursChange(hours, hoursExceptions, nowMs)
	};
}

/** `08:30–12:00`; past midnight goes on counting as `次日` would: 20:00–02:00. */
export function intervalText({ from, to }: OpenInterval): string {
	return `${minuteText(from)}–${to === 1440 ? '24:00' : minuteText(to % 1440)}`;
}

const minuteText = (minute: number): string =>
	`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
