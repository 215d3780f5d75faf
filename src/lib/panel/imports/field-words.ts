/** Fields of the registry and their values as people read them, in the language of the page. */
import type { HoursException, OpenInterval, WeeklyHours } from '#domain/hours.ts';
import { DATUMS, LIFECYCLES, SITE_KINDS, TELEMETRY_CLASSES } from '#domain/site.ts';
import type { Column } from '#server/registry/columns.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { NOT_KNOWN } from '../figure-text.ts';
import { datumText, entryText, ownershipText } from '../map/registry-words.ts';
import { KIND_WORD, LIFECYCLE_WORD, TELEMETRY_WORD } from '../status-words.ts';

const FIELD: Readonly<Record<string, () => string>> = {
	externalCode: m.imports_field_external_code,
	name: m.imports_field_name,
	alias: m.imports_field_alias,
	kind: m.imports_field_kind,
	form: m.imports_field_form,
	ownership: m.imports_field_ownership,
	hostType: m.imports_field_host_type,
	districtCode: m.imports_field_district_code,
	streetCode: m.imports_field_street_code,
	address: m.imports_field_address,
	lng: m.imports_field_lng,
	lat: m.imports_field_lat,
	originalLng: m.imports_field_original_lng,
	originalLat: m.imports_field_original_lat,
	datum: m.imports_field_datum,
	floorAreaM2: m.imports_field_floor_area_m2,
	capacity: m.imports_field_capacity,
	openedOn: m.imports_field_opened_on,
	lifecycle: m.imports_field_lifecycle,
	hoursText: m.imports_field_hours_text,
	hours: m.imports_field_hours,
	hoursExceptions: m.imports_field_hours_exceptions,
	isOpen24h: m.imports_field_is_open24h,
	entryMethods: m.imports_field_entry_methods,
	facilities: m.imports_field_facilities,
	services: m.imports_field_services,
	honours: m.imports_field_honours,
	star: m.imports_field_star,
	phone: m.imports_field_phone,
	keeperRole: m.imports_field_keeper_role,
	telemetry: m.imports_field_telemetry,
	periodSeconds: m.imports_field_period_seconds,
	note: m.imports_field_note,
	code: m.imports_field_code
};

export const fieldText = (field: string): string =>
	(Object.hasOwn(FIELD, field) ? FIELD[field] : undefined)?.() ?? field;

/** Columns of a file that are called otherwise than what the registry makes of them. */
const COLUMN: Partial<Readonly<Record<Column, () => string>>> = {
	district: m.imports_field_district_code,
	districtCode: m.imports_column_district_code,
	street: m.imports_field_street_code,
	streetCode: m.imports_column_street_code,
	lng: m.imports_column_lng,
	lat: m.imports_column_lat,
	lngLat: m.imports_column_lng_lat
};

/** What a column of a file may hold. */
export const columnText = (column: Column): string => COLUMN[column]?.() ?? fieldText(column);

/** Codes of areas as names. */
export type AreaName = (code: string) => string;

/** A value of `SiteFields`; `–` where the registry knows none. */
export function valueText(field: string, value: unknown, areaName: AreaName): string {
	if (value === null || value === undefined || value === '') return NOT_KNOWN;
	if (typeof value === 'boolean') return value ? m.imports_yes() : m.imports_no();
	if (typeof value === 'number') return String(value);
	if (typeof value === 'string') return wordText(field, value, areaName);
	if (!Array.isArray(value)) return JSON.stringify(value);
	if (value.length === 0) return NOT_KNOWN;
	if (field === 'hours') return hoursText(value as WeeklyHours);
	return value.map((one: unknown) => itemText(field, one)).join(m.imports_comma());
}

function wordText(field: string, value: string, areaName: AreaName): string {
	switch (field) {
		case 'districtCode':
		case 'streetCode':
			return areaName(value);
		case 'kind':
			return known(SITE_KINDS, value, (kind) => KIND_WORD[kind]());
		case 'lifecycle':
			return known(LIFECYCLES, value, (lifecycle) => LIFECYCLE_WORD[lifecycle]());
		case 'telemetry':
			return known(TELEMETRY_CLASSES, value, (telemetry) => TELEMETRY_WORD[telemetry]());
		case 'datum':
			return known(DATUMS, value, datumText);
		case 'ownership':
			return ownershipText(value);
		default:
			return value;
	}
}

function known<T extends string>(values: readonly T[], value: string, word: (value: T) => string): string {
	const found = values.find((one) => one === value);
	return found === undefined ? value : word(found);
}

function itemText(field: string, item: unknown): string {
	if (typeof item === 'string') return field === 'entryMethods' ? entryText(item) : item;
	if (typeof item !== 'object' || item === null) return String(item);
	if ('title' in item) return String(item.title);
	if ('date' in item && 'intervals' in item) {
		const { date, intervals } = item as HoursException;
		return `${date} ${spansText(intervals)}`;
	}
	return JSON.stringify(item);
}

const two = (value: number): string => String(value).padStart(2, '0');
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const spansText = (spans: readonly OpenInterval[]): string =>
	spans.length === 0 ? NOT_KNOWN : spans.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(',');

/** 1 January 2024 was a Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Days with the same times together: `周一–周五 08:30-17:30; 周六–周日 –`. */
function hoursText(week: WeeklyHours): string {
	const weekday = new Intl.DateTimeFormat(getLocale() === 'zh' ? 'zh-CN' : 'en', { weekday: 'short', timeZone: 'UTC' });
	const name = (day: number): string => weekday.format(MONDAY_MS + day * DAY_MS);
	const groups: { from: number; to: number; spans: string }[] = [];
	week.map(spansText).forEach((spans, day) => {
		const last = groups.at(-1);
		if (last?.spans === spans) last.to = day;
		else groups.push({ from: day, to: day, spans });
	});
	return groups
		.map(({ from, to, spans }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${spans}`)
		.join('; ');
}
