/**
 * History as it was committed: sums of 5 minutes, hours and days, of areas and of single sites [BU5]. Read only; the
 * rows are written by the commit (checkpoint-store.ts).
 */
import { sql, type SQL } from 'drizzle-orm';
import type { Occupation } from '#domain/event.ts';
import type { Scope } from '#domain/scope.ts';
import type { SiteKind } from '#domain/site.ts';
import { query, type Database } from './query.ts';

/** Where a scope's history lies: with an area, or with a site. */
export type HistoryPlace =
	| {
			readonly at: 'area';
			readonly level: 'city' | 'district' | 'street';
			readonly code: string;
			/** of the kinds asked for */
			readonly sites: number;
	  }
	| { readonly at: 'site'; readonly slot: number; readonly kind: SiteKind };

export interface HistoryRange {
	readonly periodSeconds: number;
	/** ms, included */
	readonly fromMs: number;
	/** ms, not included */
	readonly toMs: number;
}

export interface BucketSums {
	/** ms, beginning of the period */
	readonly at: number;
	readonly events: number;
	readonly visits: number;
	readonly peopleIn: number;
	readonly peopleOut: number;
	/** largest head count of any one site; null = none reported */
	readonly insideMax: number | null;
	/** 0.01 °C */
	readonly temperatureSum: number;
	readonly temperatureCount: number;
}

/** null where the registry knows no such place. `kind` null = all kinds. */
export async function historyPlace(db: Database, scope: Scope, kind: SiteKind | null): Promise<HistoryPlace | null> {
	if (scope.level === 'station') {
		const statement = sql`select slot, kind from sites where code = ${scope.code}`;
		const [site] = await query<{ slot: number; kind: SiteKind }>(db, statement);
		return site ? { at: 'site', ...site } : null;
	}
	const { level } = scope;
	const named = level === 'city' ? sql`true` : sql`code = ${scope.code}`;
	const [area] = await query<{ code: string; sites: number }>(
		db,
		sql`select code, (select count(*)::int from sites where ${belongsTo(level, sql`areas.code`)} and ${isOfKind(kind)}) as sites
			from areas where level = ${level} and ${named} order by sort, code limit 1`
	);
	return area ? { at: 'area', level, ...area } : null;
}

/** Sums by period, oldest first; a period in which nobody reported has no row. `kind` null = all kinds. */
export async function loadHistory(
	db: Database,
	place: HistoryPlace,
	kind: SiteKind | null,
	range: HistoryRange
): Promise<BucketSums[]> {
	if (place.at === 'site' && kind !== null && place.kind !== kind) return [];
	return query<BucketSums>(
		db,
		sql`select extract(epoch from starts_at)::float8 * 1000 as "at", sum(events)::float8 as "events",
				sum(visits)::float8 as "visits", sum(people_in)::float8 as "peopleIn", sum(people_out)::float8 as "peopleOut",
				max(inside_max) as "insideMax", sum(temperature_sum)::float8 as "temperatureSum",
				sum(temperature_count)::float8 as "temperatureCount"
			from ${rowsOf(place, kind)} and ${within(range)}
			group by starts_at order by starts_at`
	);
}

/** Sites of an area that reported, by beginning of the period (ms). Walks over every row of every site: keep it small. */
export async function countReporting(
	db: Database,
	place: HistoryPlace & { at: 'area' },
	kind: SiteKind | null,
	range: HistoryRange
): Promise<Map<number, number>> {
	const rows = await query<{ at: number; sites: number }>(
		db,
		sql`select extract(epoch from starts_at)::float8 * 1000 as "at", count(*)::int as sites
			from ${siteRows(place, kind)} and ${within(range)} group by starts_at`
	);
	return new Map(rows.map(({ at, sites }) => [at, sites]));
}

/** Visits of an occupation at one place in one period. */
export interface OccupationSum {
	/** ms, beginning of the period */
	readonly at: number;
	readonly occupation: Occupation;
	readonly visits: number;
}

/** Of service stations, by area, oldest first; what did not happen has no row. */
export function loadAreaOccupations(
	db: Database,
	codes: readonly string[],
	range: HistoryRange
): Promise<(OccupationSum & { readonly area: string })[]> {
	return query<OccupationSum & { readonly area: string }>(
		db,
		sql`select extract(epoch from starts_at)::float8 * 1000 as "at", area_code as "area", occupation,
				sum(visits)::float8 as "visits"
			from area_occupations as buckets
			where area_code in (select jsonb_array_elements_text(${JSON.stringify(codes)}::jsonb))
				and kind = 'service_station' and ${within(range)}
			group by starts_at, area_code, occupation order by starts_at`
	);
}

