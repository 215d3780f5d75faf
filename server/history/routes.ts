/** `GET /api/history…`: what happened in a scope, by 5 minutes, hours or days of Asia/Shanghai. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { OCCUPATIONS } from '#domain/event.ts';
import { formatScope } from '#domain/scope.ts';
import { dateText, dayStart } from '#domain/shanghai.ts';
import { ableInScope } from '#server/access/rule.ts';
import { prepareJson, sendPrepared } from '#server/http/prepared.ts';
import { sendProblem, type Routes } from '#server/http/route.ts';
import {
	countReporting,
	loadDays,
	historyPlace,
	loadHistory,
	type DaySums,
	type HistoryPlace
} from '#server/store/history-store.ts';
import type { Database } from '#server/store/query.ts';
import { fulfilmentDays, type FulfilmentDay } from './fulfilment.ts';
import { checkOccupationQuery, maskedOccupations, occupationPoints, type OccupationPoint } from './occupations.ts';
import { pointsOf, type HistoryPoint } from './points.ts';
import { BadQuery, readDay, readDays, readRange, readScope, type Range, type ScopeQuery } from './request.ts';

export interface HistoryOptions {
	readonly db: Database;
	readonly now: () => number;
	/** ms: up to where the history may be complete (complete.ts) */
	readonly completeUntil: () => number;
}

/** What `GET /api/history` answers. */
export interface History {
	readonly scope: string;
	/** a kind of site, or `all` */
	readonly kind: string;
	readonly periodSeconds: number;
	readonly from: string;
	readonly to: string;
	/** end of the newest 5 minutes that may be complete; null = the server has read nothing yet. Later points are not whole. */
	readonly asOf: string | null;
	readonly points: readonly HistoryPoint[];
}

/** What `GET /api/history/compare` answers: 24 points each. */
export interface HistoryComparison extends Pick<History, 'scope' | 'kind' | 'asOf'> {
	readonly day: string;
	readonly today: readonly HistoryPoint[];
	readonly yesterday: readonly HistoryPoint[];
	/** the same weekday of the week before */
	readonly sameWeekday: readonly HistoryPoint[];
}

/** What `GET /api/history/occupations` answers. */
export interface OccupationHistory extends Omit<History, 'points'> {
	/** names of the counts, in their order */
	readonly occupations: typeof OCCUPATIONS;
	readonly points: readonly OccupationPoint[];
}

/** What `GET /api/fulfilment` answers. */
export interface Fulfilment extends Pick<History, 'scope' | 'kind'> {
	readonly days: readonly FulfilmentDay[];
}

/**
 * Rows of sites that one request walks over to count those that reported. The embedded database works in our own thread,
 * so this is also how long events may wait: some tens of ms.
 */
const MAX_ROWS_COUNTED = 20_000;

export function historyRoutes(options: HistoryOptions): Routes {
	const door =
		(answer: (options: HistoryOptions, query: URLSearchParams) => Promise<object | null>) =>
		async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
			try {
				const body = await answer(options, url.searchParams);
				if (body) sendPrepared(request, response, await prepareJson(body, 'history'));
				else sendProblem(response, 404, 'unknown_scope', 'The registry has no such area or site. See /api/state.');
			} catch (error) {
				if (!(error instanceof BadQuery)) throw error;
				sendProblem(response, 400, 'bad_query', error.message);
			}
		};
	const rule = ableInScope('figures', 'see');
	return new Map([
		['GET /api/history', { rule, answer: door(historyOf) }],
		['GET /api/history/compare', { rule, answer: door(comparisonOf) }],
		['GET /api/history/occupations', { rule, answer: door(occupationsOf) }],
		['GET /api/fulfilment', { rule, answer: door(fulfilmentOf) }]
	]);
}

async function historyOf(options: HistoryOptions, query: URLSearchParams): Promise<History | null> {
	const asked = readScope(query);
	const range = readRange(query, options.now());
	const place = await historyPlace(options.db, asked.scope, asked.kind);
	return (
		place && {
			...headOf(options, asked),
			...rangeText(range),
			points: await pointsIn(options, place, asked, range)
		}
	);
}

