/**
 * Posted opening hours: what a site promises. Days and minutes are of Asia/Shanghai (UTC+8, no summer time).
 * 0 = Monday … 6 = Sunday; minutes since midnight; an interval may end past 1440 when it runs over midnight.
 */
import { readHoursText, type HoursToken } from './hours-text.ts';
import { DAY_MS, dayOf, dayOfDate, dayStart, minuteOfDay, weekdayOfDay } from './shanghai.ts';

export interface OpenInterval {
	readonly from: number;
	readonly to: number;
}
/** Seven days, each with its intervals; an empty day is closed by plan. */
export type WeeklyHours = readonly (readonly OpenInterval[])[];
/** One date (YYYY-MM-DD) on which other hours hold. */
export interface HoursException {
	readonly date: string;
	readonly intervals: readonly OpenInterval[];
	readonly note?: string;
}
export interface HonourRecord {
	/** national | provincial | city */
	readonly level: string;
	readonly year?: number;
	readonly title: string;
}

const MINUTE_MS = 60_000;
const FULL_DAY = 1440;
/** `nextHoursChange` looks this far: a week and one day, so that a weekly opening is always found. */
const HORIZON_MS = 8 * DAY_MS;

/** Open day and night, every day. */
export const ALWAYS_OPEN: WeeklyHours = Array.from({ length: 7 }, () => [{ from: 0, to: FULL_DAY }]);

export interface ParsedHours {
	/** null = unknown: the text did not say clearly when the site is open */
	readonly hours: WeeklyHours | null;
	readonly is24h: boolean;
	/** A sentence on what was not understood; with hours it names the part that weekly hours cannot hold */
	readonly problem?: string;
}

/**
 * Reads a posted-hours text such as `周一至周五 08:30-12:00,13:00-17:30`, `24小时` or `Mon-Fri 08:00-18:00`.
 * Days that are not named are closed when others are; without any day the times hold every day. Never throws.
 */
export function parseHours(text: string): ParsedHours {
	if (text.trim() === '') return unknownHours('no hours are given');
	const { tokens, leftover } = readHoursText(text);
	if (leftover !== null) return unknownHours(`"${leftover.slice(0, 20)}" was not understood`);
	const groups = groupTokens(tokens);
	if (groups === null) return unknownHours('a break or a closing is given without its days');
	if (groups.some((group) => group.days.length > 0 && !group.isClosed && group.spans.length === 0))
		return unknownHours('days are named without times');
	if (!groups.some((group) => group.spans.length > 0)) return unknownHours('no times are given');
	const hours = weekOf(groups);
	const parsed = { hours, is24h: hours.every((day) => day[0]?.from === 0 && day[0].to >= FULL_DAY) };
	const namesHolidays = groups.some((group) => group.isHoliday);
	return namesHolidays ? { ...parsed, problem: 'public holidays are not part of weekly hours' } : parsed;
}

/**
 * Whether a site promises to be open at a moment; null = its hours are unknown. Called for every site at every tick,
 * so it allocates nothing. An interval over midnight belongs to the day it began on, exceptions included.
 */
export function isPostedOpen(
	hours: WeeklyHours | null,
	exceptions: readonly HoursException[],
	atMs: number
): boolean | null {
	const day = dayOf(atMs);
	const minute = minuteOfDay(atMs);
	const today = intervalsOn(hours, exceptions, day);
	if (today !== null && covers(today, minute)) return true;
	const yesterday = intervalsOn(hours, exceptions, day - 1);
	if (yesterday !== null && covers(yesterday, minute + FULL_DAY)) return true;
	return today === null ? null : false;
}

/** The first moment (ms) after `atMs`, within 8 days, at which `isPostedOpen` gives another answer; null = none. */
export function nextHoursChange(
	hours: WeeklyHours | null,
	exceptions: readonly HoursException[],
	atMs: number
): number | null {
	if (hours === null && exceptions.length === 0) return null;
	const now = isPostedOpen(hours, exceptions, atMs);
	let edge = nextEdge(hours, exceptions, atMs);
	while (edge <= atMs + HORIZON_MS) {
		if (isPostedOpen(hours, exceptions, edge) !== now) return edge;
		edge = nextEdge(hours, exceptions, edge);
	}
	return null;
}

