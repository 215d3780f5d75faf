// Lakes, broad rivers, river lines and canals of a frame, out of GSHHG and WDB-II as Debian packs them.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { difference, intersection, union } from 'polyclip-ts';
import { topology } from 'topojson-server';
import { COURSES, LINKS, WATERS } from './names.mjs';
import { at, boxRing, clipLine, closeAlong, distanceTo, isInside, joinLines, simplify, turnOf } from './shapes.mjs';

/** @typedef {import('./shapes.mjs').Point} Point */
/** @typedef {import('./shapes.mjs').Box} Box */
/** @typedef {Point[][][]} Shape polygons of rings */
/** @typedef {{ zh: string, en: string } | null} Name */

/** A point left out lies within this of the line: 20 m, a fiftieth of what the source is off. */
const TOLERANCE = 0.0002;
/** Steps of the grid over the frame: about 9 m at the default one. */
const QUANTIZATION = 20_000;
/** Smaller lakes and islands are dust on a city's map: about 0.1 km². */
const LEAST_TURN = 2e-5;
/** Degrees: 3 km, three times what the rivers are off. */
const NAME_REACH = 0.03;
/** Rivers lie about 1 km beside their bed: at a zoom above this one sees it. */
const RIVER_MAX_ZOOM = 11;

/**
 * @param {Box} box
 * @returns {{ topology: object, known: string[] }}
 */
export function waterOf(box) {
	// The source is cut along whole degrees, and its cuts fit together only there.
	/** @type {Box} */
	const frame = [Math.floor(box[0]), Math.floor(box[1]), Math.ceil(box[2]), Math.ceil(box[3])];
	const lakes = named(waterShapes(frame), box);
	const courses = dump(frame, ['-Ia']).filter(({ level }) => level > 0);
	const rivers = lines(
		courses.filter(({ level }) => level < 8),
		box
	);
	const canals = lines(
		courses.filter(({ level }) => level >= 8),
		box
	);
	const objects = { lakes: collection(lakes), rivers: collection(rivers), canals: collection(canals) };
	const known = [...lakes, ...rivers, ...canals].flatMap(({ properties }) => properties.name ?? []);
	return { topology: topology(objects, QUANTIZATION), known: [...new Set(known)] };
}

/** @param {Box} box @param {string[]} what @returns {{ level: number, line: Point[] }[]} */
function dump([west, south, east, north], what) {
	const region = `-R${west}/${east}/${south}/${north}`;
	// Without a folder of its own it leaves a file `gmt.history` where it is called.
	const options = { encoding: /** @type {const} */ ('utf8'), maxBuffer: 2 ** 30, cwd: tmpdir() };
	const run = spawnSync('gmt', ['coast', region, '-JM10c', '-Df', '-M', '--GMT_HISTORY=false', ...what], options);
	if (run.status !== 0) throw new Error(`gmt coast failed: ${run.stderr || String(run.error)}`);
	/** @type {{ level: number, line: Point[] }[]} */
	const pieces = [];
	for (const text of run.stdout.split('\n')) {
		if (text.startsWith('>')) pieces.push({ level: Number(/Level (\d+)/.exec(text)?.[1]), line: [] });
		const [lng, lat] = text.trim().split(/\s+/).map(Number);
		if (Number.isFinite(lng) && Number.isFinite(lat)) pieces.at(-1)?.line.push([lng ?? 0, lat ?? 0]);
	}
	return pieces.filter(({ line }) => line.length > 1 && (line.length > 2 || at(line, 0).join() !== at(line, 1).join()));
}

/** Land lies left of every shore: of coasts (level 1) and islands (3), and so of lakes (2) and ponds (4) too.
 * @param {Box} frame @returns {Shape} */
function waterShapes(frame) {
	const shores = dump(frame, ['-W']);
	const rings = (/** @type {number} */ level) => {
		const joined = joinLines(shores.filter((one) => one.level === level).map(({ line }) => line));
		const isWater = level % 2 === 0;
		return closeAlong(isWater ? joined.map((line) => line.toReversed()) : joined, frame)
			.filter((ring) => Math.abs(turnOf(ring)) > LEAST_TURN)
			.map((ring) => [ring]);
	};
	const coasts = rings(1);
	// No coast in the frame: it is land. Otherwise the sea is what the coasts leave of it.
	const sea = coasts.length === 0 ? [] : difference([boxRing(frame)], coasts);
	const lakes = rings(2);
	const islands = rings(3);
	const inland = lakes.length === 0 ? [] : islands.length === 0 ? lakes : difference(lakes, islands);
	return /** @type {Shape} */ ([...sea, ...inland, ...rings(4)]);
}

