/** The parts of the map that know no data: Leaflet's own map with its panes, the buttons on it, the name beside the pointer. */
import { Control, control, DomEvent, DomUtil, Map as LeafletMap } from 'leaflet';
import { MAX_ZOOM } from './hit.ts';
import type { MapPlace, MapSeen } from './map-props.ts';

/** From the ground up; map.css lifts some in some states. Leaflet's own: tiles 200, markers (the chosen site) 600. */
const PANES = { areas: 140, water: 150, names: 350, points: 400, glyphs: 450, fan: 650 };
/** Wider than any city; `LiveMap` narrows it to what the ground covers. */
const MIN_ZOOM = 7;
/** Until the first sites come. */
const SOMEWHERE: MapPlace = { lng: 120.3, lat: 31.57, zoom: 10 };

export function makeMap(element: HTMLElement, start: MapPlace | null): LeafletMap {
	const { lng, lat, zoom } = start ?? SOMEWHERE;
	const map = new LeafletMap(element, {
		center: [lat, lng],
		zoom,
		minZoom: MIN_ZOOM,
		maxZoom: MAX_ZOOM,
		// A share link carries any zoom; the wheel and the buttons go by quarters and wholes.
		zoomSnap: 0.25,
		zoomControl: false,
		attributionControl: false
	});
	for (const [name, z] of Object.entries(PANES)) {
		const pane = map.createPane(name);
		pane.style.zIndex = String(z);
		// Points are found by their index; only glyphs and the fan are elements to be pressed.
		if (name !== 'glyphs' && name !== 'fan') pane.style.pointerEvents = 'none';
	}
	return map;
}

export interface ControlWords {
	readonly zoomIn: string;
	readonly zoomOut: string;
	readonly showAll: string;
}

export function addControls(map: LeafletMap, words: ControlWords, onshowall: () => void): void {
	const zoom = control.zoom({ position: 'topleft', zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
	const home = DomUtil.create('a', 'map-home', zoom.getContainer());
	Object.assign(home, { href: '#', title: words.showAll, role: 'button' });
	home.setAttribute('aria-label', words.showAll);
	DomEvent.on(home, 'click', (event) => {
		DomEvent.stop(event);
		onshowall();
	});
	new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(map);
}

/** Five decimals are a metre. */
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export function placesOf(map: LeafletMap): MapSeen {
	const { lng, lat } = map.getCenter();
	const bounds = map.getBounds();
	return {
		lng: round(lng, 5),
		lat: round(lat, 5),
		zoom: round(map.getZoom(), 2),
		bounds: { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() }
	};
}

/** Names in the tag: more than these are only counted. */
const MOST_NAMES = 4;

export interface NameTag {
	/** css px of the map; no names = no tag */
	show(names: readonly string[], x: number, y: number): void;
}

/** The names beside the pointer. */
export function nameTag(element: HTMLElement): NameTag {
	const tag = DomUtil.create('div', 'map-name-tag', element);
	tag.hidden = true;
	tag.setAttribute('aria-hidden', 'true');
	return {
		show(names, x, y) {
			tag.hidden = names.length === 0;
			if (tag.hidden) return;
			const rest = names.length - MOST_NAMES;
			tag.textContent = [...names.slice(0, MOST_NAMES), ...(rest > 0 ? [`+${rest}`] : [])].join('\n');
			const isRight = x > element.clientWidth / 2;
			tag.style.transform = `translate(${x}px, ${y}px) translate(${isRight ? 'calc(-100% - 14px)' : '14px'}, -120%)`;
		}
	};
}
