/** What the map is measured against: Leaflet's own circle markers on its own canvas, restyled when a station has changed. */
import { CircleMarker, LatLngBounds, Map as LeafletMap, type CircleMarkerOptions } from 'leaflet';
import { STATUS } from '#domain/table.ts';
import type { PointsView } from '#lib/map/point-set.ts';

export interface CircleMap {
	/** Restyles the markers of those rows whose status is another than before. */
	restyle(rows: readonly number[]): void;
	destroy(): void;
}

function styleOf(status: number | undefined): CircleMarkerOptions {
	const isClosed = status === STATUS.closed_unplanned;
	const color = isClosed ? '#ff9440' : status === STATUS.open ? '#6fa99b' : '#4d5e6c';
	return { radius: isClosed ? 5 : 4, fillColor: color, color: '#0e161d', fillOpacity: 1, weight: 1 };
}

export function makeCircleMap(element: HTMLElement, { sites, columns }: PointsView): CircleMap {
	const map = new LeafletMap(element, { preferCanvas: true, zoomControl: false, attributionControl: false });
	const places = sites.map((site): [number, number] => [site.lat ?? 0, site.lng ?? 0]);
	map.fitBounds(new LatLngBounds(places).pad(0.06), { animate: false });
	const shown = columns.status.slice();
	const markers = places.map((place, row) => new CircleMarker(place, styleOf(shown[row])).addTo(map));
	return {
		restyle(rows) {
			for (const row of rows) {
				const status = columns.status[row];
				if (status === undefined || status === shown[row]) continue;
				shown[row] = status;
				markers[row]?.setStyle(styleOf(status));
			}
		},
		destroy: () => void map.remove()
	};
}
