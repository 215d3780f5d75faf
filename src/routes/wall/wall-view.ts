/** Everything the wall shows, worked out from the city's topic. Pure: state and the time come in. */
import type { TopicState } from '#domain/frame.ts';
import { freshness, type Freshness } from '#domain/freshness.ts';
import { readValue, type Status } from '#domain/table.ts';
import {
	areaKpis,
	kpisOf,
	rowsOf,
	siteFreshness,
	statusOf,
	type AreaKpis,
	type Kpis,
	type LiveView
} from '#domain/view.ts';

export interface SourceAge {
	readonly source: string;
	readonly ageMs: number | null;
	/** age in expected periods; −1 = never heard */
	readonly periods: number;
	readonly freshness: Freshness;
}

export interface SiteLine {
	readonly code: string;
	readonly name: string;
	readonly status: Status;
	/** ms at which the status began; null = not known */
	readonly sinceMs: number | null;
	readonly visits: number | null;
}

export interface WallView {
	readonly city: string;
	readonly kpis: Kpis;
	/** of what the stations report by themselves, see `reportsFreshness` */
	readonly reports: Freshness;
	readonly telemetry: { readonly fresh: number; readonly reporting: number };
	/** most visited first; those nobody reports of last */
	readonly districts: readonly AreaKpis[];
	readonly statuses: readonly { readonly status: Status; readonly count: number }[];
	/** should be open and are not, the longest first */
	readonly closed: readonly SiteLine[];
	/** newest first */
	readonly changes: readonly SiteLine[];
	/** most visited today first; none without a visit */
	readonly busiest: readonly SiteLine[];
	/** the worst first, then the oldest */
	readonly sources: readonly SourceAge[];
	readonly oldest: { readonly ageMs: number | null; readonly late: number; readonly stale: number };
	/** stations in service that the map cannot show */
	readonly unplaced: number;
}

/** Lists are never longer than a wall can show. */
const LIST_LENGTH = 24;

export function wallView(state: TopicState, nowMs: number): WallView {
	const view: LiveView = {
		sites: state.directory.sites,
		areas: state.directory.areas,
		columns: state.columns,
		sources: state.sources
	};
	const rows = rowsOf(view, { level: 'city' }, 'service_station').filter(
		(row) => view.sites[row]?.lifecycle === 'open'
	);
	const kpis = kpisOf(rows, view.sites, view.columns, nowMs);
	const ages = countFreshness(view, rows, nowMs);
	const lines = rows.map((row) => lineOf(view, row));
	const sources = sourceAges(state, nowMs);
	return {
		city: view.areas.find((area) => area.level === 'city')?.name ?? '',
		kpis,
		reports: reportsFreshness(ages),
		telemetry: { fresh: ages.fresh, reporting: ages.fresh + ages.late + ages.stale },
		districts: areaKpis(view, rows, nowMs)
			.filter((area) => area.level === 'district')
			.sort((a, b) => (b.visitsToday ?? -1) - (a.visitsToday ?? -1) || b.stations - a.stations),
		statuses: statusCounts(kpis),
		closed: lines
			.filter((line) => line.status === 'closed_unplanned')
			.sort((a, b) => (a.sinceMs ?? 0) - (b.sinceMs ?? 0))
			.slice(0, LIST_LENGTH),
		changes: top(lines, (line) => line.sinceMs),
		busiest: top(lines, (line) => line.visits),
		sources,
		oldest: {
			ageMs: oldestOf(sources)?.ageMs ?? null,
			late: sources.filter((source) => source.freshness === 'late').length,
			stale: sources.filter((source) => source.freshness === 'stale').length
		},
		unplaced: rows.filter((row) => view.sites[row]?.lng === null || view.sites[row]?.lat === null).length
	};
}

function lineOf(view: LiveView, row: number): SiteLine {
	const site = view.sites[row];
	const since = view.columns.since[row];
	return {
		code: site?.code ?? '',
		name: site?.name ?? '',
		status: statusOf(view.columns, row),
		sinceMs: since ? since * 1000 : null,
		visits: readValue(view.columns, 'visitsToday', row)
	};
}

/** The largest first; those without a value, or with 0, are left out. */
function top(lines: readonly SiteLine[], value: (line: SiteLine) => number | null): SiteLine[] {
	return lines
		.filter((line) => value(line))
		.sort((a, b) => (value(b) ?? 0) - (value(a) ?? 0))
		.slice(0, LIST_LENGTH);
}

function statusCounts(kpis: Kpis): WallView['statuses'] {
	const planned = kpis.stations - kpis.open - kpis.closedUnplanned - kpis.unknown;
	return [
		{ status: 'closed_unplanned', count: kpis.closedUnplanned },
		{ status: 'open', count: kpis.open },
		{ status: 'closed_planned', count: planned },
		{ status: 'unknown', count: kpis.unknown }
	];
}

type FreshnessCounts = Record<Freshness, number>;

function countFreshness(view: LiveView, rows: readonly number[], nowMs: number): FreshnessCounts {
	const counts: FreshnessCounts = { none: 0, fresh: 0, late: 0, stale: 0 };
	for (const row of rows) {
		const site = view.sites[row];
		// A keeper's daily word does not make a sum live: it is judged by the stations that report by themselves.
		if (site?.telemetry === 'live') counts[siteFreshness(site, view.columns, row, nowMs)]++;
	}
	return counts;
}

/**
 * A sum over stations is as fresh as most of them: stale when half of those that ever reported are stale, late when half are late or
 * worse. One silent station must not grey a city, and a dead gateway must.
 */
export function reportsFreshness(counts: FreshnessCounts): Freshness {
	const reporting = counts.fresh + counts.late + counts.stale;
	if (reporting === 0) return 'none';
	if (counts.stale * 2 >= reporting) return 'stale';
	return (counts.late + counts.stale) * 2 >= reporting ? 'late' : 'fresh';
}

/** How much a source asks for a look. */
const RANK: Record<Freshness, number> = { none: 0, fresh: 1, late: 2, stale: 3 };

/** The source that is oldest for what is expected of it: a desk that speaks once a day is not old after an hour. */
function oldestOf(sources: readonly SourceAge[]): SourceAge | null {
	let oldest: SourceAge | null = null;
	for (const source of sources) if (source.periods > (oldest?.periods ?? -1)) oldest = source;
	return oldest;
}

function sourceAges(state: TopicState, nowMs: number): SourceAge[] {
	return state.sources
		.map(({ source, lastSeen, periodSeconds }) => ({
			source,
			ageMs: lastSeen ? Math.max(0, nowMs - lastSeen) : null,
			periods: lastSeen ? (nowMs - lastSeen) / (periodSeconds * 1000) : -1,
			freshness: freshness(lastSeen, periodSeconds, nowMs)
		}))
		.sort((a, b) => RANK[b.freshness] - RANK[a.freshness] || (b.ageMs ?? 0) - (a.ageMs ?? 0));
}
