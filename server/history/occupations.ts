/** Who came, by what they do for a living, as far as it may be told [PE20]. */
import { setImmediate as turn } from 'node:timers/promises';
import { maskAreas, type AreaMasks } from '#domain/area-masks.ts';
import { OCCUPATIONS, type Occupation } from '#domain/occupation.ts';
import { maskRow, type MaskedCounts } from '#domain/masking.ts';
import { DAY_MS } from '#domain/shanghai.ts';
import type { Area } from '#domain/site.ts';
import {
	loadAreaOccupations,
	loadSiteOccupations,
	stationsBeside,
	type BucketSums,
	type HistoryPlace,
	type OccupationSum
} from '#server/store/history-store.ts';
import type { Database } from '#server/store/query.ts';
import { loadAreas } from '#server/store/registry-store.ts';
import { BadQuery, type Range, type ScopeQuery } from './request.ts';

export interface OccupationPoint {
	/** beginning of the period */
	readonly at: string;
	/** visits in the order of OCCUPATIONS, those that may not be told null; null for all = nobody reported in this period */
	readonly counts: MaskedCounts | null;
}

/** By beginning of the period, ms. */
type ByPeriod = ReadonlyMap<number, MaskedCounts>;

/** What may be told depends on every area of the city: so many days of them are a second of work. */
const MAX_DAYS = 92;
/** Rows of areas that are read at once: some tens of ms in the embedded database. */
const ROWS_AT_ONCE = 20_000;

const PLACE: ReadonlyMap<Occupation, number> = new Map(OCCUPATIONS.map((one, index) => [one, index]));
const NOBODY: readonly number[] = OCCUPATIONS.map(() => 0);

/** Throws `BadQuery` for what is never told, whoever asks. */
export function checkOccupationQuery({ scope, kind }: ScopeQuery, range: Range): void {
	if (scope.level !== 'station' && kind !== 'service_station')
		throw new BadQuery('Visits by occupation of an area are told of service stations alone: leave kind out.');
	if (scope.level !== 'city' && range.periodSeconds < DAY_MS / 1000)
		throw new BadQuery('Hours by occupation are told of the whole city alone: ask for days with period=86400.');
	if (range.periodSeconds * 1000 === DAY_MS && range.toMs - range.fromMs > MAX_DAYS * DAY_MS)
		throw new BadQuery(`Visits by occupation are told of at most ${MAX_DAYS} days at once. Ask for a shorter time.`);
}

/** What may be told of a place in each period in which somebody came to it. */
export async function maskedOccupations(db: Database, place: HistoryPlace, range: Range): Promise<ByPeriod> {
	if (place.at === 'site')
		return place.kind === 'service_station' ? ofStation(db, place.slot, range) : ofSite(db, place.slot, range);
	if (range.periodSeconds * 1000 === DAY_MS) {
		const told = new Map<number, MaskedCounts>();
		for await (const { at, masks } of dailyMasks(db, range)) {
			const own = masks.areas.find(({ area }) => area === place.code);
			if (own) told.set(at, own.counts);
		}
		return told;
	}
	const rows = await loadAreaOccupations(db, [place.code], range);
	return new Map(
		[...countsBy(rows, () => place.code)].map(([at, areas]) => [at, maskRow(areas.get(place.code) ?? NOBODY)])
	);
}

async function ofStation(db: Database, slot: number, range: Range): Promise<ByPeriod> {
	const beside = await stationsBeside(db, slot);
	const byDay = countsBy(await loadSiteOccupations(db, beside.slots, range), (row) => row.slot);
	const told = new Map<number, MaskedCounts>();
	for await (const { at, masks } of dailyMasks(db, range)) {
		const stations = beside.slots.map((one) => byDay.get(at)?.get(one) ?? NOBODY);
		const own = masks.partsOf(beside, stations)[beside.slots.indexOf(slot)];
		if (own) told.set(at, own);
	}
	return told;
}

async function ofSite(db: Database, slot: number, range: Range): Promise<ByPeriod> {
	const byDay = countsBy(await loadSiteOccupations(db, [slot], range), () => slot);
	return new Map([...byDay].map(([at, sites]) => [at, maskRow(sites.get(slot) ?? NOBODY)]));
}

/** Day by day, what may be told of all areas. */
async function* dailyMasks(
	db: Database,
	{ periodSeconds, fromMs, toMs }: Range
): AsyncGenerator<{ at: number; masks: AreaMasks }> {
	const areas: readonly Area[] = await loadAreas(db);
	const codes = areas.map(({ code }) => code);
	const step = Math.max(1, Math.floor(ROWS_AT_ONCE / Math.max(1, codes.length * OCCUPATIONS.length))) * DAY_MS;
	for (let from = fromMs; from < toMs; from += step) {
		const part = { periodSeconds, fromMs: from, toMs: Math.min(toMs, from + step) };
		const byDay = countsBy(await loadAreaOccupations(db, codes, part), (row) => row.area);
		for (const [at, sums] of byDay)
			yield {
				at,
				masks: maskAreas(
					areas,
					[...sums].map(([area, counts]) => ({ area, counts }))
				)
			};
		// Frames and events go between.
		await turn();
	}
}

function countsBy<R extends OccupationSum, K>(rows: readonly R[], keyOf: (row: R) => K): Map<number, Map<K, number[]>> {
	const periods = new Map<number, Map<K, number[]>>();
	for (const row of rows) {
		const period = periods.get(row.at) ?? new Map<K, number[]>();
		const counts = period.get(keyOf(row)) ?? [...NOBODY];
		// A word that this version does not know was written by a newer one.
		const place = PLACE.get(row.occupation) ?? OCCUPATIONS.indexOf('unknown');
		counts[place] = (counts[place] ?? 0) + row.visits;
		period.set(keyOf(row), counts);
		periods.set(row.at, period);
	}
	return periods;
}

/** Points of a range, oldest first. `reported`: the buckets of the same range, which tell silence from no visit. */
export function occupationPoints(range: Range, told: ByPeriod, reported: readonly BucketSums[]): OccupationPoint[] {
	const heard = new Set(reported.map(({ at }) => at));
	const period = range.periodSeconds * 1000;
	return Array.from({ length: (range.toMs - range.fromMs) / period }, (_, index) => {
		const at = range.fromMs + index * period;
		return { at: new Date(at).toISOString(), counts: told.get(at) ?? (heard.has(at) ? NOBODY : null) };
	});
}
