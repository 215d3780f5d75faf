import type { TopicState } from '#domain/frame.ts';
import { stationView, type StationView } from '#domain/view.ts';

export interface PlacedStation {
	readonly station: StationView;
	/** district and street, as people say them; empty where the registry has none */
	readonly place: string;
}

/** The station of a code with its place in words; null when the directory does not know it (any more). */
export function placedStation(state: TopicState, code: string, nowMs: number): PlacedStation | null {
	const { sites, areas } = state.directory;
	const row = sites.findIndex((site) => site.code === code);
	const station = row < 0 ? null : stationView({ sites, areas, columns: state.columns, sources: [] }, row, nowMs);
	if (!station) return null;
	const nameOf = (area: string | null): string => areas.find((other) => other.code === area)?.name ?? '';
	return { station, place: [nameOf(station.district), nameOf(station.street)].filter(Boolean).join(' · ') };
}
