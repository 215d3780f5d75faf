// Plain geometry on [lng, lat] pairs: closing rings, clipping lines, leaving out points nobody sees.

/** @typedef {[number, number]} Point */
/** @typedef {[west: number, south: number, east: number, north: number]} Box */

const KEY_DIGITS = 4;

/** Two points that are one: the source writes both ends of a cut with the same digits, or nearly.
 * @param {Point} point */
export const keyOf = ([lng, lat]) => `${lng.toFixed(KEY_DIGITS)},${lat.toFixed(KEY_DIGITS)}`;

/** @param {Point[]} line */
export const isRing = (line) => line.length > 3 && keyOf(at(line, 0)) === keyOf(at(line, -1));

/** @param {Point[]} line @param {number} index */
export function at(line, index) {
	const point = line.at(index);
	if (!point) throw new Error('A line without points.');
	return point;
}

/**
 * Joins pieces that follow one another (the end of one is the start of the next).
 * @param {Point[][]} pieces
 * @returns {Point[][]}
 */
export function joinLines(pieces) {
	const open = pieces.filter((piece) => !isRing(piece));
	const starts = new Map(open.map((piece) => [keyOf(at(piece, 0)), piece]));
	const ends = new Set(open.map((piece) => keyOf(at(piece, -1))));
	const first = open.filter((piece) => !ends.has(keyOf(at(piece, 0))));
	const used = new Set();
	const joined = pieces.filter(isRing);
	for (const piece of [...first, ...open]) {
		if (used.has(piece)) continue;
		used.add(piece);
		const line = [...piece];
		let next = starts.get(keyOf(at(line, -1)));
		while (next && !used.has(next)) {
			used.add(next);
			line.push(...next.slice(1));
			next = starts.get(keyOf(at(line, -1)));
		}
		joined.push(line);
	}
	return joined;
}

/**
 * Closes lines that cross a box along its edge, counterclockwise, so that what lies left of them is inside.
 * @param {Point[][]} lines from edge to edge, or rings already
 * @param {Box} box
 * @returns {Point[][]} rings
 */
export function closeAlong(lines, box) {
	const rings = lines.filter(isRing);
	const open = lines.filter((line) => !isRing(line));
	const waiting = new Set(open);
	for (const line of open) {
		if (!waiting.delete(line)) continue;
		const ring = [...line];
		for (;;) {
			const from = placeOnEdge(at(ring, -1), box);
			const behind = (/** @type {Point[]} */ one) => (placeOnEdge(at(one, 0), box) - from + 4) % 4;
			const next = [line, ...waiting].reduce((a, b) => (behind(b) < behind(a) ? b : a));
			for (let corner = Math.ceil(from); corner < from + behind(next); corner++) ring.push(cornerOf(corner % 4, box));
			if (next === line) break;
			waiting.delete(next);
			ring.push(...next);
		}
		ring.push(at(line, 0));
		rings.push(ring);
	}
	return rings;
}

/** How far along the edge, counterclockwise from the south-west corner: 0 to 4, a side each. Beside the edge counts too.
 * @param {Point} point @param {Box} box */
function placeOnEdge([lng, lat], [west, south, east, north]) {
	const x = Math.min(1, Math.max(0, (lng - west) / (east - west)));
	const y = Math.min(1, Math.max(0, (lat - south) / (north - south)));
	const least = Math.min(y, 1 - x, 1 - y, x);
	if (least === y) return x;
	if (least === 1 - x) return 1 + y;
	if (least === 1 - y) return 3 - x;
	return (4 - y) % 4;
}

/** @param {number} corner @param {Box} box @returns {Point} */
function cornerOf(corner, [west, south, east, north]) {
	return corner === 0 ? [west, south] : corner === 1 ? [east, south] : corner === 2 ? [east, north] : [west, north];
}

/** @param {Box} box @returns {Point[]} */
export const boxRing = (box) => [0, 1, 2, 3, 0].map((corner) => cornerOf(corner, box));

