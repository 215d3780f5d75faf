/** What pointers and keys do on the map: a name beside the pointer, and one site, or a fan of those at one place, chosen. */
import type { LatLng, LeafletMouseEvent, Map as LeafletMap } from 'leaflet';
import type { FanLayer } from './fan-layer.ts';
import { nameTag } from './map-frame.ts';
import type { PointLayer } from './point-layer.ts';

/** `onselect`: row of the topic; null = the ground was clicked. Lives as long as the map. */
export function followHands(
	map: LeafletMap,
	{ points, fan }: { readonly points: PointLayer; readonly fan: FanLayer },
	onselect: (row: number | null) => void
): void {
	const element = map.getContainer();
	const tag = nameTag(element);

	const select = (at: LatLng, isByKeyboard: boolean): void => {
		const set = points.points;
		const hits = points.pointsAt(at);
		if (set && hits.length > 1) {
			tag.show([], 0, 0);
			fan.open(set, hits, isByKeyboard);
			return;
		}
		fan.close();
		const [hit] = hits;
		onselect(hit === undefined ? null : (set?.rows[hit] ?? null));
	};

	map.on('click', ({ latlng }) => select(latlng, false));
	map.on('mousemove', ({ latlng, containerPoint }: LeafletMouseEvent) => {
		const names = namesAt(points, latlng);
		element.style.cursor = names.length > 0 ? 'pointer' : '';
		tag.show(names, containerPoint.x, containerPoint.y);
	});
	map.on('mouseout movestart zoomstart', () => tag.show([], 0, 0));
	element.addEventListener('pointerdown', () => delete element.dataset['keys']);
	element.addEventListener('keydown', (event) => {
		// A crosshair points at the middle (map.css).
		element.dataset['keys'] = 'true';
		if (event.key === 'Enter' && event.target === element) select(map.getCenter(), true);
		if (event.key === 'Escape') fan.close();
	});
}

function namesAt(layer: PointLayer, at: LatLng): string[] {
	const { points } = layer;
	if (!points) return [];
	return layer.pointsAt(at).map((point) => points.sites[points.rows[point] as number]?.name ?? '');
}
