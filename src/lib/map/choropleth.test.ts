import { describe, expect, it } from 'vitest';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import { glyphsOf } from './area-glyph.ts';
import { groupByArea } from './area-points.ts';
import { areaFigures, rowsByArea } from './choropleth.ts';
import { placePoints, refreshLooks, type PointsView } from './point-set.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const AREAS = [
	{ code: 'D1', name: '梁溪区', level: 'district' },
	{ code: 'D2', name: '滨湖区', level: 'district' },
	{ code: 'S1', name: '崇安寺街道', level: 'street' }
];

function site(district: string | null, over: Partial<SiteBrief> = {}): SiteBrief {
	return {
		code: 'X',
		name: 'X',
		kind: 'service_station',
		district,
		street: null,
		lng: 120.3,
		lat: 31.57,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60,
		...over
	};
}

function viewOf(sites: SiteBrief[], statuses: number[]): PointsView {
	const columns = emptyColumns(sites.length);
	statuses.forEach((status, row) => {
		columns.status[row] = status;
		columns.seenAt[row] = NOW / 1000;
	});
	return { sites, areas: AREAS, columns, nowMs: NOW, isFeedStale: false };
}

const { open, closed_unplanned: closed } = STATUS;

describe('figures of areas', () => {
	const sites = [site('D1'), site('D1', { lng: null, lat: null }), site('D2'), site('D1', { kind: 'driver_home' })];
	const view = viewOf(sites, [closed, open, open, closed]);
	const rows = rowsByArea(sites, 'district', ['service_station']);

	it('count sites without coordinates too, and only the kinds shown', () => {
		expect(areaFigures(view, rows, 'stations').map(({ value }) => value)).toEqual([2, 1]);
	});

	it('carry the fixed class of their value and the rate beside the count', () => {
		expect(areaFigures(view, rows, 'closedUnplanned')).toEqual([
			{ code: 'D1', name: '梁溪区', shade: 1, value: 1, rate: { kind: 'share', value: 0.5 } },
			{ code: 'D2', name: '滨湖区', shade: 0, value: 0, rate: { kind: 'share', value: 0 } }
		]);
	});

	it('are unknown where nobody told, never nought', () => {
		expect(areaFigures(view, rows, 'visitsToday')[0]).toMatchObject({ value: null, shade: 'unknown', rate: null });
	});

	it('are unknown while the feed is dead, but for what the registry says', () => {
		const dead = { ...view, isFeedStale: true };
		expect(areaFigures(dead, rows, 'open').map(({ shade }) => shade)).toEqual(['unknown', 'unknown']);
		expect(areaFigures(dead, rows, 'stations').map(({ value }) => value)).toEqual([2, 1]);
	});
});

describe('numbers that stand for sites', () => {
	const sites = [
		site('D1', { street: 'S1' }),
		site('D1'),
		site('D1'),
		site(null),
		site('D2', { kind: 'nursing_room' })
	];
	const view = viewOf(sites, [closed, open, open, open, open]);
	view.columns.seenAt[2] = NOW / 1000 - 3_600;
	const points = placePoints(view);
	refreshLooks(points, view, { kinds: ['service_station'], isShown: null });
	const glyphs = glyphsOf(groupByArea(view, points, 'district'), points);

	it('count what is shown, the worst of it, and the share that has fallen silent', () => {
		expect(glyphs).toHaveLength(1);
		expect(glyphs[0]).toMatchObject({ code: 'D1', count: 3, closed: 1, openPercent: 34, stalePercent: 34 });
	});

	it('stand in the middle of their sites, by level', () => {
		const [street] = groupByArea(view, points, 'street');
		expect(street).toMatchObject({ code: 'S1', members: [0], x: points.x[0], y: points.y[0] });
	});
});
