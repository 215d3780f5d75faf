/**
 * A measure is a figure that can be asked of any scope — a station, a street, a district, the city — and painted on the map.
 * Beside each value stands its evidence: who told, when, and how it came to be, so that no figure is shown without its age.
 */
import { freshnessOfMany, type Freshness } from './freshness.ts';
import { readValue, type Field } from './table.ts';
import { qualityOf, siteFreshness, statusOf, type Kpis, type LiveView, type SiteBrief } from './view.ts';

export const MEASURES = [
	'stations',
	'open',
	'closedUnplanned',
	'unknown',
	'visitsToday',
	'insideNow',
	'devicesOnline',
	'devicesTotal',
	'fulfilment'
] as const;
export type MeasureId = (typeof MEASURES)[number];

export interface MeasureSpec {
	readonly unit: 'sites' | 'visits' | 'people' | 'devices' | 'share';
	/**
	 * Where a class of the map begins: four growing numbers make five classes. They are fixed, so that a colour means the same
	 * at noon and at night, today and in a replay; and they grow fast, since a street has some 8 stations and a district some 110.
	 */
	readonly breaks: readonly [number, number, number, number];
}

export const MEASURE_SPEC: Readonly<Record<MeasureId, MeasureSpec>> = {
	stations: { unit: 'sites', breaks: [5, 15, 50, 120] },
	open: { unit: 'sites', breaks: [5, 15, 50, 120] },
	closedUnplanned: { unit: 'sites', breaks: [1, 3, 8, 20] },
	unknown: { unit: 'sites', breaks: [1, 5, 20, 60] },
	visitsToday: { unit: 'visits', breaks: [100, 500, 2000, 6000] },
	insideNow: { unit: 'people', breaks: [10, 40, 150, 500] },
	devicesOnline: { unit: 'devices', breaks: [20, 80, 300, 900] },
	devicesTotal: { unit: 'devices', breaks: [20, 80, 300, 900] },
	fulfilment: { unit: 'share', breaks: [0.5, 0.75, 0.9, 0.97] }
};

/** The value of a measure; null = not known. `fulfilment` is a share from 0 to 1, the rest are counts. */
export function measureOf(kpis: Kpis, id: MeasureId): number | null {
	return id === 'fulfilment' ? fulfilmentOf(kpis) : kpis[id];
}

/**
 * 开放履约率: seconds in which a site was verified open ÷ seconds that its posted hours promised, today so far [FU1]. Time of
 * which nobody knows stays in the divisor and is told apart (`unknownSeconds`): only when it is all of it, nothing is known.
 */
export function fulfilmentOf(kpis: Pick<Kpis, 'postedSeconds' | 'openSeconds' | 'unknownSeconds'>): number | null {
	const { postedSeconds, openSeconds, unknownSeconds } = kpis;
	if (!postedSeconds || openSeconds === null || unknownSeconds === postedSeconds) return null;
	return openSeconds / postedSeconds;
}

/** Place of a value among the classes of its measure: 0 … 4. */
export function classOf(value: number, id: MeasureId): number {
	return MEASURE_SPEC[id].breaks.filter((from) => value >= from).length;
}

/** What a figure rests on. */
export interface Evidence {
	/** ms: newest event among the sites that told; null = nobody did */
	readonly asOf: number | null;
	/** ms: the newest event of the site among them that has been silent longest */
	readonly oldest: number | null;
	/** of most of them [FR4] */
	readonly freshness: Freshness;
	/** sites that told, by how their newest figure came to be */
	readonly quality: { readonly measured: number; readonly reported: number; readonly estimated: number };
	/** sites that told */
	readonly records: number;
	/** sites in service that were asked */
	readonly of: number;
}

/** The evidence of a measure over `rows` of a view. Sites that are not in service are not asked, as in `kpisOf`. */
export function evidenceOf(
	rows: Iterable<number>,
	view: Pick<LiveView, 'sites' | 'columns'>,
	id: MeasureId,
	nowMs: number
): Evidence {
	const quality = { measured: 0, reported: 0, estimated: 0 };
	const ages = emptyCounts();
	const agesOfLive = emptyCounts();
	let [asOf, oldest, records, of] = [0, Number.POSITIVE_INFINITY, 0, 0];
	for (const row of rows) {
		const site = view.sites[row];
		if (site?.lifecycle !== 'open') continue;
		of++;
		if (!hasTold(view, site, row, id, nowMs)) continue;
		records++;
		const seenAtMs = (view.columns.seenAt[row] ?? 0) * 1000;
		if (seenAtMs > 0) [asOf, oldest] = [Math.max(asOf, seenAtMs), Math.min(oldest, seenAtMs)];
		const own = qualityOf(view.columns, row);
		if (own) quality[own]++;
		const age = siteFreshness(site, view.columns, row, nowMs);
		ages[age]++;
		if (site.telemetry === 'live') agesOfLive[age]++;
	}
	const age = ofLiveOrAll(agesOfLive, ages);
	const isFound = asOf > 0;
	return { asOf: isFound ? asOf : null, oldest: isFound ? oldest : null, freshness: age, quality, records, of };
}

const emptyCounts = (): Record<Freshness, number> => ({ none: 0, fresh: 0, late: 0, stale: 0 });

/** A keeper's daily word does not make a sum live: where sites report by themselves, they are what it is judged by. */
function ofLiveOrAll(live: Record<Freshness, number>, all: Record<Freshness, number>): Freshness {
	const ofLive = freshnessOfMany(live);
	return ofLive === 'none' ? freshnessOfMany(all) : ofLive;
}

/** The column whose value a site must know to have a part in the measure. */
const COLUMN_OF = {
	visitsToday: 'visitsToday',
	insideNow: 'inside',
	devicesOnline: 'devicesOnline',
	devicesTotal: 'devicesTotal'
} as const satisfies Partial<Record<MeasureId, Field>>;

/** `stations` is the registry's word: every site tells it. A status is told where it is not unknown. */
function hasTold(view: Pick<LiveView, 'columns'>, site: SiteBrief, row: number, id: MeasureId, nowMs: number): boolean {
	const knows = (of: keyof typeof COLUMN_OF): boolean => readValue(view.columns, COLUMN_OF[of], row) !== null;
	switch (id) {
		case 'stations':
			return true;
		case 'open':
		case 'closedUnplanned':
		case 'unknown':
			return statusOf(view.columns, row) !== 'unknown';
		case 'insideNow':
			return siteFreshness(site, view.columns, row, nowMs) !== 'stale' && knows(id);
		case 'visitsToday':
		case 'devicesOnline':
		case 'devicesTotal':
			return knows(id);
		// Nothing posted, or nothing known of what was: such a site has no part in the share.
		case 'fulfilment': {
			const posted = readValue(view.columns, 'postedToday', row) ?? 0;
			return posted > (readValue(view.columns, 'unknownToday', row) ?? 0);
		}
	}
}
