/**
 * Thousands of points without thousands of draw calls: every pixel is one byte that says what is seen there, and the worst
 * wins because a stamp never overwrites a greater byte. Pure; a painter turns bytes into colours.
 *
 * A byte is 0 for the ground, else `rank * 2 + 2` inside a point and one less on its edge, so that a worse point is set apart
 * from the calmer ones it covers, and points of one look run together.
 */
import { DRAW_ORDER, STALE } from './look.ts';
import { STATUS } from '#domain/table.ts';

/** Bytes that occur: two per rank, and the ground. */
export const CODES = DRAW_ORDER.length * 2 + 1;

/** Pixels of one look around its middle. */
export interface Stamp {
	readonly dx: Int16Array;
	readonly dy: Int16Array;
	readonly codes: Uint8Array;
	/** pixels from the middle to the farthest pixel */
	readonly reach: number;
}

export interface Raster {
	readonly width: number;
	readonly height: number;
	readonly codes: Uint8Array;
}

/** Pixels; the right and lower edges are outside. */
export interface Box {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export function wholeOf({ width, height }: Raster): Box {
	return { left: 0, top: 0, right: width, bottom: height };
}

/** One stamp per look. `radius` in pixels, of an open point. */
export function makeStamps(radius: number): Stamp[] {
	const stamps: Stamp[] = [];
	DRAW_ORDER.forEach((look, rank) => (stamps[look] = makeStamp(look % STALE, rank, radius)));
	return stamps;
}

/** Distance to the middle as the status' shape measures it, in radii of that shape. */
function shapeOf(
	status: number,
	radius: number
): { extent: number; far: (x: number, y: number) => number; hole: number } {
	switch (status) {
		case STATUS.closed_planned:
			return { extent: radius * 0.7, far: (x, y) => Math.max(Math.abs(x), Math.abs(y)), hole: 0 };
		case STATUS.closed_unplanned:
			return { extent: radius * 1.7, far: (x, y) => Math.abs(x) + Math.abs(y), hole: 0 };
		case STATUS.unknown:
			// Below three pixels a ring has no room for its hole.
			return { extent: radius * 0.9, far: Math.hypot, hole: radius >= 3 ? radius * 0.4 : 0 };
		default:
			return { extent: radius, far: Math.hypot, hole: 0 };
	}
}

function makeStamp(status: number, rank: number, radius: number): Stamp {
	const { extent, far, hole } = shapeOf(status, radius);
	const reach = Math.ceil(extent + 1);
	const dx: number[] = [];
	const dy: number[] = [];
	const codes: number[] = [];
	for (let y = -reach; y <= reach; y++) {
		for (let x = -reach; x <= reach; x++) {
			const distance = far(x, y);
			if (distance > extent + 1) continue;
			dx.push(x);
			dy.push(y);
			codes.push(distance <= extent && distance >= hole ? rank * 2 + 2 : rank * 2 + 1);
		}
	}
	return { dx: Int16Array.from(dx), dy: Int16Array.from(dy), codes: Uint8Array.from(codes), reach };
}

/** Stamps one point with its middle at a pixel; pixels outside `box` are left alone. */
export function stampAt(raster: Raster, stamp: Stamp, x: number, y: number, box: Box): void {
	const { width, codes } = raster;
	const { dx, dy, reach } = stamp;
	const isInside = x - reach >= box.left && x + reach < box.right && y - reach >= box.top && y + reach < box.bottom;
	for (let i = 0; i < dx.length; i++) {
		const column = x + (dx[i] as number);
		const line = y + (dy[i] as number);
		if (!isInside && (column < box.left || column >= box.right || line < box.top || line >= box.bottom)) continue;
		const at = line * width + column;
		const code = stamp.codes[i] as number;
		if (code > (codes[at] as number)) codes[at] = code;
	}
}

/** Back to the ground. */
export function clearBox({ width, codes }: Raster, box: Box): void {
	for (let line = box.top; line < box.bottom; line++) codes.fill(0, line * width + box.left, line * width + box.right);
}

/** Colours of the bytes as 32-bit pixels; `hatched` are drawn as stripes on the edge's colour. */
export interface Palette {
	readonly pixels: Uint32Array;
	/** per code: pixel of the second stripe, or the same as `pixels` */
	readonly stripes: Uint32Array;
}

/** Width of one stripe and its gap, in pixels. */
const STRIPE = 3;

export function paintBox({ width, codes }: Raster, box: Box, palette: Palette, image: Uint32Array): void {
	const { pixels, stripes } = palette;
	for (let line = box.top; line < box.bottom; line++) {
		const end = line * width + box.right;
		let phase = (box.left + line) % STRIPE;
		for (let at = line * width + box.left; at < end; at++) {
			const code = codes[at] as number;
			image[at] = (phase === 0 ? stripes : pixels)[code] as number;
			if (++phase === STRIPE) phase = 0;
		}
	}
}
