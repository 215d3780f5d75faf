/**
 * What the map draws, as columns: place and look of every service station that is in service and has coordinates. Pure but
 * for the arrays it writes. Projection is Web Mercator at zoom 0 (one world = 256 px), as Leaflet's.
 */
import type { Columns } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { lookOf, STALE } from './look.ts';

const WORLD_PX = 256;

/** What the map is shown; `columns` may change in place between two calls. */
export interface PointsView {
	readonly sites: readonly SiteBrief[];
	readonly areas: readonly { readonly code: string; readonly name: string; readonly level: string }[];
	readonly columns: Columns;
	readonly nowMs: number;
	/** the page's own feed is dead: nothing it shows is current */
	readonly isFeedStale: boolean;
}

export interface AreaLabel {
	readonly name: string;
	readonly x: number;
	readonly y: number;
}

export interface PointSet {
	readonly sites: readonly SiteBrief[];
	/** row of the topic, per point */
	readonly rows: Uint32Array;
	/** world pixels at zoom 0 */
	readonly x: Float64Array;
	readonly y: Float64Array;
	readonly looks: Uint8Array;
	readonly visits: Int32Array;
	/** district names at the middle of their stations */
	readonly labels: readonly AreaLabel[];
}

export function worldX(lng: number): number {
	return ((lng + 180) / 360) * WORLD_PX;
}

export function worldY(lat: number): number {
	const sine = Math.sin((lat * Math.PI) / 180);
	return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD_PX;
}

/** Places every station of a directory once. Looks are filled by `refreshLooks`. */
export function placePoints(view: PointsView): PointSet {
	const rows: number[] = [];
	view.sites.forEach((site, row) => {
		if (site.kind === 'service_station' && site.lifecycle === 'open' && site.lng !== null && site.lat !== null)
			rows.push(row);
	});
	const x = Float64Array.from(rows, (row) => worldX(view.sites[row]?.lng ?? 0));
	const y = Float64Array.from(rows, (row) => worldY(view.sites[row]?.lat ?? 0));
	const points = {
		sites: view.sites,
		rows: Uint32Array.from(rows),
		x,
		y,
		looks: new Uint8Array(rows.length),
		visits: new Int32Array(rows.length)
	};
	return { ...points, labels: areaLabels(view, points) };
}

/** What changed of the points since the last look. */
export interface LookChanges {
	/** something is drawn differently */
	isDirty: boolean;
	/** points whose status changed, or that were visited */
	readonly pulses: number[];
}

/** Writes the looks of now; pulses are left out for points that are stale (their news is old). */
export function refreshLooks(points: PointSet, view: PointsView): LookChanges {
	const changes: LookChanges = { isDirty: false, pulses: [] };
	for (let i = 0; i < points.rows.length; i++) {
		const row = points.rows[i] as number;
		const site = view.sites[row];
		if (!site) continue;
		const look = lookOf(site, view.columns, row, view.nowMs, view.isFeedStale);
		const visits = view.columns.visitsToday[row] as number;
		const isStatusNew = look % STALE !== (points.looks[i] as number) % STALE;
		if (look < STALE && (isStatusNew || visits > (points.visits[i] as number))) changes.pulses.push(i);
		if (look !== points.looks[i]) changes.isDirty = true;
		points.looks[i] = look;
		points.visits[i] = visits;
	}
	return changes;
}

/** The point nearest to a place within `radius` (world pixels at zoom 0); -1 = none. */
export function pointAt(points: PointSet, x: number, y: number, radius: number): number {
	let best = -1;
	let bestDistance = radius * radius;
	for (let i = 0; i < points.rows.length; i++) {
		const distance = ((points.x[i] as number) - x) ** 2 + ((points.y[i] as number) - y) ** 2;
		if (distance <= bestDistance) {
			best = i;
			bestDistance = distance;
		}
	}
	return best;
}

/** Degrees. */
export interface Extent {
	readonly west: number;
	readonly south: number;
	readonly east: number;
	readonly north: number;
}

/** The extent of the points without those far from all others: one mistyped coordinate moves no view. */
export function boundsOf(points: PointSet): Extent | null {
	if (points.rows.length === 0) return null;
	const places = Array.from(points.rows, (row) => points.sites[row]);
	const [west, east] = spanOf(Float64Array.from(places, (site) => site?.lng ?? 0).sort());
	const [south, north] = spanOf(Float64Array.from(places, (site) => site?.lat ?? 0).sort());
	return { west, south, east, north };
}

/** Least and greatest of the values that are not further from the middle 98 % than half its width. */
function spanOf(sorted: Float64Array): [least: number, greatest: number] {
	const cut = Math.floor(sorted.length / 100);
	const low = sorted.at(cut) ?? 0;
	const high = sorted.at(-1 - cut) ?? 0;
	const reach = (high - low) / 2;
	return [
		sorted.find((value) => value >= low - reach) ?? low,
		sorted.findLast((value) => value <= high + reach) ?? high
	];
}

function areaLabels(view: PointsView, points: Pick<PointSet, 'rows' | 'x' | 'y'>): AreaLabel[] {
	const members = new Map<string, number[]>();
	points.rows.forEach((row, i) => {
		const code = view.sites[row]?.district;
		if (!code) return;
		const known = members.get(code);
		if (known) known.push(i);
		else members.set(code, [i]);
	});
	return view.areas.flatMap((area) => {
		const inside = area.level === 'district' ? members.get(area.code) : undefined;
		if (!inside) return [];
		return [{ name: area.name, x: median(inside, points.x), y: median(inside, points.y) }];
	});
}

function median(members: readonly number[], values: Float64Array): number {
	const sorted = Float64Array.from(members, (i) => values[i] as number).sort();
	return sorted[sorted.length >> 1] ?? 0;
}
