/** The tiles of the KPI strip: which figure, how it is written, how old it is. */
import type { Freshness } from '#domain/freshness.ts';
import { measureOf, type MeasureId } from '#domain/measure.ts';
import type { Kpis } from '#domain/view.ts';
import { m } from '#lib/paraglide/messages.js';
import { numberText, percentText } from './figure-text.ts';
import { measureText } from './measure-words.ts';
import { worseFreshness } from './worse-freshness.ts';

export interface KpiTile {
	/** `kpi-{id}` is the name by which tests find the figure */
	readonly id: string;
	readonly measure: MeasureId;
	readonly text: string;
	readonly note: string;
	readonly freshness: Freshness;
	/** not normal, and known */
	readonly isAlert: boolean;
}

const TILES = [
	['stations', 'stations'],
	['open-stations', 'open'],
	['closed-unplanned', 'closedUnplanned'],
	['unknown', 'unknown'],
	['fulfilment', 'fulfilment'],
	['visits-today', 'visitsToday'],
	['inside-now', 'insideNow'],
	['devices-online', 'devicesOnline']
] as const satisfies readonly (readonly [id: string, measure: MeasureId])[];

/** Counts of sites are as old as the page's feed; sums also as old as what the sites report. */
const COUNTS: readonly MeasureId[] = ['stations', 'open', 'closedUnplanned', 'unknown'];

/** `kpis` null = nothing has come yet: every tile shows a dash. */
export function kpiTiles(kpis: Kpis | null, feed: Freshness, reports: Freshness): KpiTile[] {
	return TILES.map(([id, measure]) => {
		const value = kpis && measureOf(kpis, measure);
		const age = COUNTS.includes(measure) ? feed : worseFreshness(feed, reports);
		return {
			id,
			measure,
			text: measureText(value, measure),
			note: kpis ? noteOf(kpis, measure) : '',
			freshness: value === null ? 'none' : age,
			isAlert: measure === 'closedUnplanned' && value !== null && value > 0 && age !== 'stale'
		};
	});
}

function noteOf(kpis: Kpis, measure: MeasureId): string {
	if (measure === 'open' || measure === 'unknown') {
		return m.figure_share_of({ percent: percentText(kpis[measure], kpis.stations) });
	}
	if (measure === 'devicesOnline') return deviceNote(kpis);
	if (measure !== 'fulfilment' || !kpis.unknownSeconds) return '';
	return m.figure_unknown_part({ percent: percentText(kpis.unknownSeconds, kpis.postedSeconds) });
}

function deviceNote({ devicesOnline, devicesTotal }: Kpis): string {
	if (devicesTotal === null || devicesOnline === null) return '';
	const offline = m.figure_devices_offline({ count: numberText(devicesTotal - devicesOnline) });
	return `${percentText(devicesOnline, devicesTotal)} · ${offline}`;
}
