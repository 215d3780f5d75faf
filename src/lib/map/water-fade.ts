/**
 * Fades the water to nothing at the edges of its data, by a mask of its drawing. The mask is moved after a zoom and taken off
 * where no edge is near: it costs only when water is drawn, never with the data.
 */
import type { Map as LeafletMap } from 'leaflet';
import type { Extent } from './point-set.ts';
import { clearPartOf } from './water-extent.ts';

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
let masks = 0;

/** px of the drawing */
interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

/** One per edge: black at the edge and nothing inside, in parts of its strip; and where that strip lies. */
const STRIPS: readonly {
	readonly edge: string;
	readonly from: readonly [x: number, y: number];
	readonly to: readonly [x: number, y: number];
	readonly box: (outer: Box, inner: Box) => Box;
}[] = [
	{ edge: 'west', from: [0, 0], to: [1, 0], box: (outer, inner) => ({ ...outer, right: inner.left }) },
	{ edge: 'east', from: [1, 0], to: [0, 0], box: (outer, inner) => ({ ...outer, left: inner.right }) },
	{ edge: 'north', from: [0, 0], to: [0, 1], box: (outer, inner) => ({ ...outer, bottom: inner.top }) },
	{ edge: 'south', from: [0, 1], to: [0, 0], box: (outer, inner) => ({ ...outer, top: inner.bottom }) }
];

/** `svg` is Leaflet's drawing of the water; `padding` the share of the view that it draws beyond each edge. */
export function fadeWater(map: LeafletMap, svg: SVGElement, extent: Extent, padding: number): void {
	const drawing = svg.querySelector('g');
	if (!drawing) return;
	const id = `map-water-fade-${++masks}`;
	const clear = clearPartOf(extent);
	const mask = make('mask', { id, maskUnits: 'userSpaceOnUse' });
	const whole = make('rect', { fill: 'white' });
	const strips = STRIPS.map(({ edge, box }) => ({ rect: make('rect', { fill: `url(#${id}-${edge})` }), box }));
	mask.append(whole, ...strips.map(({ rect }) => rect));
	svg.append(...STRIPS.map(({ edge, from, to }) => gradient(`${id}-${edge}`, from, to)), mask);

	const place = (): void => {
		const isFar = contains(clear, map.getBounds().pad(padding));
		drawing.toggleAttribute('mask', !isFar);
		if (isFar) return;
		const [outer, inner] = [boxOf(map, extent), boxOf(map, clear)];
		for (const element of [mask, whole]) lay(element, outer);
		for (const { rect, box } of strips) lay(rect, box(outer, inner));
		drawing.setAttribute('mask', `url(#${id})`);
	};
	map.on('moveend', place);
	place();
}

function contains({ west, south, east, north }: Extent, seen: ReturnType<LeafletMap['getBounds']>): boolean {
	return seen.getWest() > west && seen.getEast() < east && seen.getSouth() > south && seen.getNorth() < north;
}

function boxOf(map: LeafletMap, { west, south, east, north }: Extent): Box {
	const first = map.latLngToLayerPoint([north, west]);
	const last = map.latLngToLayerPoint([south, east]);
	return { left: first.x, top: first.y, right: last.x, bottom: last.y };
}

function lay(element: SVGElement, { left, top, right, bottom }: Box): void {
	const attributes = { x: left, y: top, width: right - left, height: bottom - top };
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

function gradient(id: string, [x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): SVGElement {
	const element = make('linearGradient', { id, x1, y1, x2, y2 });
	element.append(make('stop', {}), make('stop', { offset: 1, 'stop-opacity': 0 }));
	return element;
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
	const element = document.createElementNS(SVG_NAMESPACE, name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
	return element;
}
