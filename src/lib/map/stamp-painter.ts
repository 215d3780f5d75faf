/** Draws tens of thousands of points by stamping bytes (stamp.ts): one buffer, one picture, and only around changes where it can. */
import { HIDDEN } from './look.ts';
import type { CanvasProjection } from './mercator.ts';
import type { PointSet } from './point-set.ts';
import {
	clearBox,
	makeStamps,
	paintBox,
	stampAt,
	wholeOf,
	type Box,
	type Palette,
	type Raster,
	type Stamp
} from './stamp.ts';
import type { PointPainter } from './sprite-painter.ts';
import type { Pen } from './sprites.ts';

/** Changes above which the whole picture is drawn: each costs a search and a small copy. */
const MOST_PATCHES = 1_500;

export class StampPainter implements PointPainter {
	readonly #palette: Palette;
	#raster: Raster = { width: 0, height: 0, codes: new Uint8Array() };
	#image: ImageData | null = null;
	#pixels = new Uint32Array();
	#stamps: readonly Stamp[] = [];
	#reach = 0;
	#ratio = 1;

	constructor(palette: Palette) {
		this.#palette = palette;
	}

	prepare(pen: Pen, ratio: number, radius: number): void {
		const { width, height } = pen.canvas;
		this.#ratio = ratio;
		this.#stamps = makeStamps(Math.max(1, radius * ratio));
		this.#reach = Math.max(...this.#stamps.map(({ reach }) => reach));
		if (this.#image?.width === width && this.#image.height === height) return;
		this.#raster = { width, height, codes: new Uint8Array(width * height) };
		this.#image = pen.createImageData(width, height);
		this.#pixels = new Uint32Array(this.#image.data.buffer);
	}

	drawAll(pen: Pen, points: PointSet, projection: CanvasProjection): void {
		const whole = wholeOf(this.#raster);
		this.#raster.codes.fill(0);
		for (let i = 0; i < points.rows.length; i++) this.#stamp(points, projection, i, whole);
		paintBox(this.#raster, whole, this.#palette, this.#pixels);
		if (this.#image) pen.putImageData(this.#image, 0, 0);
	}

	drawChanges(pen: Pen, points: PointSet, projection: CanvasProjection, dirty: readonly number[]): void {
		if (dirty.length > MOST_PATCHES) return this.drawAll(pen, points, projection);
		for (const i of dirty) this.#drawAround(pen, points, projection, i);
	}

	#drawAround(pen: Pen, points: PointSet, projection: CanvasProjection, i: number): void {
		const { width, height } = this.#raster;
		const [x, y] = this.#pixelOf(points, projection, i);
		const reach = this.#reach;
		const box: Box = {
			left: Math.max(0, x - reach),
			top: Math.max(0, y - reach),
			right: Math.min(width, x + reach + 1),
			bottom: Math.min(height, y + reach + 1)
		};
		if (box.left >= box.right || box.top >= box.bottom || !this.#image) return;
		clearBox(this.#raster, box);
		// One pixel more than two reaches: places are rounded.
		const far = (reach * 2 + 1) / this.#ratio / projection.scale;
		const [worldX, worldY] = [points.x[i] as number, points.y[i] as number];
		const near = points.index.inBox(worldX - far, worldY - far, worldX + far, worldY + far);
		for (const other of near) this.#stamp(points, projection, other, box);
		paintBox(this.#raster, box, this.#palette, this.#pixels);
		pen.putImageData(this.#image, 0, 0, box.left, box.top, box.right - box.left, box.bottom - box.top);
	}

	#stamp(points: PointSet, projection: CanvasProjection, i: number, box: Box): void {
		const look = points.looks[i] as number;
		if (look === HIDDEN) return;
		const stamp = this.#stamps[look];
		if (!stamp) return;
		const [x, y] = this.#pixelOf(points, projection, i);
		const { reach } = stamp;
		if (x + reach < box.left || y + reach < box.top || x - reach >= box.right || y - reach >= box.bottom) return;
		stampAt(this.#raster, stamp, x, y, box);
	}

	#pixelOf(points: PointSet, { scale, left, top }: CanvasProjection, i: number): [x: number, y: number] {
		return [
			Math.round(((points.x[i] as number) * scale - left) * this.#ratio),
			Math.round(((points.y[i] as number) * scale - top) * this.#ratio)
		];
	}
}
