/** A city for the map's benches: sites in clusters, as real ones stand, and events that change what a point looks like. */
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import type { PointsView } from '#lib/map/point-set.ts';

const DISTRICTS = 8;
const CLUSTERS = 90;
/** Degrees: about 60 km from west to east. */
const MIDDLE = { lng: 120.2, lat: 31.55 };
const REACH = { lng: 0.42, lat: 0.3 };
const CLUSTER_REACH = 0.03;
const TURNS = [STATUS.open, STATUS.closed_planned, STATUS.closed_unplanned];

/** mulberry32: the same city and the same events for both sides. */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

export function makeCity(count: number, nowMs: number): PointsView {
	const random = seededRandom(count);
	const spread = (): number => random() + random() - 1;
	const clusters = Array.from({ length: CLUSTERS }, (_, i) => ({
		lng: MIDDLE.lng + spread() * REACH.lng,
		lat: MIDDLE.lat + spread() * REACH.lat,
		district: `D${i % DISTRICTS}`
	}));
	const sites = Array.from({ length: count }, (_, i): SiteBrief => {
		const cluster = clusters[Math.floor(random() * CLUSTERS)] ?? { ...MIDDLE, district: 'D0' };
		return {
			code: `S${i}`,
			name: `驿站 ${i}`,
			kind: 'service_station',
			district: cluster.district,
			street: null,
			lng: cluster.lng + spread() * CLUSTER_REACH,
			lat: cluster.lat + spread() * CLUSTER_REACH,
			lifecycle: 'open',
			telemetry: 'live',
			periodSeconds: 3_600
		};
	});
	const areas = Array.from({ length: DISTRICTS }, (_, i) => ({ code: `D${i}`, name: `第${i}区`, level: 'district' }));
	const columns = emptyColumns(count);
	columns.status.fill(STATUS.open);
	columns.seenAt.fill(Math.floor(nowMs / 1000));
	columns.visitsToday.fill(0);
	return { sites, areas, columns, nowMs, isFeedStale: false };
}

/** Writes `events` into the columns, each a station that turns to another status; their rows, some more than once. */
export function turnSome({ columns, sites }: PointsView, events: number, random: () => number): number[] {
	return Array.from({ length: events }, () => {
		const row = Math.floor(random() * sites.length);
		const turn = 1 + Math.floor(random() * (TURNS.length - 1));
		const old = TURNS.indexOf(columns.status[row] as (typeof TURNS)[number]);
		columns.status[row] = TURNS[(Math.max(0, old) + turn) % TURNS.length] ?? STATUS.open;
		columns.visitsToday[row] = (columns.visitsToday[row] ?? 0) + 1;
		return row;
	});
}
