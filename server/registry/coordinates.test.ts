import gcoord from 'gcoord';
import { describe, expect, it } from 'vitest';
import { readPoint, toWgs84, type Point } from '#server/registry/coordinates.ts';

/** 20 points over Wuxi and beyond, on a skew lattice so that no two share a longitude or latitude. */
const POINTS = Array.from({ length: 20 }, (_, step): Point => ({
	lng: 119.53 + step * 0.0571,
	lat: 31.13 + ((step * 7) % 20) * 0.0417
}));

/** The published GCJ-02 formula (Krasovsky 1940 ellipsoid), written out here so that the library is not its own judge. */
function shiftToGcj02({ lng, lat }: Point): Point {
	const x = lng - 105;
	const y = lat - 35;
	const wave = (value: number) => Math.sin(value * Math.PI);
	const ripple = 20 * wave(6 * x) + 20 * wave(2 * x);
	const north =
		-100 +
		2 * x +
		3 * y +
		0.2 * y * y +
		0.1 * x * y +
		0.2 * Math.sqrt(Math.abs(x)) +
		((ripple + 20 * wave(y) + 40 * wave(y / 3) + 160 * wave(y / 12) + 320 * wave(y / 30)) * 2) / 3;
	const east =
		300 +
		x +
		2 * y +
		0.1 * x * x +
		0.1 * x * y +
		0.1 * Math.sqrt(Math.abs(x)) +
		((ripple + 20 * wave(x) + 40 * wave(x / 3) + 150 * wave(x / 12) + 300 * wave(x / 30)) * 2) / 3;
	const eccentricity = 0.006693421622965943;
	const axis = 6_378_245;
	const phi = (lat * Math.PI) / 180;
	const magic = 1 - eccentricity * Math.sin(phi) ** 2;
	const metresNorth = (axis * (1 - eccentricity)) / magic ** 1.5;
	const metresEast = (axis / Math.sqrt(magic)) * Math.cos(phi);
	const degrees = 180 / Math.PI;
	return { lng: lng + (east / metresEast) * degrees, lat: lat + (north / metresNorth) * degrees };
}

function metres(a: Point, b: Point): number {
	const east = (a.lng - b.lng) * Math.cos((a.lat * Math.PI) / 180);
	return Math.hypot(east, a.lat - b.lat) * 111_195;
}

describe('datum', () => {
	it('brings GCJ-02 back to within 0.2 m at 20 fixed points', () => {
		const errors = POINTS.map((point) => metres(toWgs84(shiftToGcj02(point), 'gcj02'), point));
		expect(Math.max(...errors)).toBeLessThan(0.2);
		expect(Math.min(...POINTS.map((point) => metres(shiftToGcj02(point), point)))).toBeGreaterThan(400);
	});

	it('brings BD-09 back to within 0.2 m at 20 fixed points', () => {
		const errors = POINTS.map((point) => {
			const [lng, lat] = gcoord.transform([point.lng, point.lat], gcoord.WGS84, gcoord.BD09);
			return metres(toWgs84({ lng, lat }, 'bd09'), point);
		});
		expect(Math.max(...errors)).toBeLessThan(0.2);
	});

	it.each(['wgs84', 'cgcs2000', 'unknown'] as const)('leaves %s as it is', (datum) => {
		for (const point of POINTS) expect(toWgs84(point, datum)).toEqual(point);
	});
});

describe('reading a pair of coordinates', () => {
	it('reads decimal degrees', () => {
		expect(readPoint('120.3018', '31.5747')).toEqual({
			kind: 'point',
			point: { lng: 120.3018, lat: 31.5747 },
			isSwapped: false
		});
		expect(readPoint('１２０.３°E', '31.5°N')).toMatchObject({ point: { lng: 120.3, lat: 31.5 } });
		expect(readPoint('10.7278', '59.9520')).toMatchObject({ kind: 'point', isSwapped: false });
	});

	it('puts a swapped pair right and says so', () => {
		expect(readPoint('31.5747', '120.3018')).toEqual({
			kind: 'point',
			point: { lng: 120.3018, lat: 31.5747 },
			isSwapped: true
		});
		expect(readPoint('39.5', '76.0')).toMatchObject({ point: { lng: 76, lat: 39.5 }, isSwapped: true });
	});

	it('says when there is none', () => expect(readPoint(null, null)).toEqual({ kind: 'none' }));

	it.each([
		['0', '0', 'coordinates_zero'],
		['0.0', '0.000', 'coordinates_zero'],
		['120.3', null, 'coordinates_incomplete'],
		['锡山', '东亭', 'coordinates_no_number'],
		['120°18′06″', '31°34′29″', 'coordinates_no_number'],
		['1.2e2', '31', 'coordinates_no_number'],
		['220.3', '31.5', 'coordinates_out_of_range'],
		['120.3', '91.5', 'coordinates_out_of_range']
	])('refuses %s, %s', (lng, lat, code) => expect(readPoint(lng, lat)).toMatchObject({ kind: 'bad', code }));
});
