/** The figures of one station as tiles: how each is written, and what it means. Pure but for the language of the page. */
import { fulfilmentOf } from '#domain/measure.ts';
import type { StationView } from '#domain/view.ts';
import { numberText, percentText } from '#lib/panel/figure-text.ts';
import { m } from '#lib/paraglide/messages.js';

export interface StationTileText {
	/** `station-{id}` is the name by which tests find the figure */
	readonly id: string;
	readonly label: string;
	/** `–` where it is not known */
	readonly text: string;
	readonly unit: string;
	readonly note: string;
	readonly definition: string;
	readonly source: string;
	readonly isKnown: boolean;
	/** known, and not normal */
	readonly isAlert: boolean;
}

interface Words {
	readonly label: string;
	readonly definition: string;
	readonly source: string;
}

const NOTHING_MORE = { note: '', isAlert: false };

export function stationTiles(station: StationView): StationTileText[] {
	return [
		count('inside', station.inside, m.figure_unit_people(), {
			label: m.place_inside(),
			definition: m.place_def_inside(),
			source: m.figure_source_inside()
		}),
		count('visits-today', station.visitsToday, m.figure_unit_visits(), {
			label: m.place_visits(),
			definition: m.place_def_visits(),
			source: m.figure_source_visits()
		}),
		fulfilmentTile(station),
		count('temperature', station.temperatureC, '°C', {
			label: m.place_temperature(),
			definition: m.place_def_temperature(),
			source: m.place_source_air()
		}),
		count('humidity', station.humidityPct, '%', {
			label: m.place_humidity(),
			definition: m.place_def_humidity(),
			source: m.place_source_air()
		}),
		count('co2', station.co2Ppm, 'ppm', {
			label: m.place_co2(),
			definition: m.place_def_co2(),
			source: m.place_source_air()
		}),
		mainsTile(station),
		deviceTile(station)
	];
}

function count(id: string, value: number | null, unit: string, words: Words): StationTileText {
	const isKnown = value !== null;
	return { ...words, ...NOTHING_MORE, id, text: numberText(value), unit: isKnown ? unit : '', isKnown };
}

function fulfilmentTile(station: StationView): StationTileText {
	const share = fulfilmentOf(station);
	const { unknownSeconds, postedSeconds } = station;
	return {
		id: 'fulfilment',
		label: m.figure_kpi_fulfilment(),
		definition: m.figure_def_fulfilment(),
		source: m.figure_source_status(),
		text: percentText(share, 1),
		unit: '',
		note: unknownSeconds ? m.figure_unknown_part({ percent: percentText(unknownSeconds, postedSeconds) }) : '',
		isKnown: share !== null,
		isAlert: false
	};
}

function mainsTile({ mains }: StationView): StationTileText {
	return {
		id: 'mains',
		label: m.place_mains(),
		definition: m.place_def_mains(),
		source: m.place_source_mains(),
		text: mains === null ? numberText(null) : mains ? m.place_mains_on() : m.place_mains_lost(),
		unit: '',
		note: '',
		isKnown: mains !== null,
		isAlert: mains === false
	};
}

function deviceTile({ devicesOnline, devicesTotal }: StationView): StationTileText {
	const isKnown = devicesOnline !== null && devicesTotal !== null;
	return {
		id: 'devices-online',
		label: m.figure_kpi_devices_online(),
		definition: m.place_def_devices(),
		source: m.figure_source_devices(),
		text: numberText(devicesOnline),
		unit: isKnown ? `/ ${numberText(devicesTotal)}` : '',
		note: '',
		isKnown,
		isAlert: false
	};
}
