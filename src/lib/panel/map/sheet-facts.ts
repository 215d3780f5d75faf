/** What the card of a station says, worked out from live values and the registry. Pure but for the language of the page. */
import { dateText } from '#domain/shanghai.ts';
import { fulfilmentOf } from '#domain/measure.ts';
import type { Datum } from '#domain/site.ts';
import type { HonourRecord, HoursException, WeeklyHours } from '#domain/hours.ts';
import type { StationDetails } from '#domain/frame.ts';
import type { StationView } from '#domain/view.ts';
import { m } from '#lib/paraglide/messages.js';
import { ageText, momentText, NOT_KNOWN, numberText, percentText } from '../figure-text.ts';
import { hoursToday, intervalText } from './hours-today.ts';
import { datumText, ownershipText } from './registry-words.ts';

/** What the card takes of the registry. */
export interface SheetRegistry {
	readonly externalCode: string | null;
	readonly alias: string | null;
	readonly address: string | null;
	readonly hoursText: string | null;
	readonly hours: WeeklyHours | null;
	readonly hoursExceptions: readonly HoursException[];
	readonly openedOn: string | null;
	readonly facilities: readonly string[];
	readonly services: readonly string[];
	readonly entryMethods: readonly string[];
	readonly honours: readonly HonourRecord[];
	readonly star: number | null;
	readonly capacity: number | null;
	readonly floorAreaM2: number | null;
	readonly ownership: string | null;
	readonly hostType: string | null;
	readonly originalLng: number | null;
	readonly originalLat: number | null;
	readonly datum: Datum;
	readonly updatedAt: string;
	readonly problems: readonly string[];
}

export interface SheetFigure {
	readonly id: string;
	readonly label: string;
	readonly text: string;
	readonly unit: string;
	/** known, and not normal */
	readonly isAlert: boolean;
}

const figure = (id: string, label: string, value: number | null, unit = '', isAlert = false): SheetFigure => ({
	id,
	label,
	text: numberText(value),
	unit: value === null ? '' : unit,
	isAlert
});

export function sheetFigures(station: StationView, facts: SheetRegistry | null): SheetFigure[] {
	const { inside, devicesOnline, devicesTotal } = station;
	const capacity = facts?.capacity ?? null;
	const isFull = inside !== null && capacity !== null && inside > capacity;
	const isOffline = devicesOnline !== null && devicesTotal !== null && devicesOnline < devicesTotal;
	const mains = station.mains === null ? NOT_KNOWN : station.mains ? m.place_mains_on() : m.place_mains_lost();
	return [
		figure('visits', m.place_visits(), station.visitsToday, m.figure_unit_visits()),
		figure('inside', m.place_inside(), inside, capacity === null ? m.figure_unit_people() : `/ ${capacity}`, isFull),
		{
			...figure('fulfilment', m.map_page_fulfilment(), null),
			text: percentText(fulfilmentOf(station), 1)
		},
		figure('temperature', m.place_temperature(), station.temperatureC, '°C'),
		figure('humidity', m.place_humidity(), station.humidityPct, '%'),
		figure('co2', m.place_co2(), station.co2Ppm, 'ppm'),
		figure(
			'devices',
			m.figure_kpi_devices_online(),
			devicesOnline,
			devicesTotal === null ? '' : `/ ${numberText(devicesTotal)}`,
			isOffline
		),
		{ id: 'mains', label: m.place_mains(), text: mains, unit: '', isAlert: station.mains === false }
	];
}

export interface SheetHours {
	/** today's, as posted */
	readonly today: string;
	/** what happens next, and when; empty = nothing is known of it */
	readonly next: string;
	/** as the registry has it, for the whole week */
	readonly posted: string | null;
	/** why other hours than usual hold today */
	readonly note: string | null;
}

export function sheetHours(facts: SheetRegistry | null, nowMs: number): SheetHours {
	if (!facts) return { today: NOT_KNOWN, next: '', posted: null, note: null };
	const { intervals, note, isOpenNow, nextChange } = hoursToday(facts, nowMs);
	const spans = intervals?.map(intervalText).join(m.map_page_comma());
	const at = nextChange === null ? '' : momentText(nextChange, nowMs);
	return {
		today: spans === undefined ? NOT_KNOWN : spans === '' ? m.map_page_closed_today() : spans,
		next: at === '' || isOpenNow === null ? '' : isOpenNow ? m.map_page_closes_at({ at }) : m.map_page_opens_at({ at }),
		posted: facts.hoursText,
		note
	};
}

export interface SheetSupply {
	readonly item: string;
	readonly quantity: string;
	readonly expiry: string;
	readonly isExpired: boolean;
	readonly age: string;
}

/** Expired first, then what expires soonest. */
export function sheetSupplies(details: StationDetails | null, nowMs: number): SheetSupply[] {
	const today = dateText(nowMs);
	return (details?.supplies ?? [])
		.toSorted((a, b) => (a.expiresOn ?? '9').localeCompare(b.expiresOn ?? '9') || a.item.localeCompare(b.item))
		.map(({ item, quantity, expiresOn, at }) => ({
			item,
			quantity: numberText(quantity),
			expiry: expiresOn ?? NOT_KNOWN,
			isExpired: expiresOn !== null && expiresOn < today,
			age: m.place_ago({ age: ageText(nowMs - at) })
		}));
}

export interface SheetFact {
	readonly id: string;
	readonly label: string;
	readonly text: string;
}

export function sheetFacts(station: StationView, facts: SheetRegistry): SheetFact[] {
	const known = (value: string | number | null): string => (value === null || value === '' ? NOT_KNOWN : String(value));
	const degrees = (lng: number | null, lat: number | null): string =>
		lng === null || lat === null ? NOT_KNOWN : `${lng.toFixed(5)}, ${lat.toFixed(5)}`;
	const hasOther = facts.datum !== 'wgs84' && facts.originalLng !== null && facts.originalLat !== null;
	return [
		{ id: 'address', label: m.map_page_address(), text: known(facts.address) },
		{ id: 'ownership', label: m.map_page_ownership(), text: ownershipText(facts.ownership) },
		{ id: 'host', label: m.map_page_host(), text: known(facts.hostType) },
		{
			id: 'floor-area',
			label: m.map_page_floor_area(),
			text: facts.floorAreaM2 === null ? NOT_KNOWN : `${numberText(facts.floorAreaM2)} m²`
		},
		{ id: 'capacity', label: m.map_page_capacity(), text: numberText(facts.capacity) },
		{ id: 'opened', label: m.map_page_opened(), text: known(facts.openedOn) },
		{ id: 'coordinates', label: m.map_page_coordinates(), text: degrees(station.lng, station.lat) },
		...(hasOther
			? [
					{
						id: 'original',
						label: m.map_page_original({ datum: datumText(facts.datum) }),
						text: degrees(facts.originalLng, facts.originalLat)
					}
				]
			: []),
		...(facts.externalCode ? [{ id: 'external', label: m.map_page_external(), text: facts.externalCode }] : [])
	];
}

/** Devices that do not work, the others counted: what asks for somebody comes first. */
export function sheetDevices(details: StationDetails | null): StationDetails['devices'] {
	return (details?.devices ?? []).toSorted(
		(a, b) => Number(a.state === 'online') - Number(b.state === 'online') || a.device.localeCompare(b.device)
	);
}
