/** What the page of one station shows, worked out from its topic. Pure. */
import type { TopicState } from '#domain/frame.ts';
import { dateText } from '#domain/shanghai.ts';
import type { Area } from '#domain/site.ts';
import { placedStation, type PlacedStation } from '#lib/panel/placed-station.ts';
import { stationTiles, type StationTileText } from './station-tiles.ts';

export interface StationFigures extends PlacedStation {
	readonly tiles: readonly StationTileText[];
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
		tiles: stationTiles(placed.station),
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
	// The directory's areas come in no order of their own: the way down is made here.
	const areaOf = (own: string | null): Area[] => areas.filter(({ code: area }) => area === own);
	return [...areas.filter(({ level }) => level === 'city'), ...areaOf(site.district), ...areaOf(site.street)];
}