/** The next midnight or end of an interval after a moment: nothing can change between two edges. */
function nextEdge(hours: WeeklyHours | null, exceptions: readonly HoursException[], atMs: number): number {
	const today = dayOf(atMs);
	let next = dayStart(today + 1);
	for (let day = today - 1; day <= today; day++) {
		const intervals = intervalsOn(hours, exceptions, day);
		if (intervals === null) continue;
		const start = dayStart(day);
		for (const { from, to } of intervals) {
			const opens = start + from * MINUTE_MS;
			const closes = start + to * MINUTE_MS;
			if (opens > atMs && opens < next) next = opens;
			if (closes > atMs && closes < next) next = closes;
		}
	}
	return next;
}

function intervalsOn(
	hours: WeeklyHours | null,
	exceptions: readonly HoursException[],
	day: number
): readonly OpenInterval[] | null {
	for (const exception of exceptions) if (dayOfDate(exception.date) === day) return exception.intervals;
	return hours === null ? null : (hours[weekdayOfDay(day)] ?? null);
}

function covers(intervals: readonly OpenInterval[], minute: number): boolean {
	for (const interval of intervals) if (minute >= interval.from && minute < interval.to) return true;
	return false;
}

interface Group {
	readonly days: readonly number[];
	readonly spans: readonly OpenInterval[];
	readonly isClosed: boolean;
	readonly isHoliday: boolean;
}

const NO_GROUP: Group = { days: [], spans: [], isClosed: false, isHoliday: false };

function unknownHours(problem: string): ParsedHours {
	return { hours: null, is24h: false, problem };
}

/** Days open a group, times and closings fill it. null = a closing that follows times (a break) or stands alone. */
function groupTokens(tokens: readonly HoursToken[]): Group[] | null {
	const groups: Group[] = [];
	let group = NO_GROUP;
	for (const token of tokens) {
		const isFilled = group.isClosed || group.spans.length > 0;
		if (isFilled && (token.kind === 'days' || token.kind === 'holidays' || group.isClosed)) {
			groups.push(group);
			group = NO_GROUP;
		}
		if (token.kind === 'days') group = { ...group, days: [...new Set([...group.days, ...token.days])] };
		else if (token.kind === 'holidays') group = { ...group, isHoliday: true };
		else if (token.kind === 'span') group = { ...group, spans: [...group.spans, { from: token.from, to: token.to }] };
		else if (group.spans.length > 0 || (group.days.length === 0 && !group.isHoliday)) return null;
		else group = { ...group, isClosed: true };
	}
	return withTrailingDays([...groups, group]);
}

/** `08:00-20:00(工作日)`: days at the end belong to the times before them when those name none. */
function withTrailingDays(groups: Group[]): Group[] {
	const last = groups.at(-1) ?? NO_GROUP;
	const before = groups.at(-2);
	const isBareDays = last.days.length > 0 && !last.isClosed && last.spans.length === 0;
	if (!isBareDays || before === undefined || before.days.length > 0 || before.isHoliday) return groups;
	return [...groups.slice(0, -2), { ...last, spans: before.spans }];
}

/** For each day the groups that name it most narrowly hold: `每天 8:00-20:00,周六 9:00-17:00`. */
function weekOf(groups: readonly Group[]): WeeklyHours {
	const named = groups.filter((group) => group.days.length > 0);
	const general = groups.filter((group) => group.days.length === 0 && !group.isHoliday);
	return Array.from({ length: 7 }, (_, day) => {
		const naming = named.filter((group) => group.days.includes(day));
		const narrowest = Math.min(...naming.map((group) => group.days.length));
		const holding = naming.length > 0 ? naming.filter((group) => group.days.length === narrowest) : general;
		return merged(holding.flatMap((group) => group.spans));
	});
}

function merged(spans: readonly OpenInterval[]): OpenInterval[] {
	const result: OpenInterval[] = [];
	for (const next of spans.toSorted((a, b) => a.from - b.from)) {
		const last = result.at(-1);
		if (last !== undefined && next.from <= last.to)
			result[result.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
		else result.push(next);
	}
	return result;
}
