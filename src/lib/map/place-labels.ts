/**
 * Where names stand: near their place, but where they cover few points and no other name. A name that finds no room is left
 * out, the least important first. Pure.
 */
import type { CanvasProjection } from './mercator.ts';
import { HIDDEN } from './look.ts';
import type { PointSet } from './point-set.ts';

/** A name to be placed. */
export interface Label {
	/** one or two lines; the first is the name */
	readonly lines: readonly string[];
	/** world pixels at zoom 0 */
	readonly x: number;
	readonly y: number;
	/** css px, height of a line */
	readonly size: number;
	/** css px between the letters, in heights of a line */
	readonly spacing: number;
	/** district: may stand away from its place, and always stands · place: beside its dot or not at all */
	readonly kind: 'district' | 'place';
	/** drawn over the points, which it may cover: its figure is what is looked for */
	readonly isLoud: boolean;
}

/** css px of the canvas: the middle of the text */
export interface PlacedLabel {
	readonly label: Label;
	readonly x: number;
	readonly y: number;
}

/** Rings of places tried around the middle, in heights of a line. */
const RINGS = [0, 1, 2, 3, 4];
const ANGLES = 16;
/** A name far from its stations misleads more than one that covers some of them. */
const COST_OF_DISTANCE = 1.6;
/** What covering one point costs, in px. */
const COST_OF_POINT = 14;
const COST_OF_NAME = 1_000;
const COST_OF_EDGE = 300;
/** css px around a name in which a point's middle would still touch it. */
const POINT_REACH = 5;
/** css px: side of the squares in which points are counted. */
const CELL_PX = 8;

/** Labels in the order of their importance. */
export function placeLabels(
	labels: readonly Label[],
	points: Pick<PointSet, 'x' | 'y' | 'looks'> | null,
	projection: CanvasProjection
): PlacedLabel[] {
	const crowd = countPoints(points, projection);
	const placed: PlacedLabel[] = [];
	for (const label of labels) {
		const at = label.kind === 'district' ? bestSpot(label, crowd, placed, projection) : sideSpot(label, crowd, placed);
		if (at) placed.push(at);
	}
	return placed;
}

/** Points per square of the canvas. */
interface Crowd {
	readonly columns: number;
	readonly lines: number;
	readonly counts: Uint32Array;
	readonly projection: CanvasProjection;
}

function countPoints(points: Pick<PointSet, 'x' | 'y' | 'looks'> | null, projection: CanvasProjection): Crowd {
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

/** css px; half of the box a label takes. */
function halfOf({ lines, size, spacing }: Label): { width: number; height: number } {
	const widths = lines.map((line, i) => widthOf(line) + (i === 0 ? line.length * spacing : 0));
	return { width: (Math.max(...widths) * size) / 2 + 3, height: (lines.length * size * 1.2) / 2 + 2 };
}

/** Heights of a line: Chinese characters are square, others about half as wide. */
function widthOf(text: string): number {
	let width = 0;
	for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56;
	return width;
}

function coveredBy(label: Label, x: number, y: number, crowd: Crowd): number {
	if (label.isLoud) return 0;
	const box = halfOf(label);
	const half = { width: box.width + POINT_REACH, height: box.height + POINT_REACH };
	const { columns, lines, counts } = crowd;
	const [first, last] = [Math.floor((x - half.width) / CELL_PX), Math.floor((x + half.width) / CELL_PX)];
	let covered = 0;
	for (let line = Math.floor((y - half.height) / CELL_PX); line <= Math.floor((y + half.height) / CELL_PX); line++) {
		if (line < 0 || line >= lines) continue;
		for (let column = Math.max(0, first); column <= Math.min(columns - 1, last); column++) {
			covered += counts[line * columns + column] as number;
		}
	}
	return covered;
}

function isOnName(label: Label, x: number, y: number, placed: readonly PlacedLabel[]): boolean {
	const half = halfOf(label);
	return placed.some((other) => {
		const otherHalf = halfOf(other.label);
		return (
			Math.abs(other.x - x) < half.width + otherHalf.width && Math.abs(other.y - y) < half.height + otherHalf.height
		);
	});
}

const middleOf = ({ x, y }: Label, { scale, left, top }: CanvasProjection): { x: number; y: number } => ({
	x: x * scale - left,
	y: y * scale - top
});

function bestSpot(
	label: Label,
	crowd: Crowd,
	placed: readonly PlacedLabel[],
	projection: CanvasProjection
): PlacedLabel {
	const middle = middleOf(label, projection);
	let best: PlacedLabel = { label, ...middle };
	let bestCost = Number.POSITIVE_INFINITY;
	for (const [dx, dy] of offsets(label.size)) {
		const [x, y] = [middle.x + dx, middle.y + dy];
		const cost =
			Math.hypot(dx, dy) * COST_OF_DISTANCE +
			coveredBy(label, x, y, crowd) * COST_OF_POINT +
			(isOnName(label, x, y, placed) ? COST_OF_NAME : 0) +
			(isInView(label, x, y, projection) ? 0 : COST_OF_EDGE);
		if (cost >= bestCost) continue;
		best = { label, x, y };
		bestCost = cost;
	}
	return best;
}

function offsets(lineHeight: number): [dx: number, dy: number][] {
	return RINGS.flatMap((ring) =>
		Array.from({ length: ring === 0 ? 1 : ANGLES }, (_, i): [number, number] => {
			const angle = (i / ANGLES) * Math.PI * 2;
			return [Math.cos(angle) * ring * lineHeight * 1.5, Math.sin(angle) * ring * lineHeight];
		})
	);
}

/** Right of the place, left, above, below: the first with room; null without. */
function sideSpot(label: Label, crowd: Crowd, placed: readonly PlacedLabel[]): PlacedLabel | null {
	const middle = middleOf(label, crowd.projection);
	const half = halfOf(label);
	const sides = [
		[0, 0],
		[half.width + 6, 0],
		[-half.width - 6, 0],
		[0, -half.height - 6],
		[0, half.height + 6]
	] as const;
	for (const [dx, dy] of sides) {
		const [x, y] = [middle.x + dx, middle.y + dy];
		if (isOnName(label, x, y, placed) || coveredBy(label, x, y, crowd) > 0) continue;
		if (isInView(label, x, y, crowd.projection)) return { label, x, y };
	}
	return null;
}

/** A name whose place is in view is not cut by the edge; one whose place is not is not drawn in. */
function isInView(label: Label, x: number, y: number, { width, height, beyondX, beyondY }: CanvasProjection): boolean {
	const half = halfOf(label);
	return (
		x - half.width > beyondX &&
		x + half.width < width - beyondX &&
		y - half.height > beyondY &&
		y + half.height < height - beyondY
	);
}