async function comparisonOf(options: HistoryOptions, query: URLSearchParams): Promise<HistoryComparison | null> {
	const asked = readScope(query);
	const day = readDay(query, 'day', options.now());
	const place = await historyPlace(options.db, asked.scope, asked.kind);
	if (!place) return null;
	const hoursOf = (one: number): Promise<HistoryPoint[]> => {
		const range = { periodSeconds: 3600, fromMs: dayStart(one), toMs: dayStart(one + 1) } as const;
		return pointsIn(options, place, asked, range, MAX_ROWS_COUNTED / 3);
	};
	const [today, yesterday, sameWeekday] = await Promise.all([hoursOf(day), hoursOf(day - 1), hoursOf(day - 7)]);
	return { ...headOf(options, asked), day: dateText(dayStart(day)), today, yesterday, sameWeekday };
}

/** Hours and days only: occupations are not kept by 5 minutes. */
async function occupationsOf(options: HistoryOptions, query: URLSearchParams): Promise<OccupationHistory | null> {
	const asked = readScope(query);
	const range = readRange(query, options.now(), [3600, 86_400]);
	checkOccupationQuery(asked, range);
	const place = await historyPlace(options.db, asked.scope, asked.kind);
	if (!place) return null;
	const [told, reported] = await Promise.all([
		isOfKind(place, asked) ? maskedOccupations(options.db, place, range) : new Map(),
		loadHistory(options.db, place, asked.kind, range)
	]);
	const points = occupationPoints(range, told, reported);
	return { ...headOf(options, asked), ...rangeText(range), occupations: OCCUPATIONS, points };
}

const isOfKind = (place: HistoryPlace, { kind }: ScopeQuery): boolean =>
	place.at === 'area' || kind === null || kind === place.kind;

async function fulfilmentOf({ db, now }: HistoryOptions, query: URLSearchParams): Promise<Fulfilment | null> {
	const { scope, kind } = readScope(query);
	const { fromDay, toDay } = readDays(query, now());
	const place = await historyPlace(db, scope, kind);
	if (!place) return null;
	const rows: DaySums[] = [];
	const step = place.at === 'site' ? MOST_DAYS : daysAtOnce(place.sites);
	for (let day = fromDay; day <= toDay; day += step) {
		const lastDay = Math.min(toDay, day + step - 1);
		rows.push(...(await loadDays(db, place, kind, dateText(dayStart(day)), dateText(dayStart(lastDay)))));
		// Two years of a city are a second or two of work: frames and events go between.
		await turn();
	}
	return { scope: formatScope(scope), kind: kind ?? 'all', days: fulfilmentDays(fromDay, toDay, rows) };
}

/** Also of a street the rows of its city are walked over, so a month is the most. */
const MOST_DAYS = 31;

function daysAtOnce(sites: number): number {
	return Math.min(MOST_DAYS, Math.max(1, Math.floor(MAX_ROWS_COUNTED / Math.max(sites, 1))));
}

function rangeText({ periodSeconds, fromMs, toMs }: Range) {
	return { periodSeconds, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function headOf({ completeUntil }: HistoryOptions, { scope, kind }: ScopeQuery) {
	const asOf = completeUntil();
	return {
		scope: formatScope(scope),
		kind: kind ?? 'all',
		asOf: asOf > 0 ? new Date(asOf).toISOString() : null
	};
}

async function pointsIn(
	{ db }: HistoryOptions,
	place: HistoryPlace,
	{ kind }: ScopeQuery,
	range: Range,
	maxRowsCounted = MAX_ROWS_COUNTED
): Promise<HistoryPoint[]> {
	const rows = await loadHistory(db, place, kind, range);
	if (place.at === 'site') return pointsOf(range, rows, new Map(rows.map(({ at }) => [at, 1])));
	const isCountable = rows.length * place.sites <= maxRowsCounted;
	return pointsOf(range, rows, isCountable ? await countReporting(db, place, kind, range) : null);
}
