/**
 * Everything the page of a place — the city, a district, a street — shows of its live state. Pure. All of it comes from the same
 * functions as the wall and `/api/state`, so a figure is the same at every level [VI1].
 */
import type { TopicState } from '#domain/frame.ts';
import type { Freshness } from '#domain/freshness.ts';
import type { MaskedCounts } from '#domain/masking.ts';
import { evidenceOf, type Evidence } from '#domain/measure.ts';
import { formatScope, type Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import type { Status } from '#domain/table.ts';
import {
	areaKpis,
	kpisOf,
	rowsOf,
	stationView,
	type AreaKpis,
	type Kpis,
	type LiveView,
	type StationView
} from '#domain/view.ts';
import { kpiEvidence, type KpiEvidence } from '#lib/panel/kpi-evidence.ts';

/** A place below this one, with what its visits rest on. */
export interface ChildPlace extends AreaKpis {
	readonly evidence: Evidence;
	/** ms since its newest report; null = there was none */
	readonly ageMs: number | null;
}

export interface PlaceStation extends StationView {
	/** row of the topic */
	readonly row: number;
	/** ms since its newest report, and since it has its status; null = not known */
	readonly ageMs: number | null;
	readonly sinceMs: number | null;
	readonly districtName: string;
	readonly streetName: string;
}

export interface PlaceView {
	/** from the city down to the place itself; the last is where one is */
	readonly path: readonly Area[];
	readonly kpis: Kpis;
	readonly evidence: KpiEvidence;
	/** of what the stations report by themselves [FR4] */
	readonly reports: Freshness;
	/** districts of a city, streets of a district; none in a street */
	readonly children: readonly ChildPlace[];
	/** stations in service that belong to none of the children: they count here and in no child */
	readonly withoutChild: number;
	readonly stations: readonly PlaceStation[];
	/** today's visits by OCCUPATIONS; null = nobody has told */
	readonly occupations: MaskedCounts | null;
}

export function placeView(state: TopicState, scope: Scope, nowMs: number): PlaceView {
	const { sites, areas } = state.directory;
	const view: LiveView = { sites, areas, columns: state.columns, sources: state.sources };
	const rows = rowsOf(view, scope, 'service_station');
	const evidence = kpiEvidence(rows, view, nowMs);
	const kpis = kpisOf(rows, sites, state.columns, nowMs);
	const children = childrenOf(view, rows, scope, nowMs);
	const path = pathOf(areas, scope);
	const own = path.at(-1)?.code;
	return {
		path,
		kpis,
		evidence,
		reports: evidence.visitsToday.freshness,
		children,
		withoutChild: children.length === 0 ? 0 : kpis.stations - children.reduce((sum, child) => sum + child.stations, 0),
		stations: stationsOf(view, rows, nowMs),
		occupations: state.occupations.find(({ area }) => area === own)?.counts ?? null
	};
}

/** Where something is wrong first, then the larger: until somebody sorts them. */
function childrenOf(view: LiveView, rows: readonly number[], scope: Scope, nowMs: number): ChildPlace[] {
	const level = scope.level === 'city' ? 'district' : scope.level === 'district' ? 'street' : null;
	if (!level) return [];
	return areaKpis(view, rows, nowMs)
		.filter((area) => area.level === level)
		.map((area) => {
			const members = rows.filter((row) => view.sites[row]?.[level] === area.code);
			const evidence = evidenceOf(members, view, 'visitsToday', nowMs);
			return { ...area, evidence, ageMs: evidence.asOf === null ? null : Math.max(0, nowMs - evidence.asOf) };
		})
		.sort((a, b) => b.closedUnplanned - a.closedUnplanned || b.stations - a.stations);
}

/** What somebody should look at first; until somebody sorts them. */
const STATUS_ORDER: Readonly<Record<Status, number>> = { closed_unplanned: 0, unknown: 1, open: 2, closed_planned: 3 };

function stationsOf(view: LiveView, rows: readonly number[], nowMs: number): PlaceStation[] {
	const names = new Map(view.areas.map(({ code, name }) => [code, name]));
	const nameOf = (code: string | null): string => names.get(code ?? '') ?? '';
	const since = (seconds: number | undefined): number | null => (seconds ? Math.max(0, nowMs - seconds * 1000) : null);
	return rows
		.flatMap((row) => {
			const station = stationView(view, row, nowMs);
			if (!station) return [];
			return {
				...station,
				row,
				ageMs: since(view.columns.seenAt[row]),
				sinceMs: since(view.columns.since[row]),
				districtName: nameOf(station.district),
				streetName: nameOf(station.street)
			};
		})
		.sort((a, b) => STATUS_ORDER[a.status] - STATUS_ORDER[b.status]);
}

function pathOf(areas: readonly Area[], scope: Scope): Area[] {
	const byCode = new Map(areas.map((area) => [area.code, area]));
	const start = scope.level === 'city' ? areas.find(({ level }) => level === 'city') : byCode.get(scope.code);
	const path: Area[] = [];
	for (let area = start; area; area = area.parentCode === null ? undefined : byCode.get(area.parentCode)) {
		path.unshift(area);
		if (path.length > areas.length) throw new Error(`The areas above ${formatScope(scope)} form a circle.`);
	}
	return path;
}
