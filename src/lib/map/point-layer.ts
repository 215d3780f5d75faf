/**
 * All points on one canvas: sprites up to some thousands, stamps above. It redraws at most once per animation frame, only
 * when something that is drawn has changed, and only around what changed. Rings of news run on a canvas of their own.
 */
import type { LatLng } from 'leaflet';
import { STATUS } from '#domain/table.ts';
import { CanvasLayer } from './canvas-layer.ts';
import { pointsAt } from './hit.ts';
import { HIDDEN } from './look.ts';
import { worldX, worldY, type CanvasProjection } from './mercator.ts';
import {
	boundsOf,
	placePoints,
	refreshLooks,
	type Extent,
	type LookChanges,
	type PointSet,
	type PointsView,
	type Shown
} from './point-set.ts';
import { Pulses } from './pulses.ts';
import { SpritePainter, type PointPainter } from './sprite-painter.ts';
import { StampPainter } from './stamp-painter.ts';
import { paletteOf, pointRadius, type MapStyle } from './map-style.ts';

/** Up to here icons and rings look good and are quick enough; above, bytes are stamped. */
const MOST_SPRITES = 5_000;
/** Up to this zoom the city is too small for single points: numbers per area stand for them. */
export const AREA_ZOOM = 9;
const HIT_RADIUS_PX = 14;
/** Where more than so many points have news at once, rings say nothing, and their animation would cost more than the points. */
const MOST_NEWS = 12;

export class PointLayer extends CanvasLayer {
	#style: MapStyle;
	readonly #pulses: Pulses;
	#points: PointSet | null = null;
	#isHonoured: ((row: number) => boolean) | null = null;
	#painter: PointPainter | null = null;
	/** changed since the last drawing; null = draw everything */
	#dirty: number[] | null = null;

	constructor(style: MapStyle) {
		const pulses = new Pulses();
		super('points', [pulses.element]);
		this.#style = style;
		this.#pulses = pulses;
	}

	get points(): PointSet | null {
		return this.#points;
	}

	/** Shows the state of now. Cheap when nothing that is drawn has changed. */
	show(view: PointsView, shown: Shown): void {
		const isNew = this.#points?.sites !== view.sites;
		const points = isNew || !this.#points ? placePoints(view) : this.#points;
		this.#points = points;
		if (isNew) this.#painter = null;
		const changes = refreshLooks(points, view, shown);
		if (isNew) this.#redraw();
		else if (changes.dirty.length > 0) {
			if (this.#dirty) for (const point of changes.dirty) this.#dirty.push(point);
			this.requestDraw();
		}
		this.#pulse(points, changes);
	}

	/** Which rows carry the ring of an honour; null = none is drawn. */
	honour(isHonoured: ((row: number) => boolean) | null): void {
		if (isHonoured === this.#isHonoured) return;
		this.#isHonoured = isHonoured;
		this.#redraw();
	}

	/** Other colours, the same picture. */
	restyle(style: MapStyle): void {
		this.#style = style;
		this.#painter = null;
		this.#redraw();
	}

	/** Where the shown sites are; null without any. */
	extent(): Extent | null {
		return this.#points && boundsOf(this.#points);
	}

	/** Points hit at a place of the screen, the nearest first; empty = the ground, or a zoom without points. */
	pointsAt(at: LatLng): number[] {
		if (!this.#points || this._map.getZoom() <= AREA_ZOOM) return [];
		const radius = (HIT_RADIUS_PX * this.#style.pointScale) / 2 ** this._map.getZoom();
		return pointsAt(this.#points, worldX(at.lng), worldY(at.lat), radius);
	}

	/** Rows of the shown sites inside an extent. */
	rowsIn({ west, north, east, south }: Extent): number[] {
		const points = this.#points;
		if (!points) return [];
		return points.index
			.inBox(worldX(west), worldY(north), worldX(east), worldY(south))
			.filter((point) => points.looks[point] !== HIDDEN)
			.map((point) => points.rows[point] as number);
	}

	protected override moved(): void {
		this.#pulses.stop();
		this.#dirty = null;
		// A painter's buffers have the size of the canvas.
		if (this.pen) this.#painter?.prepare(this.pen, this.ratio, pointRadius(this.zoom, this.#style));
	}

	protected override scaling(): void {
		this.#pulses.stop();
	}

	protected override draw(projection: CanvasProjection): void {
		const { pen } = this;
		const points = this.#points;
		if (!pen || !points) return;
		const dirty = this.#dirty;
		this.#dirty = [];
		if (this.zoom <= AREA_ZOOM) {
			pen.setTransform(1, 0, 0, 1, 0, 0);
			pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
			this.#dirty = null;
			return;
		}
		const painter = (this.#painter ??= this.#makePainter(pen, points));
		if (dirty) painter.drawChanges(pen, points, projection, dirty);
		else painter.drawAll(pen, points, projection);
	}

	#redraw(): void {
		this.#dirty = null;
		this.requestDraw();
	}

	#makePainter(pen: CanvasRenderingContext2D, points: PointSet): PointPainter {
		const painter =
			points.rows.length > MOST_SPRITES
				? new StampPainter(paletteOf(this.#style.colors))
				: new SpritePainter(this.#style.colors, (point) => this.#isHonoured?.(points.rows[point] as number) ?? false);
		painter.prepare(pen, this.ratio, pointRadius(this.zoom, this.#style));
		return painter;
	}

	#pulse(points: PointSet, { turned, visited }: LookChanges): void {
		if (!this.projection || this.zoom <= AREA_ZOOM || turned.length + visited.length > MOST_NEWS) return;
		const { scale, left, top, width, height } = this.projection;
		const place = (i: number): { x: number; y: number } => ({
			x: (points.x[i] as number) * scale - left,
			y: (points.y[i] as number) * scale - top
		});
		const isBad = (i: number): boolean => points.looks[i] === STATUS.closed_unplanned;
		this.#pulses.start(turned.filter(isBad).map(place), this.#style.colors.closedUnplanned, width, height);
		this.#pulses.start([...turned.filter((i) => !isBad(i)), ...visited].map(place), this.#style.pulse, width, height);
	}
}
