import { describe, expect, it } from 'vitest';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { DRAW_ORDER, LOOKS, STALE } from './look.ts';
import { placeLabels } from './place-labels.ts';
import { boundsOf, placePoints, pointAt, refreshLooks, worldX, worldY, type PointsView } from './point-set.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');

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

describe('points of the map', () => {
	it('are the service stations in service that have coordinates', () => {
		const view = viewOf([
			site('A'),
			site('B', { kind: 'nursing_room' }),
			site('C', { lng: null, lat: null }),
			site('D', { lifecycle: 'closed' }),
			site('E')
		]);
		expect([...placePoints(view).rows]).toEqual([0, 4]);
	});

	it('stand where Web Mercator has them', () => {
		expect(worldX(0)).toBe(128);
		expect(worldY(0)).toBeCloseTo(128, 10);
		expect(worldX(-180)).toBe(0);
		expect(worldY(85.0511287798066)).toBeCloseTo(0, 8);
	});

	it('are dirty only when something that is drawn has changed', () => {
		const view = viewOf([site('A'), site('B')]);
		const points = placePoints(view);
		seenNow(view, 0, STATUS.open);
		expect(refreshLooks(points, view).isDirty).toBe(true);
		expect(refreshLooks(points, view).isDirty).toBe(false);
		view.columns.temperature[0] = 2_500;
		expect(refreshLooks(points, view).isDirty).toBe(false);
	});

	it('pulse when their status changes or somebody comes, not when they grow old', () => {
		const view = viewOf([site('A'), site('B')]);
		const points = placePoints(view);
		seenNow(view, 0, STATUS.open);
		seenNow(view, 1, STATUS.open);
		refreshLooks(points, view);
		view.columns.visitsToday[1] = 1;
		expect(refreshLooks(points, view).pulses).toEqual([1]);
		view.columns.status[0] = STATUS.closed_unplanned;
		expect(refreshLooks(points, view).pulses).toEqual([0]);
		const later = refreshLooks(points, { ...view, nowMs: NOW + 3_600_000 });
		expect(later).toEqual({ isDirty: true, pulses: [] });
	});

	it('are all stale when the page itself hears nothing, whatever the stations said', () => {
		const view = viewOf([site('A')]);
		const points = placePoints(view);
		seenNow(view, 0, STATUS.open);
		refreshLooks(points, { ...view, isFeedStale: true });
		expect(points.looks[0]).toBe(STATUS.open + STALE);
	});

	it('are found by the nearest within reach', () => {
		const points = placePoints(viewOf([site('A'), site('B', { lng: 120.31 })]));
		const [x = 0, y = 0] = [points.x[1], points.y[1]];
		expect(pointAt(points, x + 0.0001, y, 0.001)).toBe(1);
		expect(pointAt(points, x, y + 1, 0.001)).toBe(-1);
	});

	it('frame the view without those far from all others, so that one mistyped place moves nothing', () => {
		const many = Array.from({ length: 200 }, (_, i) => site(`S${i}`, { lng: 120 + i / 1_000, lat: 31.5 }));
		many.push(site('typo', { lng: 21, lat: 3 }));
		expect(boundsOf(placePoints(viewOf(many)))).toMatchObject({ west: 120, south: 31.5, north: 31.5 });
		expect(boundsOf(placePoints(viewOf([])))).toBeNull();
	});
});

describe('looks', () => {
	it('are each drawn once, the worst last', () => {
		expect([...DRAW_ORDER].sort((a, b) => a - b)).toEqual(Array.from({ length: LOOKS }, (_, look) => look));
		expect(DRAW_ORDER.at(-1)).toBe(STATUS.closed_unplanned);
	});
});

describe('names of districts', () => {
	const view = { scale: 1, left: 0, top: 0, width: 1_000, height: 1_000, beyondX: 0, beyondY: 0 };

	it('stand beside a crowd of points, not on it', () => {
		const xs = Float64Array.from({ length: 400 }, (_, i) => 490 + (i % 20));
		const ys = Float64Array.from({ length: 400 }, (_, i) => 490 + Math.floor(i / 20));
		const [label] = placeLabels({ x: xs, y: ys, labels: [{ name: '梁溪区', x: 500, y: 500 }] }, view, 20);
		expect(Math.abs((label?.y ?? 500) - 500)).toBeGreaterThan(20);
	});

	it('do not stand on each other', () => {
		const at = { x: 500, y: 500 };
		const none = new Float64Array();
		const labels = [
			{ name: '梁溪区', ...at },
			{ name: '滨湖区', ...at }
		];
		const [one, other] = placeLabels({ x: none, y: none, labels }, view, 20);
		expect(Math.hypot((one?.x ?? 0) - (other?.x ?? 0), (one?.y ?? 0) - (other?.y ?? 0))).toBeGreaterThan(20);
	});
});
