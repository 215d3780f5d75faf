/**
 * Everything the page of a place — the city, a district, a street — shows of its live state. Pure. All of it comes from the same
 * functions as the wall and `/api/state`, so a figure is the same at every level [VI1].
 */
import type { TopicState } from '#domain/frame.ts';
import type { Freshness } from '#domain/freshness.ts';
import { evidenceOf, type Evidence } from '#domain/measure.ts';
import { formatScope, type Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
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
}

export interface PlaceStation extends StationView {
	/** row of the topic */
	readonly row: number;
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
	readonly occupations: readonly number[] | null;
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
			return { ...area, evidence: evidenceOf(members, view, 'visitsToday', nowMs) };
		})
		.sort((a, b) => b.closedUnplanned - a.closedUnplanned || b.stations - a.stations);
}

function stationsOf(view: LiveView, rows: readonly number[], nowMs: number): PlaceStation[] {
	const names = new Map(view.areas.map(({ code, name }) => [code, name]));
	return rows.flatMap((row) => {
		const station = stationView(view, row, nowMs);
		if (!station) return [];
		const nameOf = (code: string | null): string => names.get(code ?? '') ?? '';
		return [{ ...station, row, districtName: nameOf(station.district), streetName: nameOf(station.street) }];
	});
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
