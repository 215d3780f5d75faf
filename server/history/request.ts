/** What a request for history asks, read from its query; every bad value is answered with one sentence. */
import { parseScope, type Scope } from '#domain/scope.ts';
import { dateText, dayOf, dayOfDate, dayStart, DAY_MS, SHANGHAI_OFFSET_MS } from '#domain/shanghai.ts';
import { SITE_KINDS, type SiteKind } from '#domain/site.ts';
import { parseTime } from '#server/stream/parse.ts';

/** The steps in which history is kept. */
export const PERIODS = [300, 3600, 86_400] as const;
export type Period = (typeof PERIODS)[number];

/** Points of one answer: a week of 5 minutes, 83 days of hours, five years of days. */
export const MAX_POINTS = 2000;
/** Days of one answer of `/api/fulfilment`: two leap years. */
const MAX_DAYS = 732;
/** What is asked for when no beginning is named. */
const DEFAULT_SPAN_MS = DAY_MS;

/** A question that cannot be asked; the message says how to. */
export class BadQuery extends Error {}

export interface ScopeQuery {
	readonly scope: Scope;
	/** null = all kinds */
	readonly kind: SiteKind | null;
}

export interface Range {
	readonly periodSeconds: Period;
	/** ms, the beginning of a period */
	readonly fromMs: number;
	/** ms, the end of a period; after `fromMs` */
	readonly toMs: number;
}

/** `scope=` (city when absent), `kind=` (service_station when absent, for one station all). Throws `BadQuery`. */
export function readScope(query: URLSearchParams): ScopeQuery {
	const scope = parseScope(query.get('scope') ?? 'city');
	if (!scope) throw new BadQuery('Use scope=city, district:CODE, street:CODE or station:CODE.');
	const text = query.get('kind') ?? (scope.level === 'station' ? 'all' : 'service_station');
	const kind = SITE_KINDS.find((one) => one === text) ?? null;
	if (kind === null && text !== 'all') throw new BadQuery(`Use kind=all or one of ${SITE_KINDS.join(', ')}.`);
	return { scope, kind };
}

/** `period=`, `from=`, `to=`; the range is widened to whole periods of Asia/Shanghai. Throws `BadQuery`. */
export function readRange(query: URLSearchParams, nowMs: number, allowed: readonly Period[] = PERIODS): Range {
	const text = query.get('period') ?? '3600';
	const periodSeconds = allowed.find((period) => String(period) === text);
	if (!periodSeconds) throw new BadQuery(`Use period=${allowed.join(' or ')} (seconds).`);
	const to = momentOf(query.get('to'), 'to') ?? nowMs;
	const from = momentOf(query.get('from'), 'from') ?? to - DEFAULT_SPAN_MS;
	if (from >= to) throw new BadQuery('`from` must lie before `to`.');
	const period = periodSeconds * 1000;
	const fromMs = Math.floor((from + SHANGHAI_OFFSET_MS) / period) * period - SHANGHAI_OFFSET_MS;
	const toMs = Math.ceil((to + SHANGHAI_OFFSET_MS) / period) * period - SHANGHAI_OFFSET_MS;
	const points = (toMs - fromMs) / period;
	if (points > MAX_POINTS) {
		throw new BadQuery(
			`That would be ${points} points; at most ${MAX_POINTS} are given at once. Ask for a shorter time or a longer period (${PERIODS.join(', ')} s).`
		);
	}
	return { periodSeconds, fromMs, toMs };
}

/** `day=YYYY-MM-DD` as a whole day of Asia/Shanghai; today when absent. Throws `BadQuery`. */
export function readDay(query: URLSearchParams, name: string, fallbackMs: number): number {
	const text = query.get(name);
	const day = text === null ? dayOf(fallbackMs) : dayOfDate(text);
	// Before 1970 there is nothing, and years of five digits are no date.
	if (!(day >= 0)) throw new BadQuery(`Write ${name} as a date, such as ${name}=${dateText(fallbackMs)}.`);
	return day;
}

/** `from=`, `to=` as days, both included; the last 30 when absent. Throws `BadQuery`. */
export function readDays(query: URLSearchParams, nowMs: number): { fromDay: number; toDay: number } {
	const toDay = readDay(query, 'to', nowMs);
	const fromDay = readDay(query, 'from', dayStart(toDay - 29));
	if (fromDay > toDay) throw new BadQuery('`from` must not lie after `to`.');
	const days = toDay - fromDay + 1;
	if (days > MAX_DAYS)
		throw new BadQuery(`That would be ${days} days; at most ${MAX_DAYS} are given at once. Ask for a shorter time.`);
	return { fromDay, toDay };
}

/** ms of an RFC 3339 moment, or of the beginning of a date there; null when absent. */
function momentOf(text: string | null, name: string): number | null {
	if (text === null) return null;
	const day = dayOfDate(text);
	// A plus sign that was not escaped arrives as a space.
	const ms = Number.isNaN(day) ? parseTime(text.replace(' ', '+')) : dayStart(day);
	if (Number.isNaN(ms) || ms < 0)
		throw new BadQuery(`Write ${name} as a moment with its zone, such as 2026-01-31T08:00:00Z, or as a date.`);
	return ms;
}
