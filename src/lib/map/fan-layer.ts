/**
 * Sites that stand at one place, spread around it with lines that lead back. Each is a button: chosen by pointer or by
 * keyboard (arrows walk, Escape closes). Data repaints the buttons; only a move of the view or a choice elsewhere closes the fan.
 */
import { DivIcon, DomEvent, Marker, type Map as LeafletMap } from 'leaflet';
import { fanSpots, type FanSpot } from './fan.ts';
import { latOf, lngOf } from './mercator.ts';
import type { MapStyle } from './map-style.ts';
import type { PointSet } from './point-set.ts';
import { drawPoint } from './sprites.ts';

/** css px, before `--point-scale`. */
const BUTTON = 34;
const POINT = 9;
const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

export interface FanCalls {
	onselect(row: number): void;
	/** rows of the open fan; empty = it was closed */
	onfan(rows: readonly number[]): void;
}

export class FanLayer {
	readonly #map: LeafletMap;
	readonly #calls: FanCalls;
	#style: MapStyle;
	#marker: Marker | null = null;
	#buttons: { point: number; canvas: HTMLCanvasElement }[] = [];

	constructor(map: LeafletMap, style: MapStyle, calls: FanCalls) {
		this.#map = map;
		this.#style = style;
		this.#calls = calls;
		map.on('zoomstart', () => this.close());
	}

	/** Fans out points that stand at one place. `takesFocus`: it was opened by keyboard. */
	open(points: PointSet, members: readonly number[], takesFocus: boolean): void {
		this.close();
		const [first = 0] = members;
		const size = BUTTON * this.#style.pointScale;
		const spots = fanSpots(members.length, size + 2);
		const element = document.createElement('div');
		element.append(linesTo(spots), ...members.map((point, i) => this.#makeButton(points, point, spots[i], size)));
		DomEvent.disableClickPropagation(element);
		element.addEventListener('keydown', (event) => this.#walk(element, event));
		const icon = new DivIcon({ className: 'map-fan', html: element, iconSize: [0, 0] });
		const at: [number, number] = [latOf(points.y[first] as number), lngOf(points.x[first] as number)];
		this.#marker = new Marker(at, { icon, pane: 'fan', interactive: false, keyboard: false }).addTo(this.#map);
		this.repaint(points);
		if (takesFocus) element.querySelector('button')?.focus();
		this.#calls.onfan(members.map((point) => points.rows[point] as number));
	}

	close(): void {
		if (!this.#marker) return;
		const hadFocus = this.#marker.getElement()?.contains(document.activeElement);
		this.#marker.remove();
		this.#marker = null;
		this.#buttons = [];
		if (hadFocus) this.#map.getContainer().focus();
		this.#calls.onfan([]);
	}

	restyle(style: MapStyle): void {
		this.#style = style;
	}

	/** Draws the buttons as their sites look now. */
	repaint(points: PointSet): void {
		const radius = POINT * this.#style.pointScale;
		for (const { point, canvas } of this.#buttons) {
			const pen = canvas.getContext('2d');
			if (!pen) continue;
			const ratio = canvas.width / canvas.clientWidth || 1;
			pen.setTransform(1, 0, 0, 1, 0, 0);
			pen.clearRect(0, 0, canvas.width, canvas.height);
			pen.setTransform(ratio, 0, 0, ratio, canvas.width / 2, canvas.height / 2);
			const look = (points.looks[point] as number) % 16;
			const kind = points.kinds[point] as number;
			drawPoint(pen, { look, kind, hasHonour: false }, radius, this.#style.colors);
		}
	}

	#makeButton(points: PointSet, point: number, spot: FanSpot | undefined, size: number): HTMLButtonElement {
		const row = points.rows[point] as number;
		const name = points.sites[row]?.name ?? '';
		const button = document.createElement('button');
		button.type = 'button';
		button.title = name;
		button.setAttribute('aria-label', name);
		Object.assign(button.style, { inlineSize: `${size}px`, blockSize: `${size}px` });
		button.style.transform = `translate(${spot?.x ?? 0}px, ${spot?.y ?? 0}px) translate(-50%, -50%)`;
		const canvas = document.createElement('canvas');
		canvas.width = canvas.height = Math.round(size * 2);
		button.append(canvas);
		button.addEventListener('click', () => this.#calls.onselect(row));
		this.#buttons.push({ point, canvas });
		return button;
	}

	#walk(element: HTMLElement, event: KeyboardEvent): void {
		if (event.key === 'Escape') this.close();
		const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
		if (step === undefined && event.key !== 'Escape') return;
		// The map below would pan.
		event.stopPropagation();
		event.preventDefault();
		if (step === undefined) return;
		const buttons = [...element.querySelectorAll('button')];
		const now = buttons.findIndex((button) => button === document.activeElement);
		buttons.at((now + step) % buttons.length)?.focus();
	}
}

function linesTo(spots: readonly FanSpot[]): SVGSVGElement {
	const svg = document.createElementNS(SVG_NAMESPACE, 'svg');
	svg.setAttribute('aria-hidden', 'true');
	const path = document.createElementNS(SVG_NAMESPACE, 'path');
	path.setAttribute('d', spots.map(({ x, y }) => `M0 0L${x.toFixed(1)} ${y.toFixed(1)}`).join(''));
	svg.append(path);
	return svg;
}
