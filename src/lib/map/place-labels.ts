/**
 * Where names stand: near their place, but where they cover few points and no other name. A name that finds no room is left
 * out, the least important first. Pure.
 */
import { countPoints, pointsIn, type Crowd } from './label-crowd.ts';
import type { CanvasProjection } from './mercator.ts';
import type { PointSet } from './point-set.ts';

/** A name to be placed. */
export interface Label {
	/** one or two lines; the first is the name */
	readonly lines: readonly string[];
	/** with less to read, where the lines find no room */
	readonly shorter?: readonly string[];
	/** world pixels at zoom 0 */
	readonly x: number;
	readonly y: number;
	/** css px, height of a line */
	readonly size: number;
	/** css px between the letters, in heights of a line */
	readonly spacing: number;
	/** district: may stand away from its place, and always stands unless it is loud · place: beside its dot or not at all */
	readonly kind: 'district' | 'place';
	/** drawn over the points, which it may cover: its figure is what is looked for, and must be readable or not be there */
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
/** A figure that stands in the neighbour's area is taken for the neighbour's: it is near its own middle or not there. */
const RINGS_OF_FIGURE = [0, 1, 2, 3];
const ANGLES = 16;
/** A name far from its stations misleads more than one that covers some of them. */
const COST_OF_DISTANCE = 1.6;
/** What covering one point costs, in px. */
const COST_OF_POINT = 14;
const COST_OF_NAME = 1_000;
const COST_OF_EDGE = 300;
/** css px around a name in which a point's middle would still touch it. */
const POINT_REACH = 5;

/** Labels in the order of their importance. */
export function placeLabels(
	labels: readonly Label[],
	points: Pick<PointSet, 'x' | 'y' | 'looks'> | null,
	projection: CanvasProjection
): PlacedLabel[] {
	const crowd = countPoints(points, projection);
	const placed: PlacedLabel[] = [];
	for (const label of labels) {
		const at =
			spotOf(label, crowd, placed, projection) ??
			(label.shorter ? spotOf(shorten(label), crowd, placed, projection) : null);
		if (at) placed.push(at);
	}
	return placed;
}

const shorten = (label: Label): Label => ({ ...label, lines: label.shorter ?? label.lines });

/** null = no room */
function spotOf(
	label: Label,
	crowd: Crowd,
	placed: readonly PlacedLabel[],
	projection: CanvasProjection
): PlacedLabel | null {
	if (label.kind === 'place') return sideSpot(label, crowd, placed);
	const best = bestSpot(label, crowd, placed, projection);
	return label.isLoud && isOnName(label, best.x, best.y, placed) ? null : best;
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
	const { width, height } = halfOf(label);
	return pointsIn(crowd, x, y, { width: width + POINT_REACH, height: height + POINT_REACH });
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
	for (const [dx, dy] of offsets(label.isLoud ? RINGS_OF_FIGURE : RINGS, label.size)) {
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

function offsets(rings: readonly number[], lineHeight: number): [dx: number, dy: number][] {
	return rings.flatMap((ring) =>
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
