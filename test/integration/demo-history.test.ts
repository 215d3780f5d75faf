import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { readConfig } from '#server/config.ts';
import { fillDemoHistory } from '#server/store/demo-history.ts';
import { DEMO_SEED, prepareDemo } from '#server/store/demo-store.ts';
import { query } from '#server/store/query.ts';
import { testDatabases } from '#test/support/databases.ts';

const TABLES = ['site_buckets', 'area_buckets', 'site_occupations', 'area_occupations', 'site_days'] as const;
/** One site of so many stays: the whole city takes a minute. */
const THINNED = 25;

describe.each(testDatabases())("the demo's past on $name", ({ open }) => {
	let database: OpenDatabase;
	const more: OpenDatabase[] = [];

	beforeEach(async () => {
		database = await openDemo();
	});

	afterEach(async () => {
		await Promise.all([database, ...more.splice(0)].map((one) => one.close()));
	});

	async function openDemo(): Promise<OpenDatabase> {
		const opened = await open();
		const read = readConfig({ DEMO: 'registry' });
		if (!read.ok) throw new Error(read.problems.join());
		await prepareDemo(opened.db, read.config, () => undefined);
		await opened.db.execute(sql`delete from sites where slot % ${THINNED} <> 0`);
		return opened;
	}

	/** Stops before part `most`, as a server that is stopped does; true when all of it is there. */
	async function fill({ db }: OpenDatabase, most = Number.POSITIVE_INFINITY): Promise<boolean> {
		const stop = new AbortController();
		let parts = 0;
		const rest = async (): Promise<void> => {
			if (++parts >= most) stop.abort();
		};
		return fillDemoHistory({ db, seed: DEMO_SEED, rest, signal: stop.signal });
	}

	async function contents({ db }: OpenDatabase): Promise<Record<string, unknown>> {
		const all: Record<string, unknown> = {};
		for (const table of TABLES) {
			const name = sql.raw(table);
			const text = sql`(row_to_json(t)::jsonb - 'id')::text`;
			[all[table]] = await query(
				db,
				sql`
				select count(*)::int as count, md5(string_agg(${text}, ',' order by ${text})) as digest from ${name} as t
			`
			);
		}
		return all;
	}

	test('stopped twice and continued, it is the same past as one without a break', async () => {
		const other = await openDemo();
		more.push(other);
		// One city is made on another day than the other when midnight falls between: then both are asked for again.
		const plan = async ({ db }: OpenDatabase): Promise<unknown> => {
			const [row] = await query<{ value: string }>(db, sql`select value from settings where key = 'demo_history'`);
			return (JSON.parse(row!.value) as { base: number }).base;
		};
		expect(await plan(other)).toBe(await plan(database));

		expect(await fill(database)).toBe(true);
		expect(await fill(other, 3)).toBe(false);
		const after3 = await contents(other);
		expect(await fill(other, 20)).toBe(false);
		expect(await contents(other)).not.toEqual(after3);
		expect(await fill(other)).toBe(true);
		const whole = await contents(database);
		for (const table of TABLES) expect(whole[table]).toMatchObject({ count: expect.any(Number) as number });
		expect(await contents(other)).toEqual(whole);
	});

	test('a second start adds nothing', async () => {
		await fill(database);
		const first = await contents(database);
		expect(await fill(database)).toBe(true);
		expect(await contents(database)).toEqual(first);
	});

	test('areas hold what their sites hold, visit by visit', async () => {
		await fill(database);
		for (const area of ['district_code', 'street_code']) {
			const code = sql.raw(area);
			const differing = await query(
				database.db,
				sql`
				select * from (
					select site_buckets.period_seconds, sites.${code} as area_code, kind, starts_at, sum(visits)::int as visits, sum(events)::int as events
					from site_buckets join sites using (slot) where sites.${code} is not null group by 1, 2, 3, 4
				) as site full join (
					select * from area_buckets where area_code in (select ${code} from sites)
				) as area using (period_seconds, area_code, kind, starts_at)
				where site.visits is distinct from area.visits or site.events is distinct from area.events`
			);
			expect(differing).toEqual([]);
		}
		const [sum] = await query<{ visits: number; occupations: number }>(
			database.db,
			sql`select
				(select sum(visits)::int from site_buckets where period_seconds = 86400) as visits,
				(select sum(visits)::int from site_occupations where period_seconds = 86400) as occupations`
		);
		expect(sum!.visits).toBeGreaterThan(50);
		expect(sum!.occupations).toBe(sum!.visits);
	});

	test('a city that was not planned a past keeps its own', async () => {
		await database.db.execute(sql`delete from settings where key = 'demo_history'`);
		expect(await fill(database)).toBe(true);
		expect(await contents(database)).toMatchObject({ site_buckets: { count: 0 }, site_days: { count: 0 } });
	});
});
