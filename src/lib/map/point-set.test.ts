import { describe, expect, it } from 'vitest';
import { freshness } from '#domain/freshness.ts';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { pointsAt } from './hit.ts';
import { DRAW_ORDER, HIDDEN, lookOf, LOOKS, RANK, STALE, staleAfterMs } from './look.ts';
import { latOf, lngOf, worldX, worldY } from './mercator.ts';
import { boundsOf, placePoints, refreshLooks, type PointsView, type Shown } from './point-set.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const STATIONS: Shown = { kinds: ['service_station'], isShown: null };

function site(code: string, over: Partial<SiteBrief> = {}): SiteBrief {
	return {
		code,
		name: code,
		kind: 'service_station',
		district: '320213',
		street: null,
		lng: 120.3,
		lat: 31.57,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60,
		...over
	};
}

function viewOf(sites: SiteBrief[]): PointsView {
	const areas = [{ code: '320213', name: '梁溪区', level: 'district' }];
	return { sites, areas, columns: emptyColumns(sites.length), nowMs: NOW, isFeedStale: false };
}

const seenNow = (view: PointsView, row: number, status: number): void => {
	view.columns.seenAt[row] = NOW / 1000;
	view.columns.status[row] = status;
};

describe('projection', () => {
	it('stands where Web Mercator has it', () => {
		expect(worldX(0)).toBe(128);
		expect(worldY(0)).toBeCloseTo(128, 10);
		expect(worldX(-180)).toBe(0);
		expect(worldY(85.0511287798066)).toBeCloseTo(0, 8);
	});

	it('goes there and back', () => {
		expect(lngOf(worldX(120.3))).toBeCloseTo(120.3, 10);
		expect(latOf(worldY(31.57))).toBeCloseTo(31.57, 10);
	});
});

describe('points of the map', () => {
	it('are the sites in service that have coordinates, of every kind', () => {
		const view = viewOf([
			site('A'),
			site('B', { kind: 'nursing_room' }),
			site('C', { lng: null, lat: null }),
			site('D', { lifecycle: 'closed' }),
			site('E')
		]);
		expect([...placePoints(view).rows]).toEqual([0, 1, 4]);
	});

	it('are dirty only when something that is drawn has changed', () => {
		const view = viewOf([site('A'), site('B')]);
		const points = placePoints(view);
		seenNow(view, 0, STATUS.open);
		expect(refreshLooks(points, view, STATIONS).dirty).toEqual([0, 1]);
		expect(refreshLooks(points, view, STATIONS).dirty).toEqual([]);
		seenNow(view, 1, STATUS.open);
		expect(refreshLooks(points, view, STATIONS).dirty).toEqual([1]);
		view.columns.temperature[0] = 2_500;
		expect(refreshLooks(points, view, STATIONS).dirty).toEqual([]);
	});

	it('tell news when their status changes or somebody comes, not when they are first seen or grow old', () => {
		const view = viewOf([site('A'), site('B')]);
		const points = placePoints(view);
		seenNow(view, 0, STATUS.open);
		seenNow(view, 1, STATUS.open);
		expect(refreshLooks(points, view, STATIONS)).toMatchObject({ turned: [], visited: [] });
		view.columns.visitsToday[1] = 1;
		expect(refreshLooks(points, view, STATIONS)).toMatchObject({ turned: [], visited: [1] });
		view.columns.status[0] = STATUS.closed_unplanned;
		expect(refreshLooks(points, view, STATIONS)).toMatchObject({ turned: [0], visited: [] });
		const later = refreshLooks(points, { ...view, nowMs: NOW + 3_600_000 }, STATIONS);
		expect(later).toEqual({ dirty: [0, 1], turned: [], visited: [] });
	});

	it('are all stale when the page itself hears nothing, whatever the stations said', () => {
		const view = viewOf([site('A')]);
		const points = placePoints(view);
		seenNow(view, 0, STATUS.open);
		refreshLooks(points, { ...view, isFeedStale: true }, STATIONS);
		expect(points.looks[0]).toBe(STATUS.open + STALE);
	});

	it('are hidden by kind and by filter, and neither hit nor news then', () => {
		const view = viewOf([site('A'), site('B', { kind: 'nursing_room', lng: 121 }), site('C', { lng: 122 })]);
		const points = placePoints(view);
		for (const row of [0, 1, 2]) seenNow(view, row, STATUS.open);
		refreshLooks(points, view, { kinds: ['service_station'], isShown: (row) => row !== 2 });
		expect([...points.looks]).toEqual([STATUS.open, HIDDEN, HIDDEN]);
		view.columns.status[2] = STATUS.closed_unplanned;
		const changes = refreshLooks(points, view, { kinds: ['service_station'], isShown: (row) => row !== 2 });
		expect(changes).toEqual({ dirty: [], turned: [], visited: [] });
		expect(pointsAt(points, points.x[1] as number, points.y[1] as number, 0.001)).toEqual([]);
		const all = refreshLooks(points, view, { kinds: ['service_station', 'nursing_room'], isShown: null });
		expect(all).toEqual({ dirty: [1, 2], turned: [], visited: [] });
	});

	it('frame the view without those far from all others, so that one mistyped place moves nothing', () => {
		const many = Array.from({ length: 200 }, (_, i) => site(`S${i}`, { lng: 120 + i / 1_000, lat: 31.5 }));
		many.push(site('typo', { lng: 21, lat: 3 }));
		expect(boundsOf(placePoints(viewOf(many)))).toMatchObject({ west: 120, south: 31.5, north: 31.5 });
		expect(boundsOf(placePoints(viewOf([])))).toBeNull();
	});

	it('frame the own city although a list of another one stands beside it', () => {
		const own = Array.from({ length: 90 }, (_, i) => site(`S${i}`, { lng: 120 + i / 100, lat: 31.5 }));
		const other = Array.from({ length: 10 }, (_, i) => site(`Z${i}`, { lng: 113.6, lat: 34.7 }));
		expect(boundsOf(placePoints(viewOf([...own, ...other])))).toMatchObject({ west: 120, east: 120.89, north: 31.5 });
	});

	it('frame the view with those that are shown', () => {
		const view = viewOf([site('A'), site('B', { lng: 121 })]);
		const points = placePoints(view);
		refreshLooks(points, view, { kinds: ['service_station'], isShown: (row) => row === 1 });
		expect(boundsOf(points)).toMatchObject({ west: 121, east: 121 });
	});
});

