/** What the page of one station shows, worked out from its topic. Pure. */
import type { TopicState } from '#domain/frame.ts';
import { dateText } from '#domain/shanghai.ts';
import type { StationView } from '#domain/view.ts';
import { numberText } from '#lib/panel/figure-text.ts';
import { placedStation, type PlacedStation } from '#lib/panel/placed-station.ts';
import { words } from '#lib/words.ts';

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

function tilesOf(station: StationView): StationFigures['tiles'] {
	const of = words.station;
	const tile = (id: string, label: string, value: number | null, unit: string) => ({
		id,
		label,
		text: numberText(value),
		unit: value === null ? '' : unit
	});
	const mains = station.mains === null ? numberText(null) : station.mains ? of.mainsOn : of.mainsLost;
	return [
		tile('inside', of.inside, station.inside, words.kpi.unitPeople),
		tile('visits-today', of.visits, station.visitsToday, words.kpi.unitVisits),
		tile('temperature', of.temperature, station.temperatureC, '°C'),
		tile('humidity', of.humidity, station.humidityPct, '%'),
		tile('co2', of.co2, station.co2Ppm, 'ppm'),
		{ id: 'mains', label: of.mains, text: mains, unit: '' },
		deviceTile(station)
	];
}

function deviceTile({ devicesOnline, devicesTotal }: StationView): StationFigures['tiles'][number] {
	const unit = devicesOnline === null || devicesTotal === null ? '' : `/ ${numberText(devicesTotal)}`;
	return { id: 'devices-online', label: words.kpi.devicesOnline, text: numberText(devicesOnline), unit };
}
