/**
 * The live map: Leaflet without tiles, our own point layer, and what a pointer finds there. Browser only; imported when the
 * page has its element. Data never moves the view: it is fitted once, to the first stations that come.
 */
import 'leaflet/dist/leaflet.css';
import { control, DivIcon, LatLngBounds, Marker, Map as LeafletMap, type LeafletMouseEvent } from 'leaflet';
import type { PointsView } from './point-set.ts';
import { PointLayer, type LayerStyle } from './point-layer.ts';

export interface LiveMapOptions {
	readonly zoomIn: string;
	readonly zoomOut: string;
	/** row of the topic; null = the ground was clicked */
	onselect(row: number | null): void;
}

export interface LiveMap {
	show(view: PointsView): void;
	/** Marks one place, or none. */
	mark(place: { readonly lng: number; readonly lat: number } | null): void;
	destroy(): void;
}

/** Sets a map up in an element that has a size. */
export function createLiveMap(element: HTMLElement, options: LiveMapOptions): LiveMap {
	const map = new LeafletMap(element, {
		center: [31.57, 120.3],
		zoom: 10,
		minZoom: 7,
		maxZoom: 18,
		zoomSnap: 0.25,
		zoomControl: false,
		attributionControl: false
	});
	control.zoom({ position: 'bottomright', zoomInTitle: options.zoomIn, zoomOutTitle: options.zoomOut }).addTo(map);
	control.scale({ position: 'bottomleft', imperial: false }).addTo(map);
	const layer = new PointLayer(styleOf(element)).addTo(map);
	const name = nameTag(element);
	// The one station that is chosen is a real element; all others are paint.
	const icon = new DivIcon({ className: 'chosen-mark', iconSize: [34, 34] });
	const chosen = new Marker([0, 0], { icon, interactive: false, keyboard: false });
	let view: PointsView | null = null;
	let isFitted = false;

	map.on('click', (event) => options.onselect(layer.rowAt(event.latlng)));
	map.on('mousemove', (event) => showName(event));
	map.on('mouseout movestart zoomstart', () => name.hide());
	const sizes = new ResizeObserver(() => map.invalidateSize({ pan: false }));
	sizes.observe(element);

	function showName({ latlng, containerPoint }: LeafletMouseEvent): void {
		const row = layer.rowAt(latlng);
		const site = row === null ? undefined : view?.sites[row];
		element.style.cursor = site ? 'pointer' : '';
		if (site) name.show(site.name, containerPoint.x, containerPoint.y);
		else name.hide();
	}

	return {
		show(next) {
			view = next;
			layer.show(next);
			const extent = isFitted ? null : layer.extent();
			if (!extent) return;
			isFitted = true;
			const bounds = new LatLngBounds([extent.south, extent.west], [extent.north, extent.east]);
			map.fitBounds(bounds.pad(0.06), { animate: false });
		},
		mark(place) {
			chosen.remove();
			if (place) chosen.setLatLng(place).addTo(map);
		},
		destroy() {
			sizes.disconnect();
			map.remove();
		}
	};
}

/** The name beside the pointer. */
function nameTag(element: HTMLElement): { show(text: string, x: number, y: number): void; hide(): void } {
	const tag = document.createElement('div');
	tag.className = 'name-tag';
	tag.hidden = true;
	element.append(tag);
	return {
		show(text, x, y) {
			tag.hidden = false;
			tag.textContent = text;
			const isRight = x > element.clientWidth / 2;
			tag.style.transform = `translate(${x}px, ${y}px) translate(${isRight ? 'calc(-100% - 14px)' : '14px'}, -120%)`;
		},
		hide() {
			tag.hidden = true;
		}
	};
}

/** Canvas knows no CSS variables: each token is resolved once by the element that stands in the page. */
function styleOf(element: HTMLElement): LayerStyle {
	const probe = document.createElement('span');
	element.append(probe);
	const color = (token: string): string => {
		probe.style.color = `var(${token})`;
		return getComputedStyle(probe).color;
	};
	probe.style.fontSize = 'var(--size-heading)';
	const computed = getComputedStyle(probe);
	const style: LayerStyle = {
		colors: {
			open: color('--status-open'),
			closedPlanned: color('--status-closed-planned'),
			closedUnplanned: color('--status-closed-unplanned'),
			unknown: color('--status-unknown'),
			stale: color('--stale'),
			ground: color('--ground')
		},
		label: color('--text-faint'),
		grid: color('--line-faint'),
		pulse: color('--accent'),
		font: computed.fontFamily,
		labelSize: Number.parseFloat(computed.fontSize),
		pointScale: Number.parseFloat(computed.getPropertyValue('--point-scale')) || 1
	};
	probe.remove();
	return style;
}
