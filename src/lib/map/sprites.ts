/**
 * Small pictures of points, all on one sheet, drawn once per size and pixel ratio and copied many times. Status is colour
 * and shape, kind is the sign inside (a ground-coloured eye while it is too small for one), stale is hatched grey.
 */
import { SITE_KINDS } from '#domain/site.ts';
import { STATUS } from '#domain/table.ts';
import { drawKind } from './kind-signs.ts';
import { LOOKS, STALE } from './look.ts';

export interface PointColors {
	readonly open: string;
	readonly closedPlanned: string;
	readonly closedUnplanned: string;
	readonly unknown: string;
	readonly stale: string;
	/** the map's ground: a halo keeps neighbours apart */
	readonly ground: string;
	readonly honour: string;
}

export interface Sprites {
	readonly sheet: HTMLCanvasElement;
	/** css px from edge to edge; every sprite is a square of this size */
	readonly size: number;
	/** the same in pixels of the sheet */
	readonly cell: number;
}

export type Pen = CanvasRenderingContext2D;

/** Rows of the sheet: kind, and below all kinds the same with the ring of an honour. Columns: look. */
const ROWS = SITE_KINDS.length * 2;
/** css px: from here on a kind's own sign can be told from another. */
const SIGN_FROM_PX = 5.6;

/** Left upper corner of a sprite on the sheet. */
export function cellOf(sprites: Sprites, look: number, kind: number, hasHonour: boolean): { x: number; y: number } {
	return { x: look * sprites.cell, y: (kind + (hasHonour ? SITE_KINDS.length : 0)) * sprites.cell };
}

/** `radius` in css px: of an open point; others are sized to weigh as much as they matter. */
export function makeSprites(radius: number, pixelRatio: number, colors: PointColors): Sprites {
	const cell = Math.ceil((radius * 4 + 4) * pixelRatio);
	const sheet = document.createElement('canvas');
	sheet.width = cell * LOOKS;
	sheet.height = cell * ROWS;
	const pen = sheet.getContext('2d');
	if (pen) {
		for (let row = 0; row < ROWS; row++) {
			for (let look = 0; look < LOOKS; look++) {
				pen.setTransform(pixelRatio, 0, 0, pixelRatio, (look + 0.5) * cell, (row + 0.5) * cell);
				const kind = row % SITE_KINDS.length;
				drawPoint(pen, { look, kind, hasHonour: row >= SITE_KINDS.length }, radius, colors);
			}
		}
	}
	return { sheet, cell, size: cell / pixelRatio };
}

interface PointLook {
	readonly look: number;
	readonly kind: number;
	readonly hasHonour: boolean;
}

/** One point with its middle at 0, 0. */
export function drawPoint(pen: Pen, { look, kind, hasHonour }: PointLook, radius: number, colors: PointColors): void {
	const status = look % STALE;
	const isStale = look >= STALE;
	const { path, extent } = shapeOf(status, radius);
	if (hasHonour) drawHonour(pen, extent, colors);
	if (isStale) drawHatched(pen, path, extent, colors);
	else if (status === STATUS.unknown) drawHollow(pen, path, extent, colors);
	else fill(pen, path, fillOf(status, colors), colors.ground);
	if (kind === 0 && radius < SIGN_FROM_PX) return;
	pen.fillStyle = pen.strokeStyle = isStale ? colors.stale : status === STATUS.unknown ? colors.unknown : colors.ground;
	if (radius >= SIGN_FROM_PX) drawKind(pen, kind, radius * 0.62);
	else pen.fill(disc(radius * 0.36));
}

function fillOf(status: number, colors: PointColors): string {
	if (status === STATUS.open) return colors.open;
	return status === STATUS.closed_planned ? colors.closedPlanned : colors.closedUnplanned;
}

/** The shape of a status, and how far it reaches from its middle. */
function shapeOf(status: number, radius: number): { path: Path2D; extent: number } {
	switch (status) {
		case STATUS.closed_planned:
			return { path: square(radius * 0.78), extent: radius * 0.78 };
		case STATUS.closed_unplanned:
			return { path: diamond(radius * 1.75), extent: radius * 1.75 };
		case STATUS.unknown:
			return { path: disc(radius * 0.86), extent: radius * 0.86 };
		default:
			return { path: disc(radius), extent: radius };
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

function drawHollow(pen: Pen, path: Path2D, extent: number, colors: PointColors): void {
	pen.fillStyle = colors.ground;
	pen.fill(path);
	pen.lineWidth = Math.min(2.2, Math.max(1.4, extent * 0.36));
	pen.strokeStyle = colors.unknown;
	pen.stroke(path);
}

/** Hollow, grey, with stripes: the shape of the last known status, without its colour. */
function drawHatched(pen: Pen, path: Path2D, extent: number, colors: PointColors): void {
	pen.fillStyle = colors.ground;
	pen.fill(path);
	pen.strokeStyle = colors.stale;
	pen.save();
	pen.clip(path);
	pen.lineWidth = 1;
	pen.beginPath();
	for (let x = -extent * 3; x <= extent * 3; x += 3) {
		pen.moveTo(x, extent * 2);
		pen.lineTo(x + extent * 4, -extent * 2);
	}
	pen.stroke();
	pen.restore();
	pen.lineWidth = 1.2;
	pen.stroke(path);
}

function drawHonour(pen: Pen, extent: number, colors: PointColors): void {
	pen.lineWidth = 1.5;
	pen.strokeStyle = colors.honour;
	pen.stroke(disc(extent + 2.6));
}
