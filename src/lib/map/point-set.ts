/**
 * What the map draws, as columns: place and look of every site in service that has coordinates. Pure but for the arrays
 * it writes.
 */
import { SITE_KINDS, type SiteKind } from '#domain/site.ts';
import type { Columns } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { HIDDEN, lookOf, STALE, staleAfterMs } from './look.ts';
import { worldX, worldY } from './mercator.ts';
import { indexPoints, type PointIndex } from './point-index.ts';

/** What the map is shown; `columns` may change in place between two calls. */
export interface PointsView {
	readonly sites: readonly SiteBrief[];
	readonly areas: readonly { readonly code: string; readonly name: string; readonly level: string }[];
	readonly columns: Columns;
	readonly nowMs: number;
	/** the page's own feed is dead: nothing it shows is current */
	readonly isFeedStale: boolean;
}

export interface PointSet {
	readonly sites: readonly SiteBrief[];
	/** row of the topic, per point */
	readonly rows: Uint32Array;
	/** world pixels at zoom 0 */
	readonly x: Float64Array;
	readonly y: Float64Array;
	/** index in SITE_KINDS */
	readonly kinds: Uint8Array;
	/** ms of silence after which it is stale */
	readonly staleMs: Float64Array;
	/** see look.ts; HIDDEN = left out by kind or filter, or not looked at yet */
	readonly looks: Uint8Array;
	readonly visits: Int32Array;
	readonly index: PointIndex;
}

/** Places every site of a directory once. Looks are filled by `refreshLooks`. */
export function placePoints(view: PointsView): PointSet {
	const rows: number[] = [];
	view.sites.forEach((site, row) => {
		if (site.lifecycle === 'open' && site.lng !== null && site.lat !== null) rows.push(row);
	});
	const placed = rows.map((row) => view.sites[row]);
	const x = Float64Array.from(placed, (site) => worldX(site?.lng ?? 0));
	const y = Float64Array.from(placed, (site) => worldY(site?.lat ?? 0));
	return {
		sites: view.sites,
		rows: Uint32Array.from(rows),
		x,
		y,
		kinds: Uint8Array.from(placed, (site) => (site ? SITE_KINDS.indexOf(site.kind) : 0)),
		staleMs: Float64Array.from(placed, (site) => staleAfterMs(site?.periodSeconds ?? null)),
		looks: new Uint8Array(rows.length).fill(HIDDEN),
		visits: new Int32Array(rows.length).fill(-1),
		index: indexPoints(x, y)
	};
}

/** Which points are drawn. */
export interface Shown {
	readonly kinds: readonly SiteKind[];
	/** null = all */
	readonly isShown: ((row: number) => boolean) | null;
}

/** What changed of the points since the last look. */
export interface LookChanges {
	/** points that are drawn differently */
	readonly dirty: number[];
	/** points whose status changed */
	readonly turned: number[];
	/** points that were visited */
	readonly visited: number[];
}

/** Writes the looks of now. News of points that are stale, hidden or seen for the first time is left out: it is old. */
export function refreshLooks(points: PointSet, view: PointsView, shown: Shown): LookChanges {
	const changes: LookChanges = { dirty: [], turned: [], visited: [] };
	const isKindShown = SITE_KINDS.map((kind) => shown.kinds.includes(kind));
	for (let i = 0; i < points.rows.length; i++) {
		const row = points.rows[i] as number;
		const isDrawn = isKindShown[points.kinds[i] as number] === true && (shown.isShown === null || shown.isShown(row));
		const old = points.looks[i] as number;
		const visits = view.columns.visitsToday[row] as number;
		if (isDrawn) {
			const look = lookOf(view.columns, row, points.staleMs[i] as number, view.nowMs, view.isFeedStale);
			points.looks[i] = look;
			if (look !== old) changes.dirty.push(i);
			if (look < STALE && old !== HIDDEN) {
				if (look !== old % STALE) changes.turned.push(i);
				else if (visits > (points.visits[i] as number)) changes.visited.push(i);
			}
		} else if (old !== HIDDEN) {
			points.looks[i] = HIDDEN;
			changes.dirty.push(i);
		}
		points.visits[i] = visits;
	}
	return changes;
}

/** Degrees. */
export interface Extent {
	readonly west: number;
	readonly south: number;
	readonly east: number;
	readonly north: number;
}

/**
 * The extent of the shown points (of all, where none is shown) without those far from all others: one mistyped coordinate
 * moves no view. null without any.
 */
export function boundsOf(points: PointSet): Extent | null {
	if (points.rows.length === 0) return null;
	const shown = Array.from(points.rows).filter((_, i) => points.looks[i] !== HIDDEN);
	const places = (shown.length > 0 ? shown : Array.from(points.rows)).map((row) => points.sites[row]);
	const [west, east] = spanOf(Float64Array.from(places, (site) => site?.lng ?? 0).sort());
	const [south, north] = spanOf(Float64Array.from(places, (site) => site?.lat ?? 0).sort());
	return { west, south, east, north };
}

/** Degrees that always belong to a city, however close together most of its sites stand. */
const LEAST_REACH = 0.3;

/**
 * Least and greatest of the values that are not further from the middle three quarters than twice their width: a typing error, or a
 * list of another city that was brought in beside, must not make the own city a spot.
 */
function spanOf(sorted: Float64Array): [least: number, greatest: number] {
	const cut = Math.floor(sorted.length / 8);
	const low = sorted.at(cut) ?? 0;
	const high = sorted.at(-1 - cut) ?? 0;
	const reach = Math.max((high - low) * 2, LEAST_REACH);
	return [
		sorted.find((value) => value >= low - reach) ?? low,
		sorted.findLast((value) => value <= high + reach) ?? high
	];
}
