/** How many points there are where on the canvas, so that names can stand beside crowds. Pure. */
import { HIDDEN } from './look.ts';
import type { CanvasProjection } from './mercator.ts';
import type { PointSet } from './point-set.ts';

/** css px: side of the squares in which points are counted. */
const CELL_PX = 8;

/** Points per square of the canvas. */
export interface Crowd {
	readonly columns: number;
	readonly lines: number;
	readonly counts: Uint32Array;
	readonly projection: CanvasProjection;
}

export function countPoints(points: Pick<PointSet, 'x' | 'y' | 'looks'> | null, projection: CanvasProjection): Crowd {
	const { scale, left, top, width, height } = projection;
	const columns = Math.ceil(width / CELL_PX);
	const lines = Math.ceil(height / CELL_PX);
	const counts = new Uint32Array(columns * lines);
	for (let i = 0; i < (points?.x.length ?? 0); i++) {
		if (!points || points.looks[i] === HIDDEN) continue;
		const column = Math.floor(((points.x[i] as number) * scale - left) / CELL_PX);
		const line = Math.floor(((points.y[i] as number) * scale - top) / CELL_PX);
		if (column < 0 || line < 0 || column >= columns || line >= lines) continue;
		const at = line * columns + column;
		counts[at] = (counts[at] as number) + 1;
	}
	return { columns, lines, counts, projection };
}

/** Points in a box around a middle, all in css px; `half` of its width and height. */
export function pointsIn(
	{ columns, lines, counts }: Crowd,
	x: number,
	y: number,
	half: { readonly width: number; readonly height: number }
): number {
	const [first, last] = [Math.floor((x - half.width) / CELL_PX), Math.floor((x + half.width) / CELL_PX)];
	let count = 0;
	for (let line = Math.floor((y - half.height) / CELL_PX); line <= Math.floor((y + half.height) / CELL_PX); line++) {
		if (line < 0 || line >= lines) continue;
		for (let column = Math.max(0, first); column <= Math.min(columns - 1, last); column++) {
			count += counts[line * columns + column] as number;
		}
	}
	return count;
}
