/**
 * Coordinates as files give them. Ours are WGS-84 degrees; maps of China give GCJ-02 (Amap, Tencent) or BD-09 (Baidu),
 * which are off by hundreds of metres and not by a constant, so every point is converted on its own.
 */
import gcoord from 'gcoord';
import type { Datum } from '#domain/site.ts';

export interface Point {
	readonly lng: number;
	readonly lat: number;
}

export type PointReading =
	| { readonly kind: 'point'; readonly point: Point; readonly isSwapped: boolean }
	| { readonly kind: 'none' }
	| { readonly kind: 'bad'; readonly code: string; readonly message: string };

/** China's range; longitudes and latitudes of it do not overlap, so a swapped pair is known for certain. */
const CHINA = { west: 73, east: 136, south: 3, north: 54 };
/** 1e-7 degrees are about a centimetre: finer digits are only noise of the conversion. */
const DIGITS = 1e7;

const SYSTEMS: Partial<Record<Datum, typeof gcoord.GCJ02 | typeof gcoord.BD09>> = {
	gcj02: gcoord.GCJ02,
	bd09: gcoord.BD09
};

/** Reads a pair of cells. A pair that is surely swapped is put right; half a pair, 0,0, text and degrees-minutes-seconds are bad. */
export function readPoint(lngText: string | null, latText: string | null): PointReading {
	if (lngText === null && latText === null) return { kind: 'none' };
	if (lngText === null || latText === null)
		return bad('coordinates_incomplete', 'Only one of longitude and latitude is given. Give both, or none.');
	const lng = numberOf(lngText);
	const lat = numberOf(latText);
	if (lng === null || lat === null) return bad('coordinates_no_number', notANumber(`${lngText} ${latText}`));
	if (lng === 0 && lat === 0)
		return bad('coordinates_zero', 'The coordinates are 0,0, which stands for "unknown". Leave both cells empty.');
	if (isSwapped(lng, lat)) return { kind: 'point', point: { lng: lat, lat: lng }, isSwapped: true };
	if (Math.abs(lng) > 180 || Math.abs(lat) > 90)
		return bad('coordinates_out_of_range', 'Longitude must be within ±180 and latitude within ±90 degrees.');
	return { kind: 'point', point: { lng, lat }, isSwapped: false };
}

/** WGS-84 of a point of the given datum; `cgcs2000` is the same as WGS-84 on a screen, `unknown` is taken as it is. */
export function toWgs84(point: Point, datum: Datum): Point {
	const system = SYSTEMS[datum];
	if (system === undefined) return point;
	const [lng, lat] = gcoord.transform([point.lng, point.lat], system, gcoord.WGS84);
	return { lng: Math.round(lng * DIGITS) / DIGITS, lat: Math.round(lat * DIGITS) / DIGITS };
}

/** GCJ-02 and BD-09 hold in China only; elsewhere a point is not shifted. */
export function isInChina({ lng, lat }: Point): boolean {
	return lng >= CHINA.west && lng <= CHINA.east && lat >= CHINA.south && lat <= CHINA.north;
}

function isSwapped(lng: number, lat: number): boolean {
	return isInChina({ lng: lat, lat: lng }) && !isInChina({ lng, lat });
}

function bad(code: string, message: string): PointReading {
	return { kind: 'bad', code, message };
}

function numberOf(text: string): number | null {
	const plain = text.normalize('NFKC').replace(/\s*°?\s*[EN]?$/i, '');
	return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function notANumber(text: string): string {
	return /[°º'′″"度分]/.test(text)
		? 'Degrees, minutes and seconds are not read. Write decimal degrees, such as 120.3018.'
		: 'The coordinates are not numbers. Write decimal degrees, such as 120.3018.';
}
