/**
 * Where service areas end. Points of nobody are laid around the sites: borders then run half-way between the outermost
 * sites and nobody, round and padded. Narrow gaps between towns are closed, wide empty places (a lake, a mountain)
 * stay empty. A hull would need clipping, and a rectangle would claim the neighbouring cities.
 */
import { Delaunay } from 'd3-delaunay';

/** km. Gaps narrower than twice this are closed. Least: a town's width. Most: half the way between two far towns. */
const CLOSING_LEAST = 6;
const CLOSING_MOST = 15;
/** As near as nobody comes to a site, of the closing distance and at most in km. The border runs at about half of it. */
const NEAREST = 0.55;
const NEAREST_MOST = 6;
/** Of the closing distance: the steps of nobody's grid. Smaller ones make the border smoother. */
const STEP = 0.18;
/** In closing distances: how far nobody's grid reaches from the sites. */
const BAND = 1.5;
/** Half a step aside and √3/2 of one between rows make a grid of equal triangles. */
const ROW = Math.sqrt(3) / 2;

/**
 * km: the longest way from a town to the next, so that the areas of a city hang together; a site farther off is one by
 * itself. `xy` is x and y of each site in turn, km.
 */
export function closingDistance(xy: Float64Array): number {
	const longest = shortestLinks(xy).findLast((link) => link <= CLOSING_MOST) ?? 0;
	return Math.max(CLOSING_LEAST, longest);
}

/** Lengths of the minimum spanning tree, ascending (Kruskal over the Delaunay edges). */
function shortestLinks(xy: Float64Array): Float64Array {
	const { triangles, halfedges } = new Delaunay(xy);
	const ends = (edge: number): [number, number] => [
		triangles[edge] ?? 0,
		triangles[edge % 3 === 2 ? edge - 2 : edge + 1] ?? 0
	];
	const lengths = Float64Array.from(triangles, (_, edge) => distance(xy, ...ends(edge)));
	const order = Uint32Array.from(triangles.keys())
		.filter((edge) => (halfedges[edge] ?? -1) < edge)
		.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
	const root = Uint32Array.from({ length: xy.length / 2 }, (_, i) => i);
	const rootOf = (site: number): number => {
		let at = site;
		while (root[at] !== at) at = root[at] = root[root[at] ?? 0] ?? 0;
		return at;
	};
	const kept: number[] = [];
	for (const edge of order) {
		const [a, b] = ends(edge).map(rootOf) as [number, number];
		if (a === b) continue;
		root[a] = b;
		kept.push(lengths[edge] ?? 0);
	}
	return Float64Array.from(kept);
}

const distance = (xy: Float64Array, a: number, b: number): number =>
	Math.hypot((xy[a * 2] ?? 0) - (xy[b * 2] ?? 0), (xy[a * 2 + 1] ?? 0) - (xy[b * 2 + 1] ?? 0));

/**
 * Points of nobody, x and y in turn, km: those farther than `closing` from every site, grown back towards the sites.
 * (Widening the sites and shrinking them again, a morphological closing.)
 */
export function surroundingsOf(xy: Float64Array, closing: number): Float64Array {
	const nearest = Math.min(NEAREST_MOST, closing * NEAREST);
	const grid = gridAround(xy, closing);
	const toSite = distances(new Delaunay(xy), grid);
	const outside = new Delaunay(pick(grid, (i) => (toSite[i] ?? 0) > closing));
	const toOutside = distances(outside, grid);
	return pick(grid, (i) => (toSite[i] ?? 0) > nearest && (toOutside[i] ?? 0) <= closing - nearest);
}

/** A grid of triangles within the band around the sites. */
function gridAround(xy: Float64Array, closing: number): Float64Array {
	const step = closing * STEP;
	const reach = closing * BAND;
	const columns = Math.ceil(reach / step);
	const rows = Math.ceil(reach / (step * ROW));
	const cells = new Map<string, [column: number, row: number]>();
	for (let i = 0; i < xy.length; i += 2) {
		const cell: [number, number] = [Math.floor((xy[i] ?? 0) / step), Math.floor((xy[i + 1] ?? 0) / (step * ROW))];
		cells.set(cell.join(), cell);
	}
	const grid: number[] = [];
	const laid = new Set<string>();
	for (const [column, row] of cells.values()) {
		for (let r = row - rows; r <= row + rows; r++) {
			for (let c = column - columns; c <= column + columns; c++) {
				const key = `${c},${r}`;
				if (laid.has(key)) continue;
				laid.add(key);
				grid.push((c + (r % 2 === 0 ? 0 : 0.5)) * step, r * step * ROW);
			}
		}
	}
	return Float64Array.from(grid);
}

/** From each point of the grid to the nearest of the others. */
function distances(others: Delaunay<unknown>, grid: Float64Array): Float64Array {
	let near = 0;
	return Float64Array.from({ length: grid.length / 2 }, (_, i) => {
		const [x, y] = [grid[i * 2] ?? 0, grid[i * 2 + 1] ?? 0];
		near = others.find(x, y, near);
		return Math.hypot((others.points[near * 2] ?? 0) - x, (others.points[near * 2 + 1] ?? 0) - y);
	});
}

function pick(grid: Float64Array, isWanted: (index: number) => boolean): Float64Array {
	return grid.filter((_, i) => isWanted(Math.floor(i / 2)));
}
