/** What every measure is called, what it means and where it comes from, in the language of the page. */
import { MEASURE_SPEC, type MeasureId, type MeasureSpec } from '#domain/measure.ts';
import type { FigureQuality } from '#domain/table.ts';
import { m } from '#lib/paraglide/messages.js';
import { percentText, shortNumberText } from './figure-text.ts';

export interface MeasureWords {
	readonly name: () => string;
	readonly definition: () => string;
	readonly formula: () => string;
	readonly source: () => string;
}

export const MEASURE_WORDS: Readonly<Record<MeasureId, MeasureWords>> = {
	stations: {
		name: m.figure_kpi_stations,
		definition: m.figure_def_stations,
		formula: m.figure_formula_stations,
		source: m.figure_source_registry
	},
	open: {
		name: m.figure_kpi_open,
		definition: m.figure_def_open,
		formula: m.figure_formula_open,
		source: m.figure_source_status
	},
	closedUnplanned: {
		name: m.figure_kpi_closed_unplanned,
		definition: m.figure_def_closed_unplanned,
		formula: m.figure_formula_closed_unplanned,
		source: m.figure_source_status
	},
	unknown: {
		name: m.figure_kpi_unknown,
		definition: m.figure_def_unknown,
		formula: m.figure_formula_unknown,
		source: m.figure_source_status
	},
	visitsToday: {
		name: m.figure_kpi_visits_today,
		definition: m.figure_def_visits_today,
		formula: m.figure_formula_visits_today,
		source: m.figure_source_visits
	},
	insideNow: {
		name: m.figure_kpi_inside_now,
		definition: m.figure_def_inside_now,
		formula: m.figure_formula_inside_now,
		source: m.figure_source_inside
	},
	devicesOnline: {
		name: m.figure_kpi_devices_online,
		definition: m.figure_def_devices_online,
		formula: m.figure_formula_devices_online,
		source: m.figure_source_devices
	},
	devicesTotal: {
		name: m.figure_kpi_devices_total,
		definition: m.figure_def_devices_total,
		formula: m.figure_formula_devices_total,
		source: m.figure_source_devices
	},
	fulfilment: {
		name: m.figure_kpi_fulfilment,
		definition: m.figure_def_fulfilment,
		formula: m.figure_formula_fulfilment,
		source: m.figure_source_status
	}
};

const UNIT_WORD: Readonly<Record<MeasureSpec['unit'], () => string>> = {
	sites: m.figure_unit_stations,
	visits: m.figure_unit_visits,
	people: m.figure_unit_people,
	devices: m.figure_unit_devices,
	share: () => ''
};

/** Empty for a share, whose sign stands with the figure. */
export function unitText(id: MeasureId): string {
	return UNIT_WORD[MEASURE_SPEC[id].unit]();
}

/** A measure as it is written: counts with their thousands parted, shares in percent, `–` where it is not known. */
export function measureText(value: number | null, id: MeasureId): string {
	return MEASURE_SPEC[id].unit === 'share' ? percentText(value, 1) : shortNumberText(value);
}

interface QualityWords {
	readonly name: () => string;
	readonly letter: () => string;
	readonly meaning: () => string;
}

export const QUALITY_WORDS: Readonly<Record<FigureQuality, QualityWords>> = {
	measured: {
		name: m.figure_quality_measured,
		letter: m.figure_quality_measured_letter,
		meaning: m.figure_quality_measured_meaning
	},
	reported: {
		name: m.figure_quality_reported,
		letter: m.figure_quality_reported_letter,
		meaning: m.figure_quality_reported_meaning
	},
	estimated: {
		name: m.figure_quality_estimated,
		letter: m.figure_quality_estimated_letter,
		meaning: m.figure_quality_estimated_meaning
	}
};
