import { describe, expect, it } from 'vitest';
import type { Kpis } from '#domain/view.ts';
import { kpiTiles } from './kpi-tiles.ts';

const kpis: Kpis = {
	stations: 801,
	open: 640,
	closedUnplanned: 3,
	unknown: 20,
	visitsToday: 12_345,
	insideNow: null,
	devicesOnline: 90,
	devicesTotal: 100,
	postedSeconds: 1_000_000,
	openSeconds: 930_000,
	unknownSeconds: 20_000
};

const byId = (tiles: ReturnType<typeof kpiTiles>) => Object.fromEntries(tiles.map((tile) => [tile.id, tile]));

describe('tiles of the KPI strip', () => {
	it('show a dash everywhere before the first data', () => {
		expect(kpiTiles(null, 'none', 'none').map(({ text }) => text)).toEqual(Array(8).fill('–'));
	});

	it('show a dash for what nobody told, without any age', () => {
		expect(byId(kpiTiles(kpis, 'fresh', 'fresh'))['inside-now']).toMatchObject({ text: '–', freshness: 'none' });
	});

	it('are as old as the older of the page and the reports', () => {
		const late = byId(kpiTiles(kpis, 'fresh', 'late'));
		expect([late['visits-today']?.freshness, late['stations']?.freshness]).toEqual(['late', 'fresh']);
		expect(kpiTiles(kpis, 'stale', 'fresh').every(({ text, freshness }) => text === '–' || freshness === 'stale')).toBe(
			true
		);
	});

	it('raise the colour only for stations known now to be shut', () => {
		const alerts = (tiles: ReturnType<typeof kpiTiles>) => tiles.filter(({ isAlert }) => isAlert).map(({ id }) => id);
		expect(alerts(kpiTiles(kpis, 'fresh', 'fresh'))).toEqual(['closed-unplanned']);
		expect(alerts(kpiTiles({ ...kpis, closedUnplanned: 0 }, 'fresh', 'fresh'))).toEqual([]);
		expect(alerts(kpiTiles(kpis, 'stale', 'fresh'))).toEqual([]);
	});

	it('tell the time of which nobody knows apart from fulfilment [FU1]', () => {
		const { fulfilment } = byId(kpiTiles(kpis, 'fresh', 'fresh'));
		expect([fulfilment?.text, fulfilment?.note]).toEqual(['93%', '2% 时段未知']);
	});

	it('say how many devices are away', () => {
		expect(byId(kpiTiles(kpis, 'fresh', 'fresh'))['devices-online']?.note).toBe('90% · 10 台离线');
	});
});