/** Of sites by slot, oldest first; what did not happen has no row. */
export function loadSiteOccupations(
	db: Database,
	slots: readonly number[],
	range: HistoryRange
): Promise<(OccupationSum & { readonly slot: number })[]> {
	return query<OccupationSum & { readonly slot: number }>(
		db,
		sql`select extract(epoch from starts_at)::float8 * 1000 as "at", slot, occupation, visits::float8 as "visits"
			from site_occupations as buckets
			where slot in (select jsonb_array_elements_text(${JSON.stringify(slots)}::jsonb)::int) and ${within(range)}
			order by starts_at, slot`
	);
}

/** Where a site counts, and the slots of all service stations that count there too, its own among them. */
export interface Beside {
	readonly district: string | null;
	readonly street: string | null;
	readonly slots: readonly number[];
}

/** By the street, or the district without one, that stations belong to now. */
export async function stationsBeside(db: Database, slot: number): Promise<Beside> {
	const rows = await query<{ slot: number; district: string | null; street: string | null }>(
		db,
		sql`select beside.slot, own.district_code as "district", own.street_code as "street"
			from sites own join sites beside on beside.kind = 'service_station'
				and beside.street_code is not distinct from own.street_code
				and (own.street_code is not null or beside.district_code is not distinct from own.district_code)
			where own.slot = ${slot} order by beside.slot`
	);
	const [first] = rows;
	return { district: first?.district ?? null, street: first?.street ?? null, slots: rows.map((row) => row.slot) };
}

/** What became of the posted hours of a day, in seconds: posted = open + closed + unknown [FU1]. */
export interface DaySums {
	/** YYYY-MM-DD */
	readonly day: string;
	/** sites that had posted hours */
	readonly sites: number;
	readonly postedSeconds: number;
	readonly openSeconds: number;
	readonly closedSeconds: number;
	readonly unknownSeconds: number;
}

/** Sums by day, oldest first, `from` and `to` (YYYY-MM-DD) included; by the area and kind that the sites have now. */
export async function loadDays(
	db: Database,
	place: HistoryPlace,
	kind: SiteKind | null,
	from: string,
	to: string
): Promise<DaySums[]> {
	const here = place.at === 'site' ? sql`slot = ${place.slot}` : belongsTo(place.level, sql`${place.code}`);
	return query<DaySums>(
		db,
		sql`select to_char(day, 'YYYY-MM-DD') as "day", count(*)::int as "sites", sum(posted_s)::float8 as "postedSeconds",
				sum(open_s)::float8 as "openSeconds", sum(closed_s)::float8 as "closedSeconds",
				sum(unknown_s)::float8 as "unknownSeconds"
			from site_days join sites using (slot)
			where day between ${from}::date and ${to}::date and ${here} and ${isOfKind(kind)}
			group by day order by day`
	);
}

function rowsOf(place: HistoryPlace, kind: SiteKind | null): SQL {
	if (place.at === 'site') return sql`site_buckets as buckets where slot = ${place.slot}`;
	return sql`area_buckets as buckets where ${areaOfKind(place.code, kind)}`;
}

const areaOfKind = (code: string, kind: SiteKind | null): SQL =>
	kind === null ? sql`area_code = ${code}` : sql`area_code = ${code} and kind = ${kind}`;

/** By the area that the sites belong to now; sums of areas are by the one they belonged to when it happened. */
function siteRows({ level, code }: HistoryPlace & { at: 'area' }, kind: SiteKind | null): SQL {
	return sql`site_buckets as buckets join sites using (slot)
		where ${belongsTo(level, sql`${code}`)} and ${isOfKind(kind)}`;
}

const isOfKind = (kind: SiteKind | null): SQL => (kind === null ? sql`true` : sql`sites.kind = ${kind}`);

function belongsTo(level: 'city' | 'district' | 'street', code: SQL): SQL {
	if (level === 'city') return sql`true`;
	return level === 'district' ? sql`sites.district_code = ${code}` : sql`sites.street_code = ${code}`;
}

function within({ periodSeconds, fromMs, toMs }: HistoryRange): SQL {
	return sql`buckets.period_seconds = ${periodSeconds} and starts_at >= ${moment(fromMs)} and starts_at < ${moment(toMs)}`;
}

const moment = (ms: number): SQL => sql`${new Date(ms).toISOString()}::timestamptz`;
