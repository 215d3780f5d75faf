/** What the page of one station shows, worked out from its topic. Pure. */
import type { TopicState } from '#domain/frame.ts';
import { dateText } from '#domain/shanghai.ts';
import type { Area } from '#domain/site.ts';
import type { StationView } from '#domain/view.ts';
import { numberText } from '#lib/panel/figure-text.ts';
import { placedStation, type PlacedStation } from '#lib/panel/placed-station.ts';
import { m } from '#lib/paraglide/messages.js';

export interface StationFigures extends PlacedStation {
	readonly tiles: readonly {
		readonly id: string;
		readonly label: string;
		readonly text: string;
		readonly unit: string;
	}[];
	readonly devices: readonly { device: string; kind: string; state: string; reason: string | null; at: number }[];
	readonly supplies: readonly {
		item: string;
		quantity: number;
		expiresOn: string | null;
		isExpired: boolean;
		at: number;
	}[];
}

/** Null while the topic holds no site of this code. */
export function stationFigures(state: TopicState, code: string, nowMs: number): StationFigures | null {
	const placed = placedStation(state, code, nowMs);
	if (!placed) return null;
	const today = dateText(nowMs);
	return {
		...placed,
		tiles: tilesOf(placed.station),
		devices: state.details?.devices ?? [],
		supplies: (state.details?.supplies ?? []).map((supply) => ({
			...supply,
			isExpired: supply.expiresOn !== null && supply.expiresOn < today
		}))
	};
}

/** The areas a station lies in, from the city down; empty until the topic knows it. */
export function stationPath(state: TopicState | null, code: string): Area[] {
	const site = state?.directory.sites.find((one) => one.code === code);
	const areas = state?.directory.areas ?? [];
	if (!site) return [];
	return areas.filter(({ level, code: area }) => level === 'city' || area === site.district || area === site.street);
}

function tilesOf(station: StationView): StationFigures['tiles'] {
	const tile = (id: string, label: string, value: number | null, unit: string) => ({
		id,
		label,
		text: numberText(value),
		unit: value === null ? '' : unit
	});
	const mains = station.mains === null ? numberText(null) : station.mains ? m.place_mains_on() : m.place_mains_lost();
	return [
		tile('inside', m.place_inside(), station.inside, m.figure_unit_people()),
		tile('visits-today', m.place_visits(), station.visitsToday, m.figure_unit_visits()),
		tile('temperature', m.place_temperature(), station.temperatureC, '°C'),
		tile('humidity', m.place_humidity(), station.humidityPct, '%'),
		tile('co2', m.place_co2(), station.co2Ppm, 'ppm'),
		{ id: 'mains', label: m.place_mains(), text: mains, unit: '' },
		deviceTile(station)
	];
}

function deviceTile({ devicesOnline, devicesTotal }: StationView): StationFigures['tiles'][number] {
	const unit = devicesOnline === null || devicesTotal === null ? '' : `/ ${numberText(devicesTotal)}`;
	return { id: 'devices-online', label: m.figure_kpi_devices_online(), text: numberText(devicesOnline), unit };
}
