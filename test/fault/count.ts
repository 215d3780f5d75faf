/** The same figures counted again from the input, naively and in other words than the product's, and read from where it keeps them. */
import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { query } from '#server/store/query.ts';
import { stations, type Fact } from './input.ts';

/** Rows as text, by their key: `site K-1 300 s from 2026-01-31T08:00:00.000Z` → `events 3, visits 7, …`. */
export type Rows = Map<string, string>;

interface Sums {
	events: number;
	visits: number;
	in: number;
	out: number;
	inside: number | null;
	heat: number;
	readings: number;
}

const inWords = ({ events, visits, in: came, out, inside, heat, readings }: Sums): string =>
	`${events} events, ${visits} visits, ${came} in, ${out} out, ${inside ?? 'nobody counted'} inside, ${heat} from ${readings} readings`;

const shanghai = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
const dates = new Map<number, string>();

/** The date in Shanghai; it changes on the hour, so one look per hour is enough. */
export function shanghaiDate(ms: number): string {
	const hour = Math.floor(ms / 3_600_000);
	const known = dates.get(hour) ?? shanghai.format(hour * 3_600_000);
	dates.set(hour, known);
	return known;
}

const startsOf = (ms: number): readonly (readonly [number, string])[] => [
	[300, new Date(ms - (ms % 300_000)).toISOString()],
	[3600, new Date(ms - (ms % 3_600_000)).toISOString()],
	[86_400, new Date(`${shanghaiDate(ms)}T00:00:00+08:00`).toISOString()]
];

/** Every bucket of every site and area. */
export function countBuckets(facts: readonly Fact[]): Rows {
	const sums = new Map<string, Sums>();
	const placeOf = new Map(stations.map((one) => [one.code, one]));
	for (const fact of facts) {
		const place = placeOf.get(fact.station);
		const areas = ['CITY', place?.district, place?.street].filter((code) => code !== null && code !== undefined);
		for (const [seconds, start] of startsOf(fact.at)) {
			for (const owner of [`site ${fact.station}`, ...areas.map((code) => `area ${code}`)]) {
				const key = `${owner} ${seconds} s from ${start}`;
				const sum = sums.get(key) ?? { events: 0, visits: 0, in: 0, out: 0, inside: null, heat: 0, readings: 0 };
				sums.set(key, sum);
				sum.events += 1;
				sum.visits += fact.visits ?? 0;
				sum.in += fact.peopleIn ?? 0;
				sum.out += fact.peopleOut ?? 0;
				if (fact.inside !== undefined) sum.inside = Math.max(sum.inside ?? 0, fact.inside);
				if (fact.tenths !== undefined) {
					sum.heat += fact.tenths * 10;
					sum.readings += 1;
				}
			}
		}
	}
	return new Map([...sums].map(([key, sum]) => [key, inWords(sum)]));
}

/** Visits of a day by station; null where nothing was heard of it that day. */
export function countVisits(facts: readonly Fact[], date: string): Record<string, number | null> {
	const visits: Record<string, number | null> = Object.fromEntries(stations.map(({ code }) => [code, null]));
	for (const { station, at, visits: came = 0 } of facts) {
		if (shanghaiDate(at) === date) visits[station] = (visits[station] ?? 0) + came;
	}
	return visits;
}

/** Visits of every hour and day, site and area, by occupation; those that said nothing came as `unknown`. */
export function countOccupations(facts: readonly Fact[]): Rows {
	const sums = new Map<string, number>();
	const placeOf = new Map(stations.map((one) => [one.code, one]));
	for (const { station, at, visits = 0, occupation = 'unknown' } of facts) {
		if (visits === 0) continue;
		const place = placeOf.get(station);
		const areas = ['CITY', place?.district, place?.street].filter((code) => code !== null && code !== undefined);
		for (const [seconds, start] of startsOf(at).slice(1)) {
			for (const owner of [`site ${station}`, ...areas.map((code) => `area ${code}`)]) {
				const key = `${owner} ${seconds} s from ${start}: ${occupation}`;
				sums.set(key, (sums.get(key) ?? 0) + visits);
			}
		}
	}
	return new Map([...sums].map(([key, visits]) => [key, `${visits} visits`]));
}

/** Visits of a day by occupation: of every station that had some, and of the city. */
export function countOccupationsOf(facts: readonly Fact[], date: string): Record<string, Record<string, number>> {
	const counts: Record<string, Record<string, number>> = {};
	for (const { station, at, visits = 0, occupation = 'unknown' } of facts) {
		if (visits === 0 || shanghaiDate(at) !== date) continue;
		for (const owner of [station, 'CITY']) {
			const own = (counts[owner] ??= {});
			own[occupation] = (own[occupation] ?? 0) + visits;
		}
	}
	return counts;
}

export async function storedOccupations(db: Database): Promise<Rows> {
	const columns = sql.raw(`bucket.period_seconds, extract(epoch from starts_at)::float8 as start, occupation,
		bucket.visits::float8 as visits`);
	const rows: Rows = new Map();
	for (const table of [
		sql`select 'site ' || sites.code as owner, ${columns} from site_occupations as bucket join sites using (slot)`,
		sql`select 'area ' || area_code as owner, ${columns} from area_occupations as bucket`
	]) {
		for (const row of await query<StoredRow & { occupation: string }>(db, table)) {
			const start = new Date(row.start * 1000).toISOString();
			rows.set(`${row.owner} ${row.period_seconds} s from ${start}: ${row.occupation}`, `${row.visits} visits`);
		}
	}
	return rows;
}

/** What stands in the database. */
export async function storedBuckets(db: Database): Promise<Rows> {
	const columns =
		sql.raw(`bucket.period_seconds, extract(epoch from starts_at)::float8 as start, events::float8 as events,
		visits::float8 as visits, people_in::float8 as people_in, people_out::float8 as people_out, inside_max,
		temperature_sum::float8 as heat, temperature_count::float8 as temperature_count`);
	const rows: Rows = new Map();
	for (const table of [
		sql`select 'site ' || sites.code as owner, ${columns} from site_buckets as bucket join sites using (slot)`,
		sql`select 'area ' || area_code as owner, ${columns} from area_buckets as bucket`
	]) {
		for (const row of await query<StoredRow>(db, table)) {
			const start = new Date(row.start * 1000).toISOString();
			const { events, visits, people_in, people_out, inside_max, heat, temperature_count } = row;
			const sums = {
				events,
				visits,
				in: people_in,
				out: people_out,
				inside: inside_max,
				heat,
				readings: temperature_count
			};
			rows.set(`${row.owner} ${row.period_seconds} s from ${start}`, inWords(sums));
		}
	}
	return rows;
}

interface StoredRow {
	owner: string;
	period_seconds: number;
	start: number;
	events: number;
	visits: number;
	people_in: number;
	people_out: number;
	inside_max: number | null;
	heat: number;
	temperature_count: number;
}

const SHOWN = 20;

/** Where the two differ, the first of them in words; empty when they are the same. */
export function differences(stored: Rows, expected: Rows): string[] {
	const found: string[] = [];
	for (const key of new Set([...expected.keys(), ...stored.keys()])) {
		const [is, should] = [stored.get(key) ?? 'nothing', expected.get(key) ?? 'nothing'];
		if (is !== should) found.push(`${key}: stored ${is}; the input has ${should}`);
	}
	return found.length > SHOWN ? [...found.slice(0, SHOWN), `… and ${found.length - SHOWN} more`] : found;
}
