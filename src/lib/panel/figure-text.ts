/** How figures are written. Pure: moments come in, texts come out. */
import { dateText, dayOf, minuteOfDay, weekdayOf, SHANGHAI_OFFSET_MS } from '#domain/shanghai.ts';
import { NOT_KNOWN, words } from '#lib/words.ts';

const grouped = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 });

/** A figure with its thousands parted; `–` where it is not known, never 0. */
export function numberText(value: number | null): string {
	return value === null ? NOT_KNOWN : grouped.format(value);
}

/** A figure that fits a tile: from a million on in 万. */
export function shortNumberText(value: number | null): string {
	return value === null || value < 1_000_000 ? numberText(value) : words.tenThousands(numberText(value / 10_000));
}

/** Whole percent of a part; `–` where there is no whole. Never rounds up to 100 % or down to 0 %. */
export function percentText(part: number | null, whole: number | null): string {
	if (part === null || !whole) return NOT_KNOWN;
	const percent = (part / whole) * 100;
	const shown = percent > 99 && percent < 100 ? 99 : percent > 0 && percent < 1 ? 1 : Math.round(percent);
	return `${shown}%`;
}

/** An age in its largest whole unit: `3 秒`, `2 分`, `1 小时`, `4 天`. A moment ahead of the clock is 0 秒. */
export function ageText(ageMs: number | null): string {
	if (ageMs === null) return NOT_KNOWN;
	const seconds = Math.max(0, Math.floor(ageMs / 1000));
	if (seconds < 60) return words.age.seconds(seconds);
	if (seconds < 3600) return words.age.minutes(Math.floor(seconds / 60));
	if (seconds < 86_400) return words.age.hours(Math.floor(seconds / 3600));
	return words.age.days(Math.floor(seconds / 86_400));
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A duration as `HH:MM:SS`; hours go on past 99. */
export function elapsedText(elapsedMs: number): string {
	const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
	return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Time of day in Asia/Shanghai, `HH:MM:SS`. */
export function clockText(ms: number): string {
	return new Date(ms + SHANGHAI_OFFSET_MS).toISOString().slice(11, 19);
}

/** Hours and minutes in Asia/Shanghai, with the date in front when it is not the day of `nowMs`. */
export function momentText(ms: number, nowMs: number): string {
	const minute = minuteOfDay(ms);
	const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
	return dayOf(ms) === dayOf(nowMs) ? time : `${dateText(ms).slice(5)} ${time}`;
}

/** `2026-11-22 周日` in Asia/Shanghai. */
export function dayText(ms: number): string {
	return `${dateText(ms)} ${words.weekdays[weekdayOf(ms)] ?? ''}`;
}
