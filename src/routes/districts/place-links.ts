/** Where places lead: their pages, the map at the same place, the registry as a file. */
import { resolve } from '$app/paths';
import { formatScope, type Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import type { Session } from '#lib/shell/session.ts';
import { maySee, placesOf } from '#lib/shell/viewer.ts';
import { readAddress, writeAddress } from '../map/address.ts';

export function areaHref(level: string, code: string): string {
	if (level === 'city') return resolve('/districts');
	const of = { code: encodeURIComponent(code) };
	return level === 'district' ? resolve('/districts/[code]', of) : resolve('/streets/[code]', of);
}

/** Steps of a breadcrumb; what lies above who looks has a name and no link. */
export function areaSteps(session: Session, path: readonly Area[]): { label: string; href?: string }[] {
	const places = placesOf(path, []);
	return path.map(({ code, name, level }) => {
		const isOpen = maySee(session, level === 'city' ? { level } : { level, code }, places);
		return isOpen ? { label: name, href: areaHref(level, code) } : { label: name };
	});
}

export const stationHref = (code: string): string => resolve('/stations/[code]', { code: encodeURIComponent(code) });

export const EXPORT_FORMATS = { csv: 'CSV', xlsx: 'XLSX', geojson: 'GeoJSON' } as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** A file, not a page. */
export function exportHref(scope: Scope, format: ExportFormat): string {
	return `/api/registry/export?${new URLSearchParams({ format, scope: formatScope(scope) })}`;
}

interface Placed {
	readonly lng: number | null;
	readonly lat: number | null;
}

/** Zooms between which a place is shown: a city, and single houses. */
const [LEAST_ZOOM, MOST_ZOOM] = [9, 15];
/** px of a usual map: what lies outside somebody scrolls to. */
const [WIDTH, HEIGHT] = [900, 600];

/** The map where all of these are in view; the whole map where none has coordinates. `chosen`: the site whose card is open. */
export function mapHref(sites: readonly Placed[], chosen: string | null = null): string {
	const lngs = sites.flatMap(({ lng }) => lng ?? []);
	const lats = sites.flatMap(({ lat }) => lat ?? []);
	const usual = readAddress(new URLSearchParams());
	const place = lngs.length === 0 ? null : around(lngs, lats);
	const query = writeAddress({ ...usual, place, chosen, isCardOpen: chosen !== null });
	return `${resolve('/map')}${query && `?${query}`}`;
}

function around(lngs: readonly number[], lats: readonly number[]): { lng: number; lat: number; zoom: number } {
	const [west, east, south, north] = [Math.min(...lngs), Math.max(...lngs), Math.min(...lats), Math.max(...lats)];
	const lat = (south + north) / 2;
	// Mercator: the world is 256 px wide at zoom 0, and a degree of latitude is longer by 1 ÷ cos.
	const across = (WIDTH * 360) / 256 / Math.max(east - west, 1e-6);
	const along = (HEIGHT * 360 * Math.cos((lat * Math.PI) / 180)) / 256 / Math.max(north - south, 1e-6);
	const zoom = Math.floor(Math.log2(Math.min(across, along)) * 2) / 2;
	return { lng: (west + east) / 2, lat, zoom: Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom)) };
}
