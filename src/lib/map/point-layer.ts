/**
 * All stations on one canvas: a Leaflet layer that redraws at most once per animation frame and only when something that
 * is drawn has changed. During a zoom the old picture is scaled by CSS and redrawn once at its end.
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
import { drawGround, type CanvasProjection, type GroundStyle } from './ground.ts';
import { DRAW_ORDER } from './look.ts';
import { placeLabels, type PlacedLabel } from './place-labels.ts';
import {
	boundsOf,
	placePoints,
	pointAt,
	refreshLooks,
	type Extent,
	type PointSet,
	type PointsView
} from './point-set.ts';
import { Pulses } from './pulses.ts';
import { makeSprites, type PointColors, type Sprites } from './sprites.ts';

/** Share of the view drawn beyond each edge, so that a drag uncovers points and not emptiness. */
const PADDING = 0.12;
const HIT_RADIUS_PX = 14;
/** Above this width in css px a screen is a wall: sharpness is not worth four times the pixels. */
const WALL_WIDTH_PX = 2_560;

export interface LayerStyle extends GroundStyle {
	readonly colors: PointColors;
	readonly pulse: string;
	/** 1 = desk */
	readonly pointScale: number;
}

export class PointLayer extends Layer {
	readonly #style: LayerStyle;
	readonly #canvas = DomUtil.create('canvas', 'leaflet-zoom-animated');
	readonly #pulses: Pulses;
	#points: PointSet | null = null;
	#sprites: Sprites | null = null;
	#spriteKey = '';
	/** where names stand in this view; null = to be worked out */
	#labels: readonly PlacedLabel[] | null = null;
	#frame = 0;
	/** what the canvas shows: upper left corner in layer pixels, centre and zoom at that time */
	#origin: Point | null = null;
	#center: LatLng | null = null;
	#zoom = 0;

	constructor(style: LayerStyle) {
		super();
		this.#style = style;
		this.#pulses = new Pulses(style.pulse);
	}

	override onAdd(map: LeafletMap): this {
		const pane = map.getPane('overlayPane');
		pane?.append(this.#canvas, this.#pulses.canvas);
		this.#reset();
		return this;
	}

	override onRemove(): this {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#pulses.stop();
		this.#pulses.canvas.remove();
		this.#canvas.remove();
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

	/** Shows the state of now. Cheap when nothing that is drawn has changed. */
	show(view: PointsView): void {
		const isNew = this.#points?.sites !== view.sites;
		const points = isNew || !this.#points ? placePoints(view) : this.#points;
		this.#points = points;
		if (isNew) this.#labels = null;
		const changes = refreshLooks(points, view);
		if (isNew || changes.isDirty) this.#requestDraw();
		if (!isNew && this.#origin) this.#pulses.start(changes.pulses.map((i) => this.#place(points, i)));
	}

	/** Where the stations are; null without any. */
	extent(): Extent | null {
		return this.#points && boundsOf(this.#points);
	}

	/** Row of the station at a place of the screen; null where there is none. */
	rowAt(at: LatLng): number | null {
		if (!this.#points) return null;
		const place = this._map.project(at, 0);
		const radius = (HIT_RADIUS_PX * this.#style.pointScale) / this._map.getZoomScale(this._map.getZoom(), 0);
		const index = pointAt(this.#points, place.x, place.y, radius);
		return this.#points.rows[index] ?? null;
	}

	#requestDraw(): void {
		if (this.#frame || !this.#origin) return;
		this.#frame = requestAnimationFrame(() => {
			this.#frame = 0;
			this.#draw();
		});
	}

	/** Lays the canvas over the present view and draws it. */
	#reset(): void {
		const size = this._map.getSize();
		if (size.x === 0 || size.y === 0) return;
		const min = this._map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
		const bounds = new Bounds(min, min.add(size.multiplyBy(1 + PADDING * 2)).round());
		this.#labels = null;
		this.#origin = bounds.min ?? null;
		this.#center = this._map.getCenter();
		this.#zoom = this._map.getZoom();
		const { x: width, y: height } = bounds.getSize();
		const ratio = pixelRatio();
		this.#pulses.resize(width, height);
		for (const canvas of [this.#canvas, this.#pulses.canvas]) {
			DomUtil.setPosition(canvas, min);
			canvas.style.width = `${width}px`;
			canvas.style.height = `${height}px`;
		}
		const pixels = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
		if (this.#canvas.width !== pixels.width || this.#canvas.height !== pixels.height)
			Object.assign(this.#canvas, pixels);
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#draw();
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
		const pane = DomUtil.getPosition(map.getPane('mapPane') ?? this.#canvas);
		const offset = map.getSize().divideBy(2).subtract(viewHalf.multiplyBy(scale)).add(shift).subtract(pane);
		for (const canvas of [this.#canvas, this.#pulses.canvas]) DomUtil.setTransform(canvas, offset, scale);
		this.#pulses.stop();
	}

	/** Canvas pixels (css) of a point. */
	#place(points: PointSet, i: number): { x: number; y: number } {
		const { scale, left, top } = this.#projection();
		return { x: (points.x[i] as number) * scale - left, y: (points.y[i] as number) * scale - top };
	}

	#projection(): CanvasProjection {
		const origin = this._map.getPixelOrigin();
		const width = Number.parseFloat(this.#canvas.style.width);
		const height = Number.parseFloat(this.#canvas.style.height);
		return {
			scale: 2 ** this.#zoom,
			left: origin.x + (this.#origin?.x ?? 0),
			top: origin.y + (this.#origin?.y ?? 0),
			width,
			height,
			beyondX: (width * PADDING) / (1 + PADDING * 2),
			beyondY: (height * PADDING) / (1 + PADDING * 2)
		};
	}

	#draw(): void {
		const pen = this.#canvas.getContext('2d');
		if (!pen) return;
		const ratio = pixelRatio();
		pen.setTransform(ratio, 0, 0, ratio, 0, 0);
		pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
		if (!this.#points) return;
		this.#labels ??= placeLabels(this.#points, this.#projection(), this.#style.labelSize);
		drawGround(pen, this.#labels, this.#projection(), this.#style);
		this.#drawPoints(pen, this.#points, ratio);
	}

	#drawPoints(pen: CanvasRenderingContext2D, points: PointSet, ratio: number): void {
		const { scale, left, top, width, height } = this.#projection();
		const { size, pictures } = this.#spritesFor(ratio);
		for (const look of DRAW_ORDER) {
			const picture = pictures[look];
			if (!picture) continue;
			for (let i = 0; i < points.looks.length; i++) {
				if (points.looks[i] !== look) continue;
				const x = (points.x[i] as number) * scale - left;
				const y = (points.y[i] as number) * scale - top;
				if (x < -size || y < -size || x > width + size || y > height + size) continue;
				pen.drawImage(picture, x - size / 2, y - size / 2, size, size);
			}
		}
	}

	#spritesFor(ratio: number): Sprites {
		// 3 px in the whole city, 8 px in a street.
		const radius = Math.min(8, Math.max(3, 3 + (this.#zoom - 9) * 0.9)) * this.#style.pointScale;
		const key = `${radius.toFixed(1)}@${ratio}`;
		if (!this.#sprites || key !== this.#spriteKey) this.#sprites = makeSprites(radius, ratio, this.#style.colors);
		this.#spriteKey = key;
		return this.#sprites;
	}
}

function pixelRatio(): number {
	return window.innerWidth > WALL_WIDTH_PX ? 1 : Math.min(2, window.devicePixelRatio || 1);
}
