/**
 * A Leaflet layer that is a canvas over the view and a little beyond. It is laid out and drawn anew after each move; while
 * Leaflet zooms, the old picture is scaled by CSS. What is drawn is up to who extends it.
 */
import {
	Bounds,
	DomUtil,
	Layer,
	type LatLng,
	type LeafletEvent,
	type Map as LeafletMap,
	type Point,
	type ZoomAnimEvent
} from 'leaflet';
import type { CanvasProjection } from './mercator.ts';

/** Share of the view drawn beyond each edge, so that a drag uncovers points and not emptiness. */
const PADDING = 0.12;
/** Above this width in css px a screen is a wall: sharpness is not worth four times the pixels. */
const WALL_WIDTH_PX = 2_560;

export abstract class CanvasLayer extends Layer {
	protected readonly canvas = DomUtil.create('canvas', 'leaflet-zoom-animated');
	/**
	 * Desynchronized: drawn into what is shown. Otherwise each frame copies the whole canvas, which for a wall costs more than all
	 * the drawing (docs/adr/0009).
	 */
	protected readonly pen = this.canvas.getContext('2d', { desynchronized: true });
	protected ratio = 1;
	/** null until the map has a size */
	protected projection: CanvasProjection | null = null;
	readonly #pane: string;
	/** what lies over the same place and moves with the canvas */
	readonly #others: readonly HTMLElement[];
	#origin: Point | null = null;
	#center: LatLng | null = null;
	#zoom = 0;
	#frame = 0;

	constructor(pane: string, others: readonly HTMLElement[] = []) {
		super();
		this.#pane = pane;
		this.#others = others;
		this.canvas.setAttribute('aria-hidden', 'true');
		// For whoever looks at the page from outside.
		this.canvas.dataset['layer'] = pane;
	}

	/** Draws everything; `projection` is set. */
	protected abstract draw(projection: CanvasProjection): void;
	/** The canvas was laid out anew: its old content and everything worked out for it is void. */
	protected abstract moved(projection: CanvasProjection): void;
	/** The picture is being scaled: nothing else may be drawn on it. */
	protected scaling(): void {}

	override onAdd(map: LeafletMap): this {
		map.getPane(this.#pane)?.append(this.canvas, ...this.#others);
		this.#reset();
		return this;
	}

	override onRemove(): this {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.scaling();
		for (const element of [this.canvas, ...this.#others]) element.remove();
		return this;
	}

	override getEvents(): Record<string, (event: LeafletEvent) => void> {
		return {
			move: () => this.#cover(),
			moveend: () => this.#reset(),
			viewreset: () => this.#reset(),
			resize: () => this.#reset(),
			zoom: () => this.#follow(this._map.getCenter(), this._map.getZoom()),
			zoomanim: (event) => this.#follow((event as ZoomAnimEvent).center, (event as ZoomAnimEvent).zoom)
		};
	}

	protected get zoom(): number {
		return this.#zoom;
	}

	/** Draws with the next frame of the screen; asked often, done once. */
	protected requestDraw(): void {
		if (this.#frame || !this.projection) return;
		this.#frame = requestAnimationFrame(() => {
			this.#frame = 0;
			if (this.projection) this.draw(this.projection);
		});
	}

	/** Lays the canvas over the present view and draws it. */
	#reset(): void {
		const size = this._map.getSize();
		if (size.x === 0 || size.y === 0) return;
		const min = this._map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
		const bounds = new Bounds(min, min.add(size.multiplyBy(1 + PADDING * 2)).round());
		const { x: width, y: height } = bounds.getSize();
		this.ratio = pixelRatio();
		this.#origin = min;
		this.#center = this._map.getCenter();
		this.#zoom = this._map.getZoom();
		this.#layOut(min, width, height);
		const origin = this._map.getPixelOrigin();
		this.projection = {
			scale: 2 ** this.#zoom,
			left: origin.x + min.x,
			top: origin.y + min.y,
			width,
			height,
			beyondX: (width * PADDING) / (1 + PADDING * 2),
			beyondY: (height * PADDING) / (1 + PADDING * 2)
		};
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.moved(this.projection);
		this.draw(this.projection);
	}

	#layOut(at: Point, width: number, height: number): void {
		const { canvas, ratio } = this;
		const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
		if (canvas.width !== pixels.width || canvas.height !== pixels.height) Object.assign(canvas, pixels);
		for (const element of [canvas, ...this.#others]) {
			DomUtil.setPosition(element, at);
			element.style.width = `${width}px`;
			element.style.height = `${height}px`;
		}
	}

	/** A long drag leaves the canvas before it ends. */
	#cover(): void {
		if (!this.#origin || this._map.getZoom() !== this.#zoom) return;
		const seen = this._map.containerPointToLayerPoint([0, 0]).subtract(this.#origin);
		const spare = this._map.getSize().multiplyBy(PADDING * 2);
		if (seen.x < 0 || seen.y < 0 || seen.x > spare.x || seen.y > spare.y) this.#reset();
	}

	/** Scales the old picture while Leaflet zooms. */
	#follow(center: LatLng, zoom: number): void {
		if (!this.#center || !this.#origin) return;
		const map = this._map;
		const scale = map.getZoomScale(zoom, this.#zoom);
		const viewHalf = map.getSize().multiplyBy(0.5 + PADDING);
		const shift = map.project(this.#center, zoom).subtract(map.project(center, zoom));
		const pane = DomUtil.getPosition(map.getPane('mapPane') ?? this.canvas);
		const offset = map.getSize().divideBy(2).subtract(viewHalf.multiplyBy(scale)).add(shift).subtract(pane);
		for (const element of [this.canvas, ...this.#others]) DomUtil.setTransform(element, offset, scale);
		this.scaling();
	}
}

function pixelRatio(): number {
	return window.innerWidth > WALL_WIDTH_PX ? 1 : Math.min(2, window.devicePixelRatio || 1);
}
