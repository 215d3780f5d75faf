/**
 * What people read: figures of a scope, worked out from the columns. The same functions run in the server (for
 * `/api/state`) and in the page (for what it shows), so a figure is the same everywhere [VI1].
 */
import { freshness, type Freshness } from './freshness.ts';
import { OCCUPATIONS, type Occupation } from './occupation.ts';
import type { MaskedCounts } from './masking.ts';
import type { TodayOccupations } from './occupations.ts';
import { areaInScope, formatScope, inScope, type Scope } from './scope.ts';
import type { Area, Site, SiteKind } from './site.ts';
import { FIGURE_QUALITIES, readValue, STATUSES, type Columns, type FigureQuality, type Status } from './table.ts';

/** What a page knows of a site. */
export type SiteBrief = Omit<Site, 'slot' | 'hours' | 'hoursExceptions'>;

/** null = not known: nobody who could tell has told. Never 0 instead. */
export interface Kpis {
	/** sites in service (在营) of the kind asked for */
	stations: number;
	open: number;
	closedUnplanned: number;
	unknown: number;
	visitsToday: number | null;
	/** people inside, over the sites whose head count is not stale */
	insideNow: number | null;
	devicesOnline: number | null;
	devicesTotal: number | null;
	/** s of today that posted hours promised, over the sites that post some [FU1] */
	postedSeconds: number | null;
	/** s of those in which a site was open */
	openSeconds: number | null;
	/** s of those in which nobody knows */
	unknownSeconds: number | null;
}

/** Figures over `rows` of the columns; sites that are not in service are left out. */
export function kpisOf(
	rows: Iterable<number>,
	sites: readonly (SiteBrief | undefined)[],
	columns: Columns,
	nowMs: number
): Kpis {
	const kpis: Kpis = {
		stations: 0,
		open: 0,
		closedUnplanned: 0,
		unknown: 0,
		visitsToday: null,
		insideNow: null,
		devicesOnline: null,
		devicesTotal: null,
		postedSeconds: null,
		openSeconds: null,
		unknownSeconds: null
	};
	for (const row of rows) {
		const site = sites[row];
		if (site?.lifecycle === 'open') addSite(kpis, site, columns, row, nowMs);
	}
	return kpis;
}

const plus = (sum: number | null, value: number | null): number | null => (value === null ? sum : (sum ?? 0) + value);

function addSite(kpis: Kpis, site: SiteBrief, columns: Columns, row: number, nowMs: number): void {
	kpis.stations++;
	const status = statusOf(columns, row);
	if (status === 'open') kpis.open++;
	else if (status === 'closed_unplanned') kpis.closedUnplanned++;
	else if (status === 'unknown') kpis.unknown++;
	kpis.visitsToday = plus(kpis.visitsToday, readValue(columns, 'visitsToday', row));
	kpis.devicesOnline = plus(kpis.devicesOnline, readValue(columns, 'devicesOnline', row));
	kpis.devicesTotal = plus(kpis.devicesTotal, readValue(columns, 'devicesTotal', row));
	kpis.postedSeconds = plus(kpis.postedSeconds, readValue(columns, 'postedToday', row));
	kpis.openSeconds = plus(kpis.openSeconds, readValue(columns, 'openToday', row));
	kpis.unknownSeconds = plus(kpis.unknownSeconds, readValue(columns, 'unknownToday', row));
	if (siteFreshness(site, columns, row, nowMs) !== 'stale') {
		kpis.insideNow = plus(kpis.insideNow, readValue(columns, 'inside', row));
	}
}

export function statusOf(columns: Columns, row: number): Status {
	return STATUSES[columns.status[row] ?? 0] ?? 'unknown';
}

/** How the newest figure of a site came to be; null when it never told one. */
export function qualityOf(columns: Columns, row: number): FigureQuality | null {
	const quality = FIGURE_QUALITIES[columns.quality[row] ?? 0] ?? 'none';
	return quality === 'none' ? null : quality;
}

export function siteFreshness(site: SiteBrief, columns: Columns, row: number, nowMs: number): Freshness {
	return freshness((columns.seenAt[row] ?? 0) * 1000, site.periodSeconds, nowMs);
}

/** One source of events, as screens show it. */
export interface SourceView {
	readonly source: string;
	/** ms, newest event time */
	readonly lastSeen: number;
	readonly periodSeconds: number;
}

/** A view of live state that both the server and a page can give. Rows are slots in the server, topic rows in a page. */
export interface LiveView {
	readonly sites: readonly (SiteBrief | undefined)[];
	readonly areas: readonly Area[];
	readonly columns: Columns;
	readonly sources: readonly SourceView[];
	/** Today's visits by occupation, where the view holds those of every site: the server's does, a page's does not. */
	readonly occupations?: TodayOccupations;
}

