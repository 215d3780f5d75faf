/** Runs in the browser of the map's benches: both maps, and the load for them. Bundled by map.ts; no part of the product. */
import '#lib/style/tokens.css';
import { LiveMap } from '#lib/map/live-map.ts';
import type { PointsView } from '#lib/map/point-set.ts';
import { makeCircleMap } from './map-circles.ts';
import { makeCity, seededRandom, turnSome } from './map-world.ts';

/** The frames of the product: four a second. */
const FRAME_MS = 250;
const NOW_MS = Date.parse('2026-11-22T04:00:00Z');

export interface BenchPage {
	/** Sets up a map with so many stations in place of the last one; resolves once it is drawn. */
	open(side: 'ours' | 'circles', stations: number): Promise<void>;
	/** Events for so long, in frames. */
	stream(eventsPerSecond: number, seconds: number): Promise<void>;
	/** So many events at once, and the frame that shows them; so often, one after the other. */
	redraw(events: number, times: number): Promise<void>;
	/** So many frames of the screen in which nothing happens: what `redraw` would cost without a map. */
	rest(times: number): Promise<void>;
	/** Everything drawn anew, as after a move. */
	drawAll(times: number): Promise<void>;
}

interface Side {
	show(rows: readonly number[], nowMs: number): void;
	drawAll(): void;
	destroy(): void;
}

const element = document.createElement('div');
document.body.append(element);
Object.assign(element.style, { position: 'fixed', inset: '0' });
let view: PointsView | null = null;
let side: Side | null = null;
let random = seededRandom(1);

const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
const settled = async (): Promise<void> => {
	await nextFrame();
	await nextFrame();
};

function openOurs(city: PointsView): Side {
	const words = {
		...{ zoomIn: '', zoomOut: '', showAll: '', isEnglish: false },
		...{ number: String, label: () => '', figure: () => ({ full: '', short: '' }) }
	};
	const map = new LiveMap(element, { words, hasControls: false, start: null });
	map.show(city);
	return {
		show: (_rows, nowMs) => map.show({ ...city, nowMs }),
		drawAll: () => map.showAll(),
		destroy: () => map.destroy()
	};
}

function openCircles(city: PointsView): Side {
	const map = makeCircleMap(element, city);
	return { show: (rows) => map.restyle(rows), drawAll: () => undefined, destroy: () => map.destroy() };
}

const bench: BenchPage = {
	async open(name, stations) {
		side?.destroy();
		element.replaceChildren();
		random = seededRandom(7);
		view = makeCity(stations, NOW_MS);
		side = name === 'ours' ? openOurs(view) : openCircles(view);
		await settled();
	},
	async stream(eventsPerSecond, seconds) {
		const frames = (seconds * 1000) / FRAME_MS;
		for (let frame = 1; frame <= frames; frame++) {
			await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
			if (!view) return;
			side?.show(turnSome(view, (eventsPerSecond * FRAME_MS) / 1000, random), NOW_MS + frame * FRAME_MS);
		}
	},
	async redraw(events, times) {
		for (let time = 0; time < times; time++) {
			if (!view) return;
			side?.show(turnSome(view, events, random), NOW_MS);
			await nextFrame();
		}
		await nextFrame();
	},
	async rest(times) {
		for (let time = 0; time <= times; time++) await nextFrame();
	},
	async drawAll(times) {
		for (let time = 0; time < times; time++) {
			side?.drawAll();
			await nextFrame();
		}
	}
};

Object.assign(window, { bench });
