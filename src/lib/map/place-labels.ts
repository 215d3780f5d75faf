/** Where the names of districts stand: near the middle of their stations, but where they cover few points and no other name. */
import type { CanvasProjection } from './ground.ts';
import type { PointSet } from './point-set.ts';

/** css px of the canvas: the middle of the text */
export interface PlacedLabel {
	readonly name: string;
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
/** Width of one character with its spacing, in heights of a line. */
const CHARACTER = 1.25;

export function placeLabels(
	points: Pick<PointSet, 'x' | 'y' | 'labels'>,
	projection: CanvasProjection,
	lineHeight: number
): PlacedLabel[] {
	const { scale, left, top } = projection;
	const xs = Float64Array.from(points.x, (x) => x * scale - left);
	const ys = Float64Array.from(points.y, (y) => y * scale - top);
	const placed: PlacedLabel[] = [];
	for (const label of points.labels) {
		const middle = { x: label.x * scale - left, y: label.y * scale - top };
		let best = { name: label.name, ...middle };
		let bestCost = Number.POSITIVE_INFINITY;
		for (const [dx, dy] of offsets(lineHeight)) {
			const candidate = { name: label.name, x: middle.x + dx, y: middle.y + dy };
			const cost =
				Math.hypot(dx, dy) * COST_OF_DISTANCE +
				costOf(candidate, xs, ys, placed, lineHeight) +
				costOfEdge(candidate, projection, lineHeight);
			if (cost >= bestCost) continue;
			best = candidate;
			bestCost = cost;
		}
		placed.push(best);
	}
	return placed;
}

function offsets(lineHeight: number): [dx: number, dy: number][] {
	return RINGS.flatMap((ring) =>
		Array.from({ length: ring === 0 ? 1 : ANGLES }, (_, i): [number, number] => {
			const angle = (i / ANGLES) * Math.PI * 2;
			return [Math.cos(angle) * ring * lineHeight * 1.5, Math.sin(angle) * ring * lineHeight];
		})
	);
}

function costOf(
	{ name, x, y }: PlacedLabel,
	xs: Float64Array,
	ys: Float64Array,
	placed: readonly PlacedLabel[],
	lineHeight: number
): number {
	const halfWidth = halfWidthOf(name, lineHeight) + 4;
	const halfHeight = lineHeight / 2 + 5;
	let covered = 0;
	for (let i = 0; i < xs.length; i++) {
		if (Math.abs((xs[i] as number) - x) < halfWidth && Math.abs((ys[i] as number) - y) < halfHeight) covered++;
	}
	const isOnName = placed.some(
		(other) =>
			Math.abs(other.y - y) < halfHeight * 2 && Math.abs(other.x - x) < halfWidth + halfWidthOf(other.name, lineHeight)
	);
	return covered * COST_OF_POINT + (isOnName ? COST_OF_NAME : 0);
}

const halfWidthOf = (name: string, lineHeight: number): number => (name.length * CHARACTER * lineHeight) / 2;

/** A name whose place is in view is not cut by the edge; one whose place is not is not drawn in. */
function costOfEdge(
	{ name, x, y }: PlacedLabel,
	{ width, height, beyondX, beyondY }: CanvasProjection,
	lineHeight: number
): number {
	const halfWidth = halfWidthOf(name, lineHeight);
	const isInside =
		x - halfWidth > beyondX &&
		x + halfWidth < width - beyondX &&
		y - lineHeight > beyondY &&
		y + lineHeight < height - beyondY;
	return isInside ? 0 : COST_OF_EDGE;
}
