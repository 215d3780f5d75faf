/**
 * Polygons that a deployer dropped in: GeoJSON whose features carry a code of the state, a code of ours, or a name. What
 * fits an area takes the place of the computed one.
 */
import type { CodedArea } from '#server/store/geo-store.ts';
import type { GeoProblem } from './geo-problem.ts';
import { turnOf, type Point } from './regions.ts';
import type { AreaFeature } from './service-areas.ts';

export interface OfficialAreas {
	readonly districts: readonly AreaFeature[];
	readonly streets: readonly AreaFeature[];
	readonly problems: readonly GeoProblem[];
}

/** As many names as fit into a sentence. */
const NAMED = 5;

export function officialAreas(
	files: readonly { name: string; text: string }[],
	areas: readonly CodedArea[]
): OfficialAreas {
	const problems: GeoProblem[] = [];
	const shapes = new Map<string, { area: CodedArea; polygons: number[][][][] }>();
	const keys = keysOf(areas);
	for (const { name: file, text } of files) {
		const features = readFeatures(text);
		if (typeof features === 'string') {
			problems.push({ code: 'unreadable_file', file, message: `${file}: ${features} It is left out.` });
			continue;
		}
		const unmatched: string[] = [];
		for (const { properties, polygons } of features) {
			const area = areaOf(properties, keys);
			if (!area) unmatched.push(labelOf(properties));
			else if (shapes.get(area.code)) shapes.get(area.code)?.polygons.push(...polygons);
			else shapes.set(area.code, { area, polygons: [...polygons] });
		}
		if (unmatched.length > 0) problems.push(unmatchedProblem(file, unmatched, features.length));
	}
	const at = (level: CodedArea['level']): AreaFeature[] =>
		[...shapes.values()]
			.filter(({ area }) => area.level === level)
			.map(({ area, polygons }) => featureOf(area, polygons));
	const [districts, streets] = [at('district'), at('street')];
	for (const [level, found] of [['district', districts] as const, ['street', streets] as const]) {
		const problem = withoutPolygon(level, found, areas);
		if (found.length > 0 && problem) problems.push(problem);
	}
	return { districts, streets, problems };
}

interface ReadFeature {
	readonly properties: Record<string, unknown>;
	readonly polygons: readonly number[][][][];
}

/** The polygons of a file, or a sentence about what is wrong with it. Points and lines in it are passed over. */
function readFeatures(text: string): ReadFeature[] | string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		// The parser quotes the file, which may be anything; where it stopped is what helps.
		const at = error instanceof SyntaxError ? /position \d+|end of JSON input/.exec(error.message)?.[0] : undefined;
		return `it is no JSON${at ? ` (it breaks off at ${at})` : ''}; save it as GeoJSON in UTF-8.`;
	}
	const list = record(value)['type'] === 'Feature' ? [value] : record(value)['features'];
	if (!Array.isArray(list)) return 'it is no GeoJSON with a list of features; save it as a FeatureCollection.';
	const features = list.flatMap((one: unknown) => {
		const polygons = polygonsOf(record(record(one)['geometry']));
		return polygons.length === 0 ? [] : [{ properties: record(record(one)['properties']), polygons }];
	});
	if (features.length === 0) return 'it has no polygons.';
	const outside = features
		.flatMap(({ polygons }) => polygons.flat(2))
		.find(([lng = 0, lat = 0]) => !isDegrees(lng, lat));
	return outside ? `it holds ${outside.join(', ')}, which are no degrees; save it in WGS-84 or CGCS2000.` : features;
}

const record = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isDegrees = (lng: number, lat: number): boolean => Math.abs(lng) <= 180 && Math.abs(lat) <= 90;

function polygonsOf({ type, coordinates }: Record<string, unknown>): number[][][][] {
	const list: unknown = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : [];
	return Array.isArray(list) ? list.filter((polygon): polygon is number[][][] => isPolygon(polygon)) : [];
}

function isPolygon(value: unknown): value is number[][][] {
	if (!Array.isArray(value) || value.length === 0) return false;
	return value.every(
		(ring: unknown) => Array.isArray(ring) && ring.length > 3 && ring.every((point: unknown) => isPosition(point))
	);
}

const isPosition = (value: unknown): boolean =>
	Array.isArray(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);

interface Keys {
	readonly byCode: ReadonlyMap<string, CodedArea>;
	readonly byName: ReadonlyMap<string, CodedArea>;
}

function keysOf(areas: readonly CodedArea[]): Keys {
	const byCode = new Map(areas.flatMap((area) => [[area.code, area] as const]));
	for (const area of areas) if (area.gbCode !== null) byCode.set(stateCode(area.gbCode), area);
	// Two streets of one name (there is a 城南街道 nearly everywhere) are told apart by their code only.
	const byName = new Map(
		[...Map.groupBy(areas, ({ name }) => name)].flatMap(([name, same]) =>
			same[0] && !same[1] ? [[name, same[0]]] : []
		)
	);
	return { byCode, byName };
}

/**
 * 天地图 writes 156 (China) before the code of GB/T 2260; no code of a Chinese district begins so. Statistics codes of
 * streets have three zeros more, for the villages below.
 */
const stateCode = (code: string): string => code.replace(/^156(?=\d{6})/, '').replace(/^(\d{9})000$/, '$1');

function areaOf(properties: Record<string, unknown>, { byCode, byName }: Keys): CodedArea | null {
	for (const name of ['gb', 'adcode', 'code']) {
		const value = properties[name];
		if (typeof value !== 'string' && typeof value !== 'number') continue;
		const area = byCode.get(stateCode(String(value))) ?? byCode.get(String(value));
		if (area) return area;
	}
	return byName.get(String(properties['name'] ?? '')) ?? null;
}

const labelOf = (properties: Record<string, unknown>): string =>
	String(properties['name'] ?? properties['gb'] ?? properties['adcode'] ?? properties['code'] ?? '?');

function unmatchedProblem(file: string, unmatched: readonly string[], of: number): GeoProblem {
	const message =
		`${file}: ${unmatched.length} of ${of} polygons fit no area of the registry (${listed(unmatched)}). ` +
		'Give them the gb or adcode, or the name, of an area, or leave them out of the file.';
	return { code: 'unmatched_features', file, message };
}

function withoutPolygon(
	level: 'district' | 'street',
	found: readonly AreaFeature[],
	areas: readonly CodedArea[]
): GeoProblem | null {
	const have = new Set(found.map(({ properties }) => properties.code));
	const without = areas.filter((area) => area.level === level && !have.has(area.code)).map(({ name }) => name);
	if (without.length === 0) return null;
	const what = level === 'district' ? 'Districts' : 'Streets';
	const message = `${what} without a polygon (${without.length}): ${listed(without)}. The map shows them without an area.`;
	return { code: 'areas_without_polygon', file: '', message };
}

const listed = (names: readonly string[]): string =>
	names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')}, …`;

/** Outsides counterclockwise, holes clockwise, as computed areas have them (and RFC 7946 asks for). */
function featureOf({ code, name }: CodedArea, polygons: readonly number[][][][]): AreaFeature {
	const coordinates = polygons.map((rings) =>
		rings.map((ring, index) => {
			const flat = ring.map(([lng = 0, lat = 0]): Point => [lng, lat]);
			return turnOf(flat) > 0 === (index === 0) ? flat : flat.toReversed();
		})
	);
	return { type: 'Feature', properties: { code, name }, geometry: { type: 'MultiPolygon', coordinates } };
}
