/** The tiles of the KPI strip: which figure, how it is written, how old it is. */
import type { Freshness } from '#domain/freshness.ts';
import type { Kpis } from '#domain/view.ts';
import { numberText, percentText, shortNumberText } from './figure-text.ts';
import { worseFreshness } from './worse-freshness.ts';
import { words } from '#lib/words.ts';

export interface KpiTile {
	/** `kpi-{id}` is the name by which tests find the figure */
	readonly id: string;
	readonly label: string;
	readonly text: string;
	readonly unit: string;
	readonly note: string;
	readonly freshness: Freshness;
	/** not normal, and known */
	readonly isAlert: boolean;
}

/** `kpis` null = nothing has come yet: every tile shows a dash. */
export function kpiTiles(kpis: Kpis | null, feed: Freshness, reports: Freshness): KpiTile[] {
	const of = words.kpi;
	const sum = worseFreshness(feed, reports);
	const tile = (
		id: string,
		label: string,
		value: number | null,
		unit: string,
		note: string,
		age: Freshness
	): KpiTile => ({
		id,
		label,
		text: shortNumberText(value),
		unit,
		note,
		freshness: value === null ? 'none' : age,
		isAlert: id === 'closed-unplanned' && value !== null && value > 0 && age !== 'stale'
	});
	const share = (part: number | undefined): string => (kpis ? of.share(percentText(part ?? null, kpis.stations)) : '');
	return [
		tile('stations', of.stations, kpis?.stations ?? null, of.unitStations, '', feed),
		tile('open-stations', of.open, kpis?.open ?? null, of.unitStations, share(kpis?.open), feed),
		tile('closed-unplanned', of.closedUnplanned, kpis?.closedUnplanned ?? null, of.unitStations, '', feed),
		tile('unknown', of.unknown, kpis?.unknown ?? null, of.unitStations, share(kpis?.unknown), feed),
		tile('visits-today', of.visitsToday, kpis?.visitsToday ?? null, of.unitVisits, '', sum),
		tile('inside-now', of.insideNow, kpis?.insideNow ?? null, of.unitPeople, '', sum),
		tile('devices-online', of.devicesOnline, kpis?.devicesOnline ?? null, '', deviceNote(kpis), sum)
	];
}

function deviceNote(kpis: Kpis | null): string {
	if (!kpis || kpis.devicesTotal === null || kpis.devicesOnline === null) return '';
	const offline = words.kpi.offline(numberText(kpis.devicesTotal - kpis.devicesOnline));
	return `${percentText(kpis.devicesOnline, kpis.devicesTotal)} · ${offline}`;
}
