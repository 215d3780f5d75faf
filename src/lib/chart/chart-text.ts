/** How figures are written in charts. */
import { getLocale } from '#lib/paraglide/runtime.js';

export const NOT_KNOWN = '–';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** With its thousands parted (both languages part them by commas); `–` where it is not known, never 0. */
export function countText(value: number | null): string {
	return value === null ? NOT_KNOWN : grouped.format(value);
}

/** `09:00`; hours are of Asia/Shanghai. */
export function hourText(hour: number): string {
	return `${String(hour).padStart(2, '0')}:00`;
}

/** A change as `+12%`, `−3%`, `±0%`; `–` where there is nothing to compare with. */
export function changeText(change: number | null): string {
	if (change === null) return NOT_KNOWN;
	const percent = Math.round(change * 100);
	const sign = percent > 0 ? '+' : percent < 0 ? '−' : '±';
	return `${sign}${grouped.format(Math.abs(percent))}%`;
}

/** Whole percent of a share 0 … 1; never rounded up to 100 % or down to 0 %. */
export function shareText(share: number | null): string {
	if (share === null) return NOT_KNOWN;
	const percent = share * 100;
	return `${percent > 99 && percent < 100 ? 99 : percent > 0 && percent < 1 ? 1 : Math.round(percent)}%`;
}

/** `11月22日`, `Nov 22`: a date written YYYY-MM-DD. */
export function dateLabel(date: string): string {
	const moment = new Date(`${date}T00:00:00Z`);
	const locale = getLocale() === 'zh' ? 'zh-CN' : 'en';
	return new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(moment);
}
