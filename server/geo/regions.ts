/**
 * Voronoi cells merged by label: only the edges between two labels are followed, from circumcentre to circumcentre. A
 * triangle has three corners, so a border passes every vertex at most once per label, and neighbours share their
 * vertices exactly: nothing overlaps, nothing gapes, and no polygon has to be clipped or united.
 */
import type { Delaunay } from 'd3-delaunay';

export type Point = [x: number, y: number];
/** Closed: the first point is the last. */
export type Ring = Point[];
/** The first ring, counterclockwise, is the outside; the others are holes. */
export type Polygon = Ring[];

/** Cells of this label belong to nobody. They must surround all others: an outermost cell has no end. */
export const NOBODY = -1;

/** By label, polygons of the cells whose points have it; `labels` in the order of the points. */
export function regionsOf(delaunay: Delaunay<unknown>, labels: Int32Array): Map<number, Polygon[]> {
	const { circumcenters } = delaunay.voronoi();
	const at = (triangle: number): Point => [circumcenters[triangle * 2] ?? 0, circumcenters[triangle * 2 + 1] ?? 0];
	const regions = new Map<number, Polygon[]>();
	for (const [label, onward] of bordersOf(delaunay, labels)) regions.set(label, polygonsOf(ringsOf(onward, at)));
	return regions;
}

/** By label: from triangle to triangle along its border, the label's own cells on the left. */
function bordersOf({ triangles, halfedges, points }: Delaunay<unknown>, labels: Int32Array) {
	const isLeft = turnsLeft(triangles, points);
	const borders = new Map<number, Map<number, number>>();
	const go = (label: number, from: number, to: number): void => {
		if (label === NOBODY) return;
		const border = borders.get(label) ?? new Map<number, number>();
		borders.set(label, border.set(from, to));
	};
	for (let edge = 0; edge < halfedges.length; edge++) {
		const twin = halfedges[edge] ?? -1;
		if (twin < edge) continue;
		const a = labels[triangles[edge] ?? 0] ?? NOBODY;
		const b = labels[triangles[edge % 3 === 2 ? edge - 2 : edge + 1] ?? 0] ?? NOBODY;
		if (a === b) continue;
		const here = Math.floor(edge / 3);
		const there = Math.floor(twin / 3);
		go(isLeft ? b : a, here, there);
		go(isLeft ? a : b, there, here);
	}
	return borders;
}

/** Whether triangles are listed counterclockwise, y upwards: all of them are, or none. */
function turnsLeft(triangles: ArrayLike<number>, points: ArrayLike<number>): boolean {
	const corner = (i: number): Point => [points[(triangles[i] ?? 0) * 2] ?? 0, points[(triangles[i] ?? 0) * 2 + 1] ?? 0];
	return turnOf([corner(0), corner(1), corner(2), corner(0)]) > 0;
}

function ringsOf(onward: Map<number, number>, at: (triangle: number) => Point): Ring[] {
	const rings: Ring[] = [];
	for (const start of onward.keys()) {
		const ring: Ring = [];
		for (let here: number | undefined = start; here !== undefined;) {
			const next: number | undefined = onward.get(here);
			onward.delete(here);
			ring.push(at(here));
			here = next;
		}
		if (ring.length > 3) rings.push(ring);
	}
	return rings;
}

/** Sorts holes into the smallest outside that holds them. */
function polygonsOf(rings: Ring[]): Polygon[] {
	const outsides = rings.filter((ring) => turnOf(ring) > 0).sort((a, b) => turnOf(a) - turnOf(b));
	const polygons = outsides.map((ring): Polygon => [ring]);
	for (const hole of rings.filter((ring) => turnOf(ring) < 0)) {
		const around = polygons.find(([outside = []]) => hole.some((point) => isInRing(point, outside)));
		around?.push(hole);
	}
	return polygons.reverse();
}

/** Twice the area, positive when counterclockwise. */
export function turnOf(ring: Ring): number {
	let sum = 0;
	for (let i = 1; i < ring.length; i++) {
		const [ax, ay] = ring[i - 1] as Point;
		const [bx, by] = ring[i] as Point;
		sum += ax * by - bx * ay;
	}
	return sum;
}

/** Even-odd rule; a point on the border is on either side. */
export function isInRing([x, y]: Point, ring: readonly (readonly number[])[]): boolean {
	let isInside = false;
	for (let i = 1; i < ring.length; i++) {
		const [ax = 0, ay = 0] = ring[i - 1] ?? [];
		const [bx = 0, by = 0] = ring[i] ?? [];
		if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
	}
	return isInside;
}