describe('a hit', () => {
	const shown = (sites: SiteBrief[]) => {
		const view = viewOf(sites);
		const points = placePoints(view);
		refreshLooks(points, view, STATIONS);
		return points;
	};

	it('is the nearest within reach', () => {
		const points = shown([site('A'), site('B', { lng: 120.31 })]);
		const [x = 0, y = 0] = [points.x[1], points.y[1]];
		expect(pointsAt(points, x + 0.0001, y, 0.001)).toEqual([1]);
		expect(pointsAt(points, x, y + 1, 0.001)).toEqual([]);
	});

	it('is several where no zoom can take them apart', () => {
		const points = shown([site('A'), site('B'), site('C', { lng: 120.3003 }), site('D', { lng: 120.300001 })]);
		const hits = pointsAt(points, points.x[0] as number, points.y[0] as number, 0.01);
		expect(hits.toSorted()).toEqual([0, 1, 3]);
	});

	it('finds nothing where there are no points', () => {
		expect(pointsAt(shown([]), 1, 1, 100)).toEqual([]);
	});
});

describe('looks', () => {
	it('[FR1] are stale exactly where freshness says so', () => {
		const columns = emptyColumns(1);
		for (const period of [null, 1, 60, 3_600]) {
			for (const age of [0, 1, 2, 3, 4, 179, 180, 181, 10_800, 10_801]) {
				for (const seenAt of [0, NOW / 1000 - age]) {
					columns.seenAt[0] = seenAt;
					const isStale = freshness(seenAt * 1000, period, NOW) === 'stale';
					expect(lookOf(columns, 0, staleAfterMs(period), NOW, false) >= STALE).toBe(isStale);
				}
			}
		}
	});

	it('are each drawn once, the worst last', () => {
		expect([...DRAW_ORDER].sort((a, b) => a - b)).toEqual(Array.from({ length: LOOKS }, (_, look) => look));
		expect(DRAW_ORDER.at(-1)).toBe(STATUS.closed_unplanned);
		expect(RANK[STATUS.closed_unplanned]).toBe(LOOKS - 1);
	});
});
