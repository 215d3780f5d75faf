import { describe, expect, test } from 'vitest';
import { areasOf, station } from '#test/support/stations.ts';
import { classOf, evidenceOf, fulfilmentOf, MEASURE_SPEC, measureOf, MEASURES } from './measure.ts';
import { emptyColumns, STATUS } from './table.ts';
import { kpisOf } from './view.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const seconds = NOW / 1000;

const sites = [
	station(0),
	station(1),
	station(2, { telemetry: 'manual', periodSeconds: 86_400 }),
	station(3, { lifecycle: 'suspended' }),
	station(4)
];

function view() {
	const columns = emptyColumns(sites.length);
	columns.status.set([STATUS.open, STATUS.closed_unplanned, STATUS.open, STATUS.open, STATUS.unknown]);
	columns.seenAt.set([seconds - 10, seconds - 1000, seconds - 3600, seconds, 0]);
	columns.quality.set([1, 3, 2, 1, 0]);
	columns.visitsToday.set([7, 5, 2, 100, -1]);
	columns.inside.set([3, 40, -1, 100, -1]);
	columns.devicesOnline.set([1, 0, -32_768, 100, -32_768]);
	columns.devicesTotal.set([2, 3, -32_768, 100, -32_768]);
	columns.postedToday.set([1000, 1000, -1, 1000, 0]);
	columns.openToday.set([900, 100, -1, 1000, 0]);
	columns.unknownToday.set([0, 400, -1, 0, 0]);
	return { sites, areas: areasOf(sites), columns, sources: [] };
}

const rows = [0, 1, 2, 3, 4];

describe('measures', () => {
	test('[VI1] are the figures of a scope by name, and the share of the posted time that was verified open', () => {
		const kpis = kpisOf(rows, sites, view().columns, NOW);
		expect(MEASURES.map((id) => measureOf(kpis, id))).toEqual([4, 2, 1, 1, 14, 3, 1, 5, 0.5]);
		expect([kpis.postedSeconds, kpis.openSeconds, kpis.unknownSeconds]).toEqual([2000, 1000, 400]);
	});

	test('[FU1] nothing posted, or nothing known of all that was, is no share', () => {
		expect(fulfilmentOf({ postedSeconds: null, openSeconds: null, unknownSeconds: null })).toBeNull();
		expect(fulfilmentOf({ postedSeconds: 0, openSeconds: 0, unknownSeconds: 0 })).toBeNull();
		expect(fulfilmentOf({ postedSeconds: 60, openSeconds: 0, unknownSeconds: 60 })).toBeNull();
		expect(fulfilmentOf({ postedSeconds: 60, openSeconds: 0, unknownSeconds: 59 })).toBe(0);
	});

	test('classes are fixed: a value belongs to the highest class whose beginning it reaches', () => {
		for (const id of MEASURES) {
			const { breaks } = MEASURE_SPEC[id];
			expect([...breaks]).toEqual([...breaks].toSorted((a, b) => a - b));
			expect(new Set(breaks).size).toBe(4);
			breaks.forEach((from, index) =>
				expect([classOf(from - 1e-9, id), classOf(from, id)]).toEqual([index, index + 1])
			);
		}
		expect(classOf(0, 'visitsToday')).toBe(0);
	});
});

describe('evidence', () => {
	test('[VI5] says who told, when, and how; sites out of service are not asked', () => {
		expect(evidenceOf(rows, view(), 'visitsToday', NOW)).toEqual({
			asOf: NOW - 10_000,
			oldest: NOW - 3_600_000,
			// One of the two that report by themselves is stale.
			freshness: 'stale',
			quality: { measured: 1, reported: 1, estimated: 1 },
			records: 3,
			of: 4
		});
	});

	test('[VI5] a measure rests on those that have a part in it', () => {
		const told = (id: (typeof MEASURES)[number]): number => evidenceOf(rows, view(), id, NOW).records;
		expect(MEASURES.map((id) => [id, told(id)])).toEqual([
			['stations', 4],
			['open', 3],
			['closedUnplanned', 3],
			['unknown', 3],
			['visitsToday', 3],
			// The head count of a stale site is left out of the figure, and so of its evidence.
			['insideNow', 1],
			['devicesOnline', 2],
			['devicesTotal', 2],
			// One posted no hours so far today: it has no part in the share.
			['fulfilment', 2]
		]);
	});

	test('[FR4] keepers are what it is judged by where nobody reports by itself; silence is none', () => {
		expect(evidenceOf([2], view(), 'visitsToday', NOW).freshness).toBe('fresh');
		const nothing = { asOf: null, oldest: null, freshness: 'none', records: 0 };
		expect(evidenceOf([4], view(), 'visitsToday', NOW)).toMatchObject({ ...nothing, of: 1 });
		expect(evidenceOf([3], view(), 'visitsToday', NOW)).toMatchObject({ ...nothing, of: 0 });
		expect(evidenceOf([], view(), 'stations', NOW)).toMatchObject({ ...nothing, of: 0 });
	});
});