/**
 * The parts of a line inside a box (Liang and Barsky, segment by segment).
 * @param {Point[]} line @param {Box} box
 * @returns {Point[][]}
 */
export function clipLine(line, box) {
	/** @type {Point[][]} */
	const parts = [];
	for (let i = 1; i < line.length; i++) {
		const cut = clipSegment(at(line, i - 1), at(line, i), box);
		if (!cut) continue;
		const last = parts.at(-1);
		if (last && keyOf(at(last, -1)) === keyOf(cut[0])) last.push(cut[1]);
		else parts.push([...cut]);
	}
	return parts;
}

/** @param {Point} a @param {Point} b @param {Box} box @returns {[Point, Point] | null} */
function clipSegment(a, b, [west, south, east, north]) {
	const dx = b[0] - a[0];
	const dy = b[1] - a[1];
	let from = 0;
	let to = 1;
	const sides = [
		[-dx, a[0] - west],
		[dx, east - a[0]],
		[-dy, a[1] - south],
		[dy, north - a[1]]
	];
	for (const [p = 0, q = 0] of sides) {
		if (p === 0 && q < 0) return null;
		if (p < 0) from = Math.max(from, q / p);
		if (p > 0) to = Math.min(to, q / p);
	}
	if (from >= to) return null;
	return [
		[a[0] + from * dx, a[1] + from * dy],
		[a[0] + to * dx, a[1] + to * dy]
	];
}

/**
 * Ramer–Douglas–Peucker: every point left out lies within `tolerance` of the line. A ring keeps its farthest point too,
 * so that it does not fold to a line.
 * @param {Point[]} line @param {number} tolerance degrees of latitude
 * @returns {Point[]}
 */
export function simplify(line, tolerance) {
	const squash = Math.cos((at(line, 0)[1] * Math.PI) / 180);
	const keep = new Set([0, line.length - 1]);
	const stack = [[0, line.length - 1]];
	if (isRing(line)) {
		const far = farthest(line, 0, line.length - 1, squash).index;
		keep.add(far);
		stack.splice(0, 1, [0, far], [far, line.length - 1]);
	}
	for (let range = stack.pop(); range; range = stack.pop()) {
		const [from = 0, to = 0] = range;
		const { index, distance } = farthest(line, from, to, squash);
		if (distance <= tolerance) continue;
		keep.add(index);
		stack.push([from, index], [index, to]);
	}
	return line.filter((_, index) => keep.has(index));
}

/** @param {Point[]} line @param {number} from @param {number} to @param {number} squash */
function farthest(line, from, to, squash) {
	let index = from;
	let distance = 0;
	for (let i = from + 1; i < to; i++) {
		const away = distanceTo(at(line, i), at(line, from), at(line, to), squash);
		if (away > distance) [index, distance] = [i, away];
	}
	return { index, distance };
}

/** From a point to a segment, in degrees of latitude.
 * @param {Point} point @param {Point} a @param {Point} b @param {number} squash cosine of the latitude */
export function distanceTo(point, a, b, squash) {
	const dx = (b[0] - a[0]) * squash;
	const dy = b[1] - a[1];
	const px = (point[0] - a[0]) * squash;
	const py = point[1] - a[1];
	const square = dx * dx + dy * dy;
	const t = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
	return Math.hypot(px - t * dx, py - t * dy);
}

/** Twice the area in square degrees, positive when counterclockwise.
 * @param {Point[]} ring */
export function turnOf(ring) {
	let sum = 0;
	for (let i = 1; i < ring.length; i++)
		sum += at(ring, i - 1)[0] * at(ring, i)[1] - at(ring, i)[0] * at(ring, i - 1)[1];
	return sum;
}

/** @param {Point} point @param {Point[]} ring */
export function isInside([x, y], ring) {
	let inside = false;
	for (let i = 1; i < ring.length; i++) {
		const [ax, ay] = at(ring, i - 1);
		const [bx, by] = at(ring, i);
		if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
	}
	return inside;
}
