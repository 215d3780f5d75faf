/**
 * Doubts about where sites stand, without any boundary file: a geocoder that did not know an address answers with the
 * centre of the city, and such a point lies among the sites of another district, or on the same spot as others.
 */
import type { Finding } from './finding.ts';
import { buildPointTree, type Neighbour, type PointTree } from './nearest.ts';

export interface PlacedSite {
	/** Line of the file; null for a site of the registry that the file does not name */
	readonly line: number | null;
	readonly name: string;
	readonly kind: string;
	readonly address: string | null;
	readonly district: string | null;
	readonly lng: number;
	readonly lat: number;
}

const METRES_PER_DEGREE = 111_195;
const NEIGHBOURS = 5;
const CLEAR_MAJORITY = 4;
/** Enough to see two others on the same spot although sites of other kinds share the house. */
const SAME_SPOT_NEIGHBOURS = 8;
const SAME_SPOT_M = 30;
/**
 * Along a border everyone's neighbours are across it. A point is in doubt only when its own district begins more than
 * twice as far away as its neighbourhood reaches, and beyond 3 km, farther than neighbouring quarters of a city lie.
 */
const APART_RATIO = 2;
const APART_M = 3_000;

interface Ground {
	readonly sites: readonly PlacedSite[];
	readonly xs: Float64Array;
	readonly ys: Float64Array;
	readonly all: PointTree;
	readonly byDistrict: ReadonlyMap<string, PointTree>;
	readonly areaName: (code: string) => string;
}

/** Warnings for the sites that have a line; the others are only neighbours. About n log n. */
export function checkPlacement(sites: readonly PlacedSite[], areaName: (code: string) => string): Finding[] {
	const meanLat = sites.reduce((sum, site) => sum + site.lat, 0) / Math.max(sites.length, 1);
	const metresEast = METRES_PER_DEGREE * Math.cos((meanLat * Math.PI) / 180);
	const xs = Float64Array.from(sites, (site) => site.lng * metresEast);
	const ys = Float64Array.from(sites, (site) => site.lat * METRES_PER_DEGREE);
	const ground: Ground = {
		sites,
		xs,
		ys,
		all: buildPointTree(xs, ys),
		byDistrict: districtTrees(sites, xs, ys),
		areaName
	};
	return sites.flatMap((site, index) => {
		if (site.line === null) return [];
		const near = ground.all.nearest(xs[index] ?? 0, ys[index] ?? 0, SAME_SPOT_NEIGHBOURS, index);
		const finding =
			sameSpot(ground, site, site.line, near) ?? apart(ground, index, site.line, near.slice(0, NEIGHBOURS));
		return finding === null ? [] : [finding];
	});
}

function districtTrees(sites: readonly PlacedSite[], xs: Float64Array, ys: Float64Array): Map<string, PointTree> {
	const members = new Map<string, number[]>();
	sites.forEach(({ district }, index) => {
		if (district === null) return;
		const list = members.get(district);
		if (list === undefined) members.set(district, [index]);
		else list.push(index);
	});
	return new Map([...members].map(([district, list]) => [district, buildPointTree(xs, ys, Uint32Array.from(list))]));
}

/** Several kinds in one house are usual, and so is one address twice; the same kind at other addresses is not. */
function sameSpot({ sites }: Ground, site: PlacedSite, line: number, near: readonly Neighbour[]): Finding | null {
	const isOther = (other: PlacedSite | undefined) =>
		other?.kind === site.kind && (other.address === null || other.address !== site.address);
	const count = near.filter(({ index, distance }) => distance <= SAME_SPOT_M && isOther(sites[index])).length;
	if (count < 2) return null;
	const message = `"${site.name}" stands on the same spot as ${count} or more sites with other addresses: the address was probably not found on the map. Check its coordinates.`;
	return { line, code: 'placement_same_spot', message };
}

function apart(ground: Ground, index: number, line: number, near: readonly Neighbour[]): Finding | null {
	const site = ground.sites[index];
	const reach = near.at(-1)?.distance;
	if (site === undefined || site.district === null || reach === undefined || near.length < NEIGHBOURS) return null;
	const districts = near.map((neighbour) => ground.sites[neighbour.index]?.district ?? null);
	if (districts.includes(site.district) || districts.includes(null)) return null;
	const [own] =
		ground.byDistrict.get(site.district)?.nearest(ground.xs[index] ?? 0, ground.ys[index] ?? 0, 1, index) ?? [];
	const isDoubtful =
		own === undefined
			? reach <= APART_M && largestShare(districts) >= CLEAR_MAJORITY
			: own.distance > APART_M && own.distance > APART_RATIO * reach;
	if (!isDoubtful) return null;
	const name = ground.areaName(site.district);
	const others = [...new Set(districts)].map((code) => ground.areaName(code ?? '')).join(', ');
	const distance =
		own === undefined ? 'no other site states it' : `the nearest other site of it is ${km(own.distance)} away`;
	const message = `"${site.name}" states ${name}, but its ${NEIGHBOURS} nearest neighbours, within ${km(reach)}, state ${others}, and ${distance}. Check its district and coordinates.`;
	return { line, code: 'placement_other_district', message };
}

function largestShare(values: readonly (string | null)[]): number {
	return Math.max(...values.map((value) => values.filter((other) => other === value).length));
}

function km(metres: number): string {
	return `${(metres / 1000).toFixed(1)} km`;
}
