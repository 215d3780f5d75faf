/**
 * History: what a commit adds to the tables that hold it. Everything adds up — a bucket may arrive in several pieces — and sums of
 * children equal their parents, because all come from the same rows. Each function is a part of the transaction of a commit.
 */
import { sql } from 'drizzle-orm';
import { BUCKET, BUCKET_MS, PIECE_WIDTH } from '#domain/buckets.ts';
import { OCCUPATIONS } from '#domain/occupation.ts';
import { OCCUPATION_PIECE_WIDTH } from '#domain/occupation-pieces.ts';
import { DAY_ROW_WIDTH } from '#domain/state.ts';
import { query, type Executor } from './query.ts';

/** Rows of these are replaced often (see `housekeep`). */
export const HISTORY_TABLES = ['site_buckets', 'area_buckets', 'site_occupations', 'area_occupations'] as const;

/** Start of the period (of Asia/Shanghai) in which `starts`, in seconds since 1970, lies. */
const STARTS_AT = sql.raw('to_timestamp(floor((starts + 28800)::float8 / period.seconds) * period.seconds - 28800)');

/**
 * The areas that the site of a piece belongs to, and its kind. Rows of areas are written in order: shards that commit at the same time wait for
 * each other then, instead of in a circle.
 */
const AREAS_OF_SITE = sql.raw(`
	join sites using (slot)
	cross join lateral (
		select district_code as code where district_code is not null
		union all select street_code where street_code is not null
		union all select code from areas where level = 'city'
	) as area`);

/** Columns of flat rows, each as the text of a PostgreSQL array of numbers. */
function columnsOf(rows: Int32Array, width: number): (offset: number, scale?: number) => string {
	return (offset, scale = 1) => {
		const values: number[] = [];
		for (let at = offset; at < rows.length; at += width) values.push((rows[at] as number) * scale);
		return `{${values.join(',')}}`;
	};
}

/**
 * Adds pieces to the buckets of 5 minutes, hours and days (of Asia/Shanghai), of sites and of their areas. Pieces add up,
 * so a bucket may arrive in several; sums of children equal their parents because all come from the same rows.
 */
export async function addPieces(tx: Executor, pieces: Int32Array): Promise<void> {
	const column = columnsOf(pieces, PIECE_WIDTH);
	const measure = (offset: number): string => column(1 + offset);
	const piece = sql`
		select period.seconds as period_seconds,
			${STARTS_AT} as starts_at, piece.*
		from unnest(
			${column(0)}::int[], ${column(1 + BUCKET.index, BUCKET_MS / 1000)}::bigint[], ${measure(BUCKET.events)}::int[],
			${measure(BUCKET.visits)}::int[], ${measure(BUCKET.peopleIn)}::int[], ${measure(BUCKET.peopleOut)}::int[],
			${measure(BUCKET.insideMax)}::int[], ${measure(BUCKET.temperatureSum)}::bigint[],
			${measure(BUCKET.temperatureCount)}::int[]
		) as piece(slot, starts, events, visits, people_in, people_out, inside_max, temperature_sum, temperature_count)
		cross join (values (300), (3600), (86400)) as period(seconds)`;
	const sums = sql.raw(
		'sum(events), sum(visits), sum(people_in), sum(people_out), max(nullif(inside_max, -1)), sum(temperature_sum), sum(temperature_count)'
	);
	const measures = sql.raw('events, visits, people_in, people_out, inside_max, temperature_sum, temperature_count');
	await query(
		tx,
		sql`
		insert into site_buckets (period_seconds, slot, starts_at, ${measures})
		select period_seconds, slot, starts_at, ${sums} from (${piece}) as pieces group by 1, 2, 3
		on conflict (period_seconds, slot, starts_at) do update set ${additions('site_buckets')}`
	);
	await query(
		tx,
		sql`
		insert into area_buckets (period_seconds, area_code, kind, starts_at, ${measures})
		select pieces.period_seconds, area.code, sites.kind, starts_at, ${sums}
		from (${piece}) as pieces ${AREAS_OF_SITE}
		group by 1, 2, 3, 4 order by 1, 2, 3, 4
		on conflict (period_seconds, area_code, kind, starts_at) do update set ${additions('area_buckets')}`
	);
}

/** `people_inside` is the one measure that is a maximum; `greatest` passes over nulls. */
function additions(table: string) {
	const added = ['events', 'visits', 'people_in', 'people_out', 'temperature_sum', 'temperature_count'].map(
		(measure) => `${measure} = ${table}.${measure} + excluded.${measure}`
	);
	return sql.raw([...added, `inside_max = greatest(${table}.inside_max, excluded.inside_max)`].join(', '));
}

/** Adds visits by occupation to the hours and days of sites and of their areas. `pieces`: rows of OCCUPATION_PIECE_WIDTH. */
export async function addOccupations(tx: Executor, pieces: Int32Array): Promise<void> {
	const column = columnsOf(pieces, OCCUPATION_PIECE_WIDTH);
	const piece = sql`
		select period.seconds as period_seconds, ${STARTS_AT} as starts_at, piece.slot,
			(${`{${OCCUPATIONS.join(',')}}`}::text[])[piece.occupation + 1] as occupation, piece.visits
		from unnest(${column(0)}::int[], ${column(1, 3600)}::bigint[], ${column(2)}::int[], ${column(3)}::bigint[])
			as piece(slot, starts, occupation, visits)
		cross join (values (3600), (86400)) as period(seconds)`;
	await query(
		tx,
		sql`
		insert into site_occupations (period_seconds, slot, starts_at, occupation, visits)
		select period_seconds, slot, starts_at, occupation, sum(visits) from (${piece}) as pieces group by 1, 2, 3, 4
		on conflict (period_seconds, slot, starts_at, occupation)
			do update set visits = site_occupations.visits + excluded.visits`
	);
	await query(
		tx,
		sql`
		insert into area_occupations (period_seconds, area_code, kind, starts_at, occupation, visits)
		select pieces.period_seconds, area.code, sites.kind, starts_at, occupation, sum(visits)
		from (${piece}) as pieces ${AREAS_OF_SITE}
		group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
		on conflict (period_seconds, area_code, kind, starts_at, occupation)
			do update set visits = area_occupations.visits + excluded.visits`
	);
}

/** Writes finished days of fulfilment. `days`: rows of DAY_ROW_WIDTH. What is neither open nor unknown of the posted seconds was closed. */
export async function addDays(tx: Executor, days: Int32Array): Promise<void> {
	const column = columnsOf(days, DAY_ROW_WIDTH);
	await query(
		tx,
		sql`
		insert into site_days (day, slot, posted_s, open_s, closed_s, unknown_s)
		select date '1970-01-01' + day, slot, sum(posted), sum(open), sum(posted - open - unknown), sum(unknown)
		from unnest(
			${column(0)}::int[], ${column(1)}::int[], ${column(2)}::int[], ${column(3)}::int[], ${column(4)}::int[]
		) as row(slot, day, posted, open, unknown)
		group by 1, 2
		on conflict (day, slot) do update set
			posted_s = site_days.posted_s + excluded.posted_s, open_s = site_days.open_s + excluded.open_s,
			closed_s = site_days.closed_s + excluded.closed_s, unknown_s = site_days.unknown_s + excluded.unknown_s`
	);
}
