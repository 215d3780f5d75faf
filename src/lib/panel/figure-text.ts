/**
 * How figures are written, in the language of the page. Pure but for that: moments come in, texts come out. Moments are
 * always those of Asia/Shanghai, wherever the page runs.
 */
import { dateText, dayOf, minuteOfDay, SHANGHAI_OFFSET_MS } from '#domain/shanghai.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** Not known: never 0, never empty. */
export const NOT_KNOWN = '–';

type Locale = ReturnType<typeof getLocale>;

interface Formats {
	readonly grouped: Intl.NumberFormat;
	/** 万 and 亿 in Chinese, M and B in English */
	readonly compact: Intl.NumberFormat;
	readonly weekday: Intl.DateTimeFormat;
	readonly day: Intl.DateTimeFormat;
	readonly dayAndMonth: Intl.DateTimeFormat;
}

/** Making one takes longer than using it a hundred times. Numbers and dates may follow different customs. */
function formats(tag: string, numbers = tag): Formats {
	const timeZone = 'Asia/Shanghai';
	return {
		grouped: new Intl.NumberFormat(numbers, { maximumFractionDigits: 1 }),
		compact: new Intl.NumberFormat(numbers, { notation: 'compact', maximumFractionDigits: 1 }),
		weekday: new Intl.DateTimeFormat(tag, { timeZone, weekday: 'short' }),
		day: new Intl.DateTimeFormat(tag, { timeZone, day: 'numeric', month: 'short', year: 'numeric', weekday: 'short' }),
		dayAndMonth: new Intl.DateTimeFormat(tag, { timeZone, day: 'numeric', month: 'short' })
	};
}

const FORMATS: Record<Locale, Formats> = { zh: formats('zh-CN'), en: formats('en-GB', 'en-US') };

const own = (): Formats => FORMATS[getLocale()];

/** A figure with its thousands parted; `–` where it is not known, never 0. */
export function numberText(value: number | null): string {
	return value === null ? NOT_KNOWN : own().grouped.format(value);
}

/** A figure that fits a tile: from a million on in 万 or in M. */
export function shortNumberText(value: number | null): string {
	return value === null || value < 1_000_000 ? numberText(value) : own().compact.format(value);
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
	if (seconds < 60) return m.figure_age_seconds({ count: seconds });
	if (seconds < 3600) return m.figure_age_minutes({ count: Math.floor(seconds / 60) });
	if (seconds < 86_400) return m.figure_age_hours({ count: Math.floor(seconds / 3600) });
	return m.figure_age_days({ count: Math.floor(seconds / 86_400) });
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
	if (dayOf(ms) === dayOf(nowMs)) return time;
	const date = getLocale() === 'zh' ? dateText(ms).slice(5) : own().dayAndMonth.format(ms);
	return `${date} ${time}`;
}

/** `2026-11-22 周日`, `Sun, 22 Nov 2026`: the day in Asia/Shanghai. */
export function dayText(ms: number): string {
	return getLocale() === 'zh' ? `${dateText(ms)} ${own().weekday.format(ms)}` : own().day.format(ms);
}

/** How long something lasted, in its two largest units: `10 分 12 秒`, `2 小时 5 分`. */
export function durationText(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1000));
	if (seconds < 60) return ageText(seconds * 1000);
	const unit = seconds < 3600 ? 60 : seconds < 86_400 ? 3600 : 86_400;
	const rest = seconds % unit;
	const large = ageText((seconds - rest) * 1000);
	const isRestSmall = rest < unit / (unit === 86_400 ? 24 : 60);
	return isRestSmall ? large : m.figure_duration_two({ large, small: ageText(rest * 1000) });
}