/** Clips to the frame, joins what has one name, simplifies.
 * @param {Shape} shapes @param {Box} box */
function named(shapes, box) {
	const inFrame = shapes.flatMap((polygon) => /** @type {Shape} */ (intersection([polygon], [boxRing(box)])));
	/** @type {Map<string, { name: Name, shape: Shape }>} */
	const groups = new Map();
	inFrame.forEach((polygon, index) => {
		const name = WATERS.find((one) => isInside([one.at[0], one.at[1]], polygon[0] ?? [])) ?? null;
		const key = name?.zh ?? `#${index}`;
		groups.set(key, { name, shape: [...(groups.get(key)?.shape ?? []), polygon] });
	});
	for (const { name, width, line } of LINKS) {
		const group = groups.get(name);
		if (group) group.shape = /** @type {Shape} */ (union(group.shape, ...broad(line, width).map((ring) => [ring])));
	}
	return [...groups.values()].map(({ name, shape }) => ({
		type: /** @type {const} */ ('Feature'),
		properties: { name: name?.zh ?? null, nameEn: name?.en ?? null },
		geometry: { type: /** @type {const} */ ('MultiPolygon'), coordinates: simplified(shape) }
	}));
}

/** @param {Shape} shape @returns {Shape} */
function simplified(shape) {
	return shape
		.map((polygon) =>
			polygon
				.map((ring) => simplify(ring, TOLERANCE))
				.filter((ring) => ring.length > 3 && Math.abs(turnOf(ring)) > LEAST_TURN)
		)
		.filter((polygon) => polygon.length > 0);
}

/** A line as broad as a river: a box per segment, an octagon per point.
 * @param {readonly (readonly [number, number])[]} line @param {number} width degrees of latitude
 * @returns {Point[][]} */
function broad(line, width) {
	/** @type {Point[][]} */
	const rings = [];
	const half = width / 2;
	const stretch = 1 / Math.cos(((line[0]?.[1] ?? 0) * Math.PI) / 180);
	line.forEach(([lng, lat], index) => {
		const octagon = Array.from({ length: 9 }, (_, i) => ((i % 8) * Math.PI) / 4);
		rings.push(octagon.map((angle) => [lng + Math.cos(angle) * half * stretch, lat + Math.sin(angle) * half]));
		const next = line[index + 1];
		if (!next) return;
		const dx = (next[0] - lng) / stretch;
		const dy = next[1] - lat;
		const length = Math.hypot(dx, dy);
		const [x, y] = [(-dy / length) * half * stretch, (dx / length) * half];
		rings.push([
			[lng + x, lat + y],
			[lng - x, lat - y],
			[next[0] - x, next[1] - y],
			[next[0] + x, next[1] + y],
			[lng + x, lat + y]
		]);
	});
	return rings;
}

/** @param {{ level: number, line: Point[] }[]} pieces @param {Box} box */
function lines(pieces, box) {
	const levels = [...new Set(pieces.map(({ level }) => level))].sort((a, b) => a - b);
	return levels.flatMap((level) =>
		joinLines(pieces.filter((piece) => piece.level === level).map(({ line }) => line)).flatMap((line) => {
			const parts = clipLine(line, box);
			const name = COURSES.find((one) => distanceOf([one.at[0], one.at[1]], line) < NAME_REACH) ?? null;
			if (parts.length === 0) return [];
			return {
				type: /** @type {const} */ ('Feature'),
				properties: { name: name?.zh ?? null, nameEn: name?.en ?? null, level, maxZoom: RIVER_MAX_ZOOM },
				geometry: {
					type: /** @type {const} */ ('MultiLineString'),
					coordinates: parts.map((part) => simplify(part, TOLERANCE))
				}
			};
		})
	);
}

/** @param {Point} point @param {Point[]} line */
function distanceOf(point, line) {
	const squash = Math.cos((point[1] * Math.PI) / 180);
	return Math.min(...line.slice(1).map((end, index) => distanceTo(point, at(line, index), end, squash)));
}

/** @template T @param {T[]} features */
const collection = (features) => ({ type: /** @type {const} */ ('FeatureCollection'), features });
