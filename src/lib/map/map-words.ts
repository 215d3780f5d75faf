/** The words that layers write themselves, in the language of the page. */
import { MEASURE_SPEC, type MeasureId } from '#domain/measure.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { AreaFigure, Rate } from './choropleth.ts';
import type { MapWords } from './live-map.ts';
import type { FigureText } from './map-labels.ts';

export const MEASURE_NAME: Readonly<Record<MeasureId, () => string>> = {
	stations: m.figure_kpi_stations,
	open: m.figure_kpi_open,
	closedUnplanned: m.figure_kpi_closed_unplanned,
	unknown: m.figure_kpi_unknown,
	visitsToday: m.figure_kpi_visits_today,
	insideNow: m.figure_kpi_inside_now,
	devicesOnline: m.figure_kpi_devices_online,
	devicesTotal: m.figure_kpi_devices_total,
	fulfilment: m.figure_kpi_fulfilment
};

export function mapWords(): MapWords {
	return {
		zoomIn: m.map_zoom_in(),
		zoomOut: m.map_zoom_out(),
		showAll: m.map_show_all(),
		isEnglish: getLocale() === 'en',
		number: (value) => value.toLocaleString('en'),
		label: ({ name, count, closed, openPercent, stalePercent }) =>
			m.map_glyph({
				name,
				count,
				closed,
				open: percentText(openPercent / 100),
				stale: percentText(stalePercent / 100)
			}),
		figure: figureText
	};
}

/** A value of a measure as it is written: `1,234` or `97 %`. */
export function valueText(measure: MeasureId, value: number): string {
	return MEASURE_SPEC[measure].unit === 'share' ? percentText(value) : Math.round(value).toLocaleString('en');
}

/** `12 · 8 %`: the count and what makes it comparable, or the count alone; – where nothing is known. */
function figureText(measure: MeasureId, { value, rate }: AreaFigure): FigureText {
	const short = value === null ? '–' : valueText(measure, value);
	return { full: value !== null && rate ? `${short} · ${rateText(rate)}` : short, short };
}

function rateText({ kind, value }: Rate): string {
	if (kind === 'share') return percentText(value);
	if (kind === 'sites') return m.map_of_sites({ count: value });
	return m.map_per_site({ value: meanText(value) });
}

/** A mean with as many digits as it deserves; what is not nothing is not written as nothing. */
function meanText(value: number): string {
	if (value > 0 && value < 0.1) return '<0.1';
	return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Whole percent; nothing that is not all, or not nothing, is rounded to it. */
function percentText(share: number): string {
	const percent = Math.round(share * 100);
	const honest = share > 0 && share < 1 ? Math.min(99, Math.max(1, percent)) : percent;
	return `${honest}%`;
}
