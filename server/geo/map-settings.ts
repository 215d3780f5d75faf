/** `DATA_DIR/basemap/map.json`: what a deployer says about the map. A bad field is left out and named; the rest holds. */
import type { GeoProblem } from './geo-problem.ts';

export const TILE_DATUMS = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const;

export interface TileSource {
	/** http(s) template with {x}, {y}, {z} and, where there are subdomains, {s} */
	readonly url: string;
	readonly subdomains: readonly string[];
	readonly datum: (typeof TILE_DATUMS)[number];
	readonly attribution: string | null;
	/** 审图号 of the tiles */
	readonly reviewNo: string | null;
	readonly minZoom: number;
	readonly maxZoom: number;
	/** rows counted from the south */
	readonly tms: boolean;
}

export interface MapSettings {
	/** 审图号 of the official polygons */
	readonly reviewNumber: string | null;
	readonly attribution: string | null;
	/** null = not said */
	readonly showBoundaries: boolean | null;
	readonly tiles: readonly TileSource[];
}

export const SETTINGS_FILE = 'map.json';
const NO_SETTINGS: MapSettings = { reviewNumber: null, attribution: null, showBoundaries: null, tiles: [] };
const FIELDS = ['reviewNumber', 'attribution', 'showBoundaries', 'tiles'];
const TILE_FIELDS = ['url', 'subdomains', 'datum', 'attribution', 'reviewNo', 'minZoom', 'maxZoom', 'tms'];
const MAX_ZOOM = 22;
/** A line of text on the map. */
const MAX_TEXT = 300;

type Complain = (message: string) => void;
type Fields = Record<string, unknown>;

/** `text` null: there is no such file. */
export function readMapSettings(text: string | null): { settings: MapSettings; problems: GeoProblem[] } {
	const problems: GeoProblem[] = [];
	if (text === null) return { settings: NO_SETTINGS, problems };
	const complain = (message: string) => void problems.push({ code: 'bad_field', file: SETTINGS_FILE, message });
	const fields = parse(text);
	if (!fields) {
		const message = 'map.json is not one JSON object; correct it, or remove it. It is left out.';
		return { settings: NO_SETTINGS, problems: [{ code: 'unreadable_file', file: SETTINGS_FILE, message }] };
	}
	nameUnknown(fields, FIELDS, '', complain);
	const settings = {
		reviewNumber: textOf(fields, 'reviewNumber', '', complain),
		attribution: textOf(fields, 'attribution', '', complain),
		showBoundaries: flagOf(fields, 'showBoundaries', '', complain),
		tiles: tilesOf(fields['tiles'], complain)
	};
	return { settings, problems };
}

function parse(text: string): Fields | null {
	try {
		const value: unknown = JSON.parse(text);
		return isFields(value) ? value : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

const isFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function nameUnknown(fields: Fields, known: readonly string[], where: string, complain: Complain): void {
	const unknown = Object.keys(fields).filter((name) => !known.includes(name));
	if (unknown.length > 0) complain(`${where}${unknown.join(', ')}: no such field; use ${known.join(', ')}.`);
}

function textOf(fields: Fields, name: string, where: string, complain: Complain): string | null {
	const value = fields[name] ?? null;
	if (value === null) return null;
	if (typeof value === 'string' && value.length <= MAX_TEXT) return value.trim() === '' ? null : value.trim();
	complain(`${where}${name}: use a text of at most ${MAX_TEXT} characters.`);
	return null;
}

function flagOf(fields: Fields, name: string, where: string, complain: Complain): boolean | null {
	const value = fields[name] ?? null;
	if (value === null || typeof value === 'boolean') return value;
	complain(`${where}${name}: use true or false, without quotes.`);
	return null;
}

function zoomOf(fields: Fields, name: string, fallback: number, where: string, complain: Complain): number {
	const value = fields[name] ?? fallback;
	if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_ZOOM) return Number(value);
	complain(`${where}${name}: use a whole number from 0 to ${MAX_ZOOM}; ${fallback} is used.`);
	return fallback;
}

function tilesOf(value: unknown, complain: Complain): TileSource[] {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) {
		complain('tiles: use a list, such as [{ "url": "https://…/{z}/{x}/{y}.png" }].');
		return [];
	}
	return value.flatMap((one: unknown, index) => {
		const where = `tiles[${index}].`;
		if (isFields(one)) return tileOf(one, where, complain) ?? [];
		complain(`tiles[${index}]: use an object with a url. It is left out.`);
		return [];
	});
}

/** null = without an address there is no source. */
function tileOf(fields: Fields, where: string, complain: Complain): TileSource | null {
	nameUnknown(fields, TILE_FIELDS, where, complain);
	const subdomains = subdomainsOf(fields['subdomains'], where, complain);
	const url = fields['url'];
	const problem = urlProblem(url, subdomains);
	if (problem !== null || typeof url !== 'string') {
		complain(`${where}url: ${problem ?? 'use a text'} The source is left out.`);
		return null;
	}
	const datum = TILE_DATUMS.find((one) => one === (fields['datum'] ?? 'wgs84'));
	if (!datum) complain(`${where}datum: use one of ${TILE_DATUMS.join(', ')}. The source is left out.`);
	const [minZoom, maxZoom] = [
		zoomOf(fields, 'minZoom', 0, where, complain),
		zoomOf(fields, 'maxZoom', 18, where, complain)
	];
	if (minZoom > maxZoom) complain(`${where}minZoom: is above maxZoom. The source is left out.`);
	if (!datum || minZoom > maxZoom) return null;
	return {
		url,
		subdomains,
		datum,
		attribution: textOf(fields, 'attribution', where, complain),
		reviewNo: textOf(fields, 'reviewNo', where, complain),
		minZoom,
		maxZoom,
		tms: flagOf(fields, 'tms', where, complain) ?? false
	};
}

function subdomainsOf(value: unknown, where: string, complain: Complain): string[] {
	if (value === undefined || value === null) return [];
	const list: unknown[] = typeof value === 'string' ? [...value] : Array.isArray(value) ? value : [null];
	const names = list.filter((name): name is string => typeof name === 'string' && /^[a-z0-9-]+$/i.test(name));
	if (names.length === list.length) return names;
	complain(`${where}subdomains: use a list such as ["t0", "t1"], or letters such as "abc".`);
	return [];
}

/** A sentence, or null. Another scheme would run, or read, something else than a picture. */
function urlProblem(url: unknown, subdomains: readonly string[]): string | null {
	const template = 'use an address such as https://tiles.example.org/{z}/{x}/{y}.png.';
	if (typeof url !== 'string') return template;
	const missing = ['{x}', '{y}', '{z}'].filter((part) => !url.includes(part));
	// In 天地图's WMTS addresses the parts stand in the query; all that counts is that they are there.
	if (missing.length > 0) return `without ${missing.join(', ')}; ${template}`;
	if (url.includes('{s}') && subdomains.length === 0) return 'it has {s}, so name the subdomains.';
	const filled = url.replaceAll(/\{[a-z-]+\}/gi, '1');
	const scheme = URL.canParse(filled) ? new URL(filled).protocol : '';
	return scheme === 'http:' || scheme === 'https:' ? null : template;
}
