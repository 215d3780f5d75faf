/** Where a row says its site is. */
import type { Datum } from '#domain/site.ts';
import type { Column } from './columns.ts';
import { isInChina, readPoint, toWgs84, type PointReading } from './coordinates.ts';
import type { RowDesk } from './row-desk.ts';
import type { SiteDraft } from './site-fields.ts';
import { datumOf } from './words.ts';

/** A file without any of these says so once, not in every row (drafts.ts). */
export const PLACE_COLUMNS: readonly Column[] = ['lng', 'lat', 'lngLat'];

/** The point of a row and the datum it names itself; null where it leaves that to the file. */
export function readStatedPoint(desk: RowDesk): { readonly reading: PointReading; readonly datum: Datum | null } {
	const word = desk.text('datum');
	return { reading: readPoint(...pairOf(desk)), datum: word === null ? null : datumOf(word) };
}

/** WGS-84 with the original pair and its datum. Missing coordinates are warned of, wrong ones refuse the row. */
export function readPlace(desk: RowDesk, fileDatum: Datum): Partial<SiteDraft['values']> {
	const [lngText, latText] = pairOf(desk);
	const reading = readPoint(lngText, latText);
	if (reading.kind === 'bad') {
		desk.error(lngText === null ? 'lat' : 'lng', reading.code, reading.message);
		return {};
	}
	if (reading.kind === 'none') {
		if (PLACE_COLUMNS.some(desk.has))
			desk.warn('lng', 'coordinates_missing', 'The row has no coordinates; the site is kept and stands on no map.');
		return {};
	}
	const { point } = reading;
	const datum = rowDatum(desk, fileDatum);
	if (reading.isSwapped)
		desk.warn('lng', 'coordinates_swapped', 'Longitude and latitude stood in each other’s place and were put right.');
	if ((datum === 'gcj02' || datum === 'bd09') && !isInChina(point))
		desk.warn(
			'lng',
			'datum_outside_china',
			`The point lies outside China, where ${datum} does not hold; it was not shifted.`
		);
	const { lng, lat } = toWgs84(point, datum);
	return { lng, lat, originalLng: point.lng, originalLat: point.lat, datum };
}

/** Two columns, or one with both: `120.3018,31.5747`. */
function pairOf(desk: RowDesk): [string | null, string | null] {
	const lng = desk.text('lng');
	const lat = desk.text('lat');
	const both = desk.text('lngLat');
	if (lng !== null || lat !== null || both === null) return [lng, lat];
	const [first = both, second = null] = both.split(/[;,，\s]+/, 2);
	return [first, second];
}

function rowDatum(desk: RowDesk, fileDatum: Datum): Datum {
	const word = desk.text('datum');
	if (word === null) return fileDatum;
	const datum = datumOf(word);
	if (datum === null)
		desk.warn('datum', 'datum_unknown', `The datum "${word}" is not known; ${fileDatum} of the file was used.`);
	return datum ?? fileDatum;
}
