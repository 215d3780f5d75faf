/** Draws up to some thousands of points from the sprite sheet: sharp, with signs and rings; only around changes where it can. */
import { DRAW_ORDER, HIDDEN, RANK } from './look.ts';
import type { CanvasProjection } from './mercator.ts';
import type { PointSet } from './point-set.ts';
import { cellOf, makeSprites, type Pen, type PointColors, type Sprites } from './sprites.ts';

/** Above this share of the points, drawing all of them is less work than drawing around each change. */
const PATCH_SHARE = 1 / 6;

export interface PointPainter {
	/** `ratio` canvas pixels per css px; `radius` css px of an open point. */
	prepare(pen: Pen, ratio: number, radius: number): void;
	drawAll(pen: Pen, points: PointSet, projection: CanvasProjection): void;
	/** Draws what changed; `dirty` points may stand outside the canvas. */
	drawChanges(pen: Pen, points: PointSet, projection: CanvasProjection, dirty: readonly number[]): void;
}

export class SpritePainter implements PointPainter {
	readonly #colors: PointColors;
	/** per point: has an honour */
	readonly #honours: (point: number) => boolean;
	#sprites: Sprites | null = null;
	#key = '';
	#ratio = 1;

	constructor(colors: PointColors, honours: (point: number) => boolean) {
		this.#colors = colors;
		this.#honours = honours;
	}

	prepare(_pen: Pen, ratio: number, radius: number): void {
		const key = `${radius.toFixed(1)}@${ratio}`;
		if (key !== this.#key) this.#sprites = makeSprites(radius, ratio, this.#colors);
		this.#key = key;
		this.#ratio = ratio;
	}

	drawAll(pen: Pen, points: PointSet, projection: CanvasProjection): void {
		pen.setTransform(1, 0, 0, 1, 0, 0);
		pen.clearRect(0, 0, projection.width * this.#ratio, projection.height * this.#ratio);
		for (const look of DRAW_ORDER) {
			for (let i = 0; i < points.looks.length; i++)
				if (points.looks[i] === look) this.#drawPoint(pen, points, projection, i);
		}
	}

	drawChanges(pen: Pen, points: PointSet, projection: CanvasProjection, dirty: readonly number[]): void {
		if (dirty.length > points.rows.length * PATCH_SHARE) return this.drawAll(pen, points, projection);
		pen.setTransform(1, 0, 0, 1, 0, 0);
		for (const i of dirty) this.#drawAround(pen, points, projection, i);
	}

	/** Clears the square of one point and draws all points that reach into it, in order, clipped to it. */
	#drawAround(pen: Pen, points: PointSet, projection: CanvasProjection, i: number): void {
		const { scale, left, top, width, height } = projection;
		const size = this.#sprites?.size ?? 0;
		const x = (points.x[i] as number) * scale - left;
		const y = (points.y[i] as number) * scale - top;
		if (x < -size || y < -size || x > width + size || y > height + size) return;
		const cell = this.#sprites?.cell ?? 0;
		const [cornerX, cornerY] = this.#cornerOf(points, projection, i);
		pen.save();
		pen.beginPath();
		pen.rect(cornerX, cornerY, cell, cell);
		pen.clip();
		pen.clearRect(cornerX, cornerY, cell, cell);
		const reach = (size + 1) / scale;
		const [worldX, worldY] = [points.x[i] as number, points.y[i] as number];
		const near = points.index
			.inBox(worldX - reach, worldY - reach, worldX + reach, worldY + reach)
			.filter((other) => points.looks[other] !== HIDDEN)
			// The same order as `drawAll`: by rank, then by place in the set.
			.sort((a, b) => rankOf(points, a) - rankOf(points, b) || a - b);
		for (const other of near) this.#drawPoint(pen, points, projection, other);
		pen.restore();
	}

	#drawPoint(pen: Pen, points: PointSet, projection: CanvasProjection, i: number): void {
		const sprites = this.#sprites;
		if (!sprites) return;
		const { cell, sheet } = sprites;
		const [x, y] = this.#cornerOf(points, projection, i);
		if (x < -cell || y < -cell || x > projection.width * this.#ratio || y > projection.height * this.#ratio) return;
		const from = cellOf(sprites, points.looks[i] as number, points.kinds[i] as number, this.#honours(i));
		pen.drawImage(sheet, from.x, from.y, cell, cell, x, y, cell, cell);
	}

	/** Whole canvas pixels, so that a copied sprite stays sharp and a cleared square leaves nothing behind. */
	#cornerOf(points: PointSet, { scale, left, top }: CanvasProjection, i: number): [x: number, y: number] {
		const half = (this.#sprites?.cell ?? 0) / 2;
		return [
			Math.round(((points.x[i] as number) * scale - left) * this.#ratio - half),
			Math.round(((points.y[i] as number) * scale - top) * this.#ratio - half)
		];
	}
}

const rankOf = (points: PointSet, i: number): number => RANK[points.looks[i] as number] ?? -1;
