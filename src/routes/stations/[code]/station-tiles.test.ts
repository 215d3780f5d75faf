import { expect, test } from 'vitest';
import type { StationView } from '#domain/view.ts';
import { stationTiles } from './station-tiles.ts';

const station: StationView = {
	code: 'X',
	name: 'X',
	kind: 'service_station',
	district: null,
	street: null,
	lng: null,
	lat: null,
	lifecycle: 'open',
	telemetry: 'live',
	status: 'unknown',
	since: null,
	inside: null,
	visitsToday: null,
	temperatureC: null,
	humidityPct: null,
	co2Ppm: null,
	devicesOnline: null,
	devicesTotal: null,
	mains: null,
	quality: null,
	postedSeconds: null,
	openSeconds: null,
	unknownSeconds: null,
	occupations: null,
	asOf: null,
	freshness: 'none'
};

test('what nobody told is a dash without a unit, and every figure has its definition and source [FR1]', () => {
	for (const tile of stationTiles(station)) {
		expect(tile).toMatchObject({ text: '–', unit: '', isKnown: false, isAlert: false });
		expect(tile.definition.length * tile.source.length).toBeGreaterThan(0);
	}
});

test('0 is a figure, a loss of power is not normal, and the unknown part of the day is told', () => {
	const tiles = new Map(
		stationTiles({ ...station, inside: 0, mains: false, postedSeconds: 100, openSeconds: 60, unknownSeconds: 30 }).map(
			(tile) => [tile.id, tile]
		)
	);
	expect(tiles.get('inside')).toMatchObject({ text: '0', unit: '人', isKnown: true });
	expect(tiles.get('mains')).toMatchObject({ text: '断电', isAlert: true });
	expect(tiles.get('fulfilment')).toMatchObject({ text: '60%', note: expect.stringContaining('30%') as string });
});
