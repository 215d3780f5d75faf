/** Everything the wall of a scope shows, worked out from the topic of that scope. Pure: state and the time come in. */
import type { TopicState } from '#domain/frame.ts';
import { freshness, freshnessOfMany, type Freshness } from '#domain/freshness.ts';
import type { MaskedCounts } from '#domain/masking.ts';
import { measureOf } from '#domain/measure.ts';
import type { Status } from '#domain/table.ts';
import type { Scope } from '#domain/scope.ts';
import {
	areaKpis,
	kpisOf,
	rowsOf,
	siteFreshness,
	statusOf,
	type AreaKpis,
	type Kpis,
	type LiveView,
	type SourceView
} from '#domain/view.ts';
import type { AreaMapLevel } from '#lib/map/map-props.ts';
import { kpiEvidence, type KpiEvidence } from '#lib/panel/kpi-evidence.ts';
import { oldestOf, type Oldest } from '#lib/shell/oldest.ts';

export interface SourceAge {
	readonly source: string;
	readonly ageMs: number | null;
	readonly freshness: Freshness;
}

export interface SiteLine {
	readonly code: string;
	readonly name: string;
	readonly status: Status;
	/** ms at which the status began; null = not known */
	readonly sinceMs: number | null;
}

export interface WallView {
	/** of the area that the scope is: the city, a district, a street */
	readonly name: string;
	readonly kpis: Kpis;
	readonly evidence: KpiEvidence;
	/** of what the stations report by themselves [FR4] */
	readonly reports: Freshness;
	readonly telemetry: { readonly fresh: number; readonly reporting: number };
	/** districts of a city, streets of a district, none of a street; best first by `rankedBy`, those of which that is not known last */
	readonly places: readonly AreaKpis[];
	/** opening fulfilment where half of the places mostly know theirs, else visits: outcomes, never log-ins */
	readonly rankedBy: 'fulfilment' | 'visitsToday';
	/** today's visits of the whole scope by OCCUPATIONS; null = nobody has told */
	readonly occupations: MaskedCounts | null;
	readonly statuses: readonly { readonly status: Status; readonly count: number }[];
	/** should be open and are not, the longest first */
	readonly closed: readonly SiteLine[];
	/** newest first */
	readonly changes: readonly SiteLine[];
	/** the worst first, then the oldest */
	readonly sources: readonly SourceAge[];
	readonly oldest: Oldest;
	/** stations in service that the map cannot show */
	readonly unplaced: number;
}

/** What is ranked on the wall of a scope. */
export const BELOW: Readonly<Record<Scope['level'], AreaMapLevel | null>> = {
	city: 'district',
	district: 'street',
	street: null,
	station: null
};

/** Lists are never longer than a wall can show. */
const LIST_LENGTH = 24;

export function wallView(state: TopicState, scope: Scope, nowMs: number): WallView {
	const view: LiveView = {
		sites: state.directory.sites,
		areas: state.directory.areas,
		columns: state.columns,
		sources: state.sources
	};
	const rows = rowsOf(view, scope, 'service_station').filter((row) => view.sites[row]?.lifecycle === 'open');
	const kpis = kpisOf(rows, view.sites, view.columns, nowMs);
	const ages = countFreshness(view, rows, nowMs);
	const lines = rows.map((row) => lineOf(view, row));
	const own = view.areas.find(({ code, level }) => (scope.level === 'city' ? level === 'city' : code === scope.code));
	const below = BELOW[scope.level];
	const sources = sourceAges(state, nowMs);
	return {
		name: own?.name ?? '',
		kpis,
		evidence: kpiEvidence(rows, view, nowMs),
		reports: freshnessOfMany(ages),
		telemetry: { fresh: ages.fresh, reporting: ages.fresh + ages.late + ages.stale },
		...rank(below ? areaKpis(view, rows, nowMs).filter((area) => area.level === below) : []),
		occupations: state.occupations.find(({ area }) => area === own?.code)?.counts ?? null,
		statuses: statusCounts(kpis),
		closed: lines
			.filter((line) => line.status === 'closed_unplanned')
			.sort((a, b) => (a.sinceMs ?? 0) - (b.sinceMs ?? 0))
			.slice(0, LIST_LENGTH),
		changes: top(lines, (line) => line.sinceMs),
		sources,
		// Sources speak for the whole city, and its topic alone tells of them; a part of it is as old as its own stations.
		oldest: oldestOf(scope.level === 'city' ? state.sources : stationAges(view, rows), nowMs),
		unplaced: rows.filter((row) => view.sites[row]?.lng === null || view.sites[row]?.lat === null).length
	};
}

/** A share of hours says something of a place once at least half of the posted ones are known. */
export function isMostlyKnown({ postedSeconds, unknownSeconds }: Kpis): boolean {
	return postedSeconds !== null && postedSeconds > 0 && (unknownSeconds ?? 0) * 2 <= postedSeconds;
}

function rank(places: readonly AreaKpis[]): Pick<WallView, 'places' | 'rankedBy'> {
	const known = places.filter(isMostlyKnown).length;
	const rankedBy = known > 0 && known * 2 >= places.length ? 'fulfilment' : 'visitsToday';
	// A share of the few hours that are known never stands above one of most.
	const trust = (place: AreaKpis): number => (rankedBy === 'fulfilment' && !isMostlyKnown(place) ? 0 : 1);
	const value = (place: AreaKpis): number => measureOf(place, rankedBy) ?? -1;
	const sorted = places.toSorted((a, b) => trust(b) - trust(a) || value(b) - value(a) || b.stations - a.stations);
	return { places: sorted, rankedBy };
}

/** Stations that report by themselves, as if each were a source. */
function stationAges({ sites, columns }: LiveView, rows: readonly number[]): SourceView[] {
	return rows.flatMap((row) => {
		const site = sites[row];
		// A site without a period of its own is held to none.
		if (site?.telemetry !== 'live' || site.periodSeconds === null) return [];
		return { source: site.code, periodSeconds: site.periodSeconds, lastSeen: (columns.seenAt[row] ?? 0) * 1000 };
	});
}

function lineOf(view: LiveView, row: number): SiteLine {
	const site = view.sites[row];
	const since = view.columns.since[row];
	return {
		code: site?.code ?? '',
		name: site?.name ?? '',
		status: statusOf(view.columns, row),
		sinceMs: since ? since * 1000 : null
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

/** How much a source asks for a look. */
const RANK: Record<Freshness, number> = { none: 0, fresh: 1, late: 2, stale: 3 };

function sourceAges(state: TopicState, nowMs: number): SourceAge[] {
	return state.sources
		.map(({ source, lastSeen, periodSeconds }) => ({
			source,
			ageMs: lastSeen ? Math.max(0, nowMs - lastSeen) : null,
			freshness: freshness(lastSeen, periodSeconds, nowMs)
		}))
		.sort((a, b) => RANK[b.freshness] - RANK[a.freshness] || (b.ageMs ?? 0) - (a.ageMs ?? 0));
}
