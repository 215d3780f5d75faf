/** Small pictures of points, one per look, drawn once per size and pixel ratio and stamped many times. */
import { STATUS } from '#domain/table.ts';
import { LOOKS, STALE } from './look.ts';

export interface PointColors {
	readonly open: string;
	readonly closedPlanned: string;
	readonly closedUnplanned: string;
	readonly unknown: string;
	readonly stale: string;
	/** the map's ground: a halo keeps neighbours apart */
	readonly ground: string;
}

export interface Sprites {
	/** css px from edge to edge; every sprite is a square of this size */
	readonly size: number;
	/** index = look */
	readonly pictures: readonly HTMLCanvasElement[];
}

type Pen = CanvasRenderingContext2D;

/** `radius` in css px: of an open point; others are sized to weigh as much as they matter. */
export function makeSprites(radius: number, pixelRatio: number, colors: PointColors): Sprites {
	const size = Math.ceil(radius * 4) + 2;
	const pictures = Array.from({ length: LOOKS }, (_, look) => {
		const canvas = document.createElement('canvas');
		canvas.width = canvas.height = Math.ceil(size * pixelRatio);
		const pen = canvas.getContext('2d');
		if (pen) {
			pen.scale(pixelRatio, pixelRatio);
			pen.translate(size / 2, size / 2);
			drawLook(pen, look, radius, colors);
		}
		return canvas;
	});
	return { size, pictures };
}

function drawLook(pen: Pen, look: number, radius: number, colors: PointColors): void {
	const isStale = look >= STALE;
	switch (isStale ? look - STALE : look) {
		case STATUS.open:
			return isStale
				? drawHatched(pen, disc(radius), radius, colors)
				: fill(pen, disc(radius), colors.open, colors.ground);
		case STATUS.closed_planned: {
			const side = square(radius * 0.62);
			return isStale ? drawHatched(pen, side, radius, colors) : fill(pen, side, colors.closedPlanned, colors.ground);
		}
		case STATUS.closed_unplanned: {
			const shape = diamond(radius * 1.75);
			return isStale
				? drawHatched(pen, shape, radius * 1.75, colors)
				: fill(pen, shape, colors.closedUnplanned, colors.ground);
		}
		default:
			return isStale ? drawHatched(pen, disc(radius * 0.8), radius, colors) : drawRing(pen, radius * 0.8, colors);
	}
}

function disc(radius: number): Path2D {
	const path = new Path2D();
	path.arc(0, 0, radius, 0, Math.PI * 2);
	return path;
}

function square(half: number): Path2D {
	const path = new Path2D();
	path.rect(-half, -half, half * 2, half * 2);
	return path;
}

function diamond(half: number): Path2D {
	const path = new Path2D();
	path.moveTo(0, -half);
	path.lineTo(half, 0);
	path.lineTo(0, half);
	path.lineTo(-half, 0);
	path.closePath();
	return path;
}

function fill(pen: Pen, path: Path2D, color: string, ground: string): void {
	pen.lineWidth = 2;
	pen.strokeStyle = ground;
	pen.stroke(path);
	pen.fillStyle = color;
	pen.fill(path);
}

function drawRing(pen: Pen, radius: number, colors: PointColors): void {
	pen.fillStyle = colors.ground;
	pen.fill(disc(radius));
	pen.lineWidth = Math.max(1.5, radius * 0.34);
	pen.strokeStyle = colors.unknown;
	pen.stroke(disc(radius - pen.lineWidth / 2));
}

/** Hollow, grey, with stripes: the shape of the last known status, without its colour. */
function drawHatched(pen: Pen, path: Path2D, radius: number, colors: PointColors): void {
	pen.fillStyle = colors.ground;
	pen.fill(path);
	pen.strokeStyle = colors.stale;
	pen.save();
	pen.clip(path);
	pen.lineWidth = 1;
	pen.beginPath();
	for (let x = -radius * 3; x <= radius * 3; x += 3) {
		pen.moveTo(x, radius * 2);
		pen.lineTo(x + radius * 4, -radius * 2);
	}
	pen.stroke();
	pen.restore();
	pen.lineWidth = 1.2;
	pen.stroke(path);
}