/** Rows of a scope, of one kind of site; `kind` null = all kinds. */
export function rowsOf(view: Pick<LiveView, 'sites'>, scope: Scope, kind: SiteKind | null): number[] {
	const rows: number[] = [];
	view.sites.forEach((site, row) => {
		if (site && (kind === null || site.kind === kind) && inScope(scope, site)) rows.push(row);
	});
	return rows;
}

export interface AreaKpis extends Kpis {
	readonly code: string;
	readonly name: string;
	readonly level: string;
	readonly parentCode: string | null;
}

/** Figures of every area below the city that has sites among `rows`. Sites of a district without a street stay in the district. */
export function areaKpis(view: LiveView, rows: readonly number[], nowMs: number): AreaKpis[] {
	const byArea = new Map<string, number[]>();
	for (const row of rows) {
		for (const code of [view.sites[row]?.district, view.sites[row]?.street]) {
			if (!code) continue;
			const known = byArea.get(code);
			if (known) known.push(row);
			else byArea.set(code, [row]);
		}
	}
	return view.areas.flatMap(({ code, name, level, parentCode }) => {
		const members = byArea.get(code);
		return members ? [{ code, name, level, parentCode, ...kpisOf(members, view.sites, view.columns, nowMs) }] : [];
	});
}

const iso = (seconds: number | undefined): string | null => (seconds ? new Date(seconds * 1000).toISOString() : null);

/** One station as readable JSON. Values that are not known are null. */
export function stationView(view: LiveView, row: number, nowMs: number) {
	const site = view.sites[row];
	if (!site) return null;
	const { columns } = view;
	return {
		code: site.code,
		name: site.name,
		kind: site.kind,
		district: site.district,
		street: site.street,
		lng: site.lng,
		lat: site.lat,
		lifecycle: site.lifecycle,
		telemetry: site.telemetry,
		status: statusOf(columns, row),
		since: iso(columns.since[row]),
		inside: readValue(columns, 'inside', row),
		visitsToday: readValue(columns, 'visitsToday', row),
		temperatureC: readValue(columns, 'temperature', row),
		humidityPct: readValue(columns, 'humidity', row),
		co2Ppm: readValue(columns, 'co2', row),
		devicesOnline: readValue(columns, 'devicesOnline', row),
		devicesTotal: readValue(columns, 'devicesTotal', row),
		mains: columns.mains[row] === 0 ? null : columns.mains[row] === 1,
		quality: qualityOf(columns, row),
		postedSeconds: readValue(columns, 'postedToday', row),
		openSeconds: readValue(columns, 'openToday', row),
		unknownSeconds: readValue(columns, 'unknownToday', row),
		occupations: byName(view.occupations?.ofSite(row) ?? null),
		asOf: iso(columns.seenAt[row]),
		freshness: siteFreshness(site, columns, row, nowMs)
	};
}

export type StationView = NonNullable<ReturnType<typeof stationView>>;

/**
 * Visits by the name of the occupation; those of which nobody came are left out, and one that is null may not be told
 * [PE20]. Null for all = not known.
 */
function byName(counts: MaskedCounts | null): Partial<Record<Occupation, number | null>> | null {
	if (!counts) return null;
	return Object.fromEntries(
		OCCUPATIONS.flatMap((occupation, index) => (counts[index] === 0 ? [] : [[occupation, counts[index] ?? null]]))
	);
}

/** Of every area of the scope whose `visitsToday` is known [OC3]; of service stations alone [PE20]. */
function occupationsIn(view: LiveView, scope: Scope, kind: SiteKind | null) {
	const inside = new Set(view.areas.filter((area) => areaInScope(scope, area)).map(({ code }) => code));
	const all = kind === 'service_station' ? (view.occupations?.areas ?? []) : [];
	return all.filter(({ area }) => inside.has(area)).map(({ area, counts }) => ({ area, counts: byName(counts) }));
}

/** The snapshot of a scope, as `GET /api/state` gives it. */
export function stateView(view: LiveView, scope: Scope, kind: SiteKind | null, nowMs: number) {
	const rows = rowsOf(view, scope, kind);
	return {
		scope: formatScope(scope),
		asOf: new Date(nowMs).toISOString(),
		kpis: kpisOf(rows, view.sites, view.columns, nowMs),
		areas: areaKpis(view, rows, nowMs),
		occupations: occupationsIn(view, scope, kind),
		stations: rows.map((row) => stationView(view, row, nowMs)).filter((station) => station !== null),
		sources: view.sources.map((source) => ({
			source: source.source,
			lastSeen: new Date(source.lastSeen).toISOString(),
			periodSeconds: source.periodSeconds,
			freshness: freshness(source.lastSeen, source.periodSeconds, nowMs)
		}))
	};
}
