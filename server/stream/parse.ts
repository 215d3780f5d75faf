/**
 * From the text of a stream entry to an event that the fold may trust: JSON, envelope, payload, time. One compiled
 * check per event type covers envelope and payload together.
 */
import { Compile, type Validator } from 'typebox/compile';
import { EVENT_TYPES, eventSchema, type StationEvent } from '#domain/event.ts';
import type { Arrival } from '#domain/arrival.ts';
import { holdsPersonalNumber, maskPersonalNumbers } from '#domain/identity.ts';
import type { Refusal } from '#domain/refusal.ts';
import { jsonProblem } from './json-problem.ts';

const validators: ReadonlyMap<string, Validator> = new Map(
	EVENT_TYPES.map((type) => [type, Compile(eventSchema(type))])
);

export type Parsed = Arrival | Refusal;

export const isRefusal = (parsed: Parsed): parsed is Refusal => 'code' in parsed;

/** Reads the field `e` of an entry. `receivedAt`: ms, when the stream took it. */
export function parseEntry(text: string, receivedAt: number): Parsed {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		return { code: 'malformed_json', message: `The field e is not JSON: ${jsonProblem(error)}.` };
	}
	return parseEvent(value, receivedAt);
}

/** Checks a value that claims to be an event. */
export function parseEvent(value: unknown, receivedAt: number): Parsed {
	if (typeof value !== 'object' || value === null) {
		return { code: 'not_cloudevent', message: 'The event is not a JSON object. Send a CloudEvents 1.0 object.' };
	}
	const { type } = value as { type?: unknown };
	const validator = typeof type === 'string' ? validators.get(type) : undefined;
	if (!validator) return refuseType(type);
	// CloudEvents leaves `data` out where there is none, and a sign of life needs none.
	if (type === 'station.heartbeat' && (value as { data?: unknown }).data === undefined)
		Object.assign(value, { data: {} });
	if (!validator.Check(value)) return refuseShape(validator, value);
	const event = value as StationEvent;
	if (!isWellFormed(event)) return ILL_FORMED;
	if (isPersonalSource(event.source)) return PERSONAL_SOURCE;
	maskTexts(event);
	const at = parseTime(event.time);
	if (Number.isNaN(at)) {
		return {
			code: 'invalid_time',
			message: `"${maskPersonalNumbers(event.time)}" is no RFC 3339 time. Write it like 2026-01-31T08:00:00Z.`
		};
	}
	return { event, at, receivedAt };
}

const ILL_FORMED: Refusal = {
	code: 'invalid_data',
	message: 'A text of the event holds half a character (a lone surrogate). Send valid Unicode.'
};

/** Names are kept as UTF-8, which has no half characters: stored and read back, such a name would be another. */
function isWellFormed(event: StationEvent): boolean {
	if (!event.source.isWellFormed() || !event.id.isWellFormed() || !event.subject.isWellFormed()) return false;
	if (event.type === 'device.changed')
		return event.data.device.isWellFormed() && (event.data.reason ?? '').isWellFormed();
	return event.type !== 'supply.changed' || event.data.item.isWellFormed();
}

/** Sources that were looked at: the same few send everything. Forgotten as a whole when somebody makes up ever new ones. */
const goodSources = new Set<string>();
const MOST_SOURCES = 20_000;

/**
 * A source's name is kept and shown, and cannot be masked: two that differ would become one. So one that holds a number of a
 * person is refused [PR4]. Ids are kept as hashes alone, and a counter is a counter.
 */
function isPersonalSource(source: string): boolean {
	if (goodSources.has(source)) return false;
	if (holdsPersonalNumber(source)) return true;
	if (goodSources.size >= MOST_SOURCES) goodSources.clear();
	goodSources.add(source);
	return false;
}

const PERSONAL_SOURCE: Refusal = {
	code: 'not_cloudevent',
	message:
		'The `source` holds what reads as a mobile or identity number. Name the gateway or the system, never a person.'
};

/** The free texts that are kept and shown: whom to call does not belong into them [PR4]. */
function maskTexts({ type, data }: StationEvent): void {
	if (type === 'supply.changed') data.item = maskPersonalNumbers(data.item);
	if (type === 'device.changed') data.device = maskPersonalNumbers(data.device);
	if ((type === 'device.changed' || type === 'station.closed') && data.reason !== undefined)
		data.reason = maskPersonalNumbers(data.reason);
}

function refuseType(type: unknown): Refusal {
	if (typeof type !== 'string') {
		return { code: 'not_cloudevent', message: 'The event has no type. Send a CloudEvents 1.0 object.' };
	}
	return {
		code: 'unknown_type',
		message: `The type "${maskPersonalNumbers(type.slice(0, 64))}" is not known. Known types: ${EVENT_TYPES.join(', ')}.`
	};
}

/** The slow way, only for what failed: says where. */
function refuseShape(validator: Validator, value: unknown): Refusal {
	const [first] = validator.Errors(value);
	const path = first?.instancePath ?? '';
	const message = `${path === '' ? 'The event' : path} ${first?.message ?? 'does not fit its type'}.`;
	return { code: path.startsWith('/data') ? 'invalid_data' : 'not_cloudevent', message };
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** `Date.parse` takes the 30th of February for the 2nd of March, and 24:00 for the next day; RFC 3339 knows neither. */
function isRfc3339(text: string): boolean {
	if (!RFC_3339.test(text) || twoDigits(text, 11) > 23) return false;
	const daysOfMonth = new Date(Date.UTC(Number(text.slice(0, 4)), twoDigits(text, 5), 0)).getUTCDate();
	return twoDigits(text, 8) <= daysOfMonth;
}

/** RFC 3339 → ms since 1970; NaN when it is none. UTC times, which nearly all are, take a path without `Date`. */
export function parseTime(text: string): number {
	const utc = parseUtc(text);
	if (utc >= 0) return utc;
	return isRfc3339(text) ? Date.parse(text) : Number.NaN;
}

let lastDate = '';
let lastDateMs = 0;

/** `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, else −1. Events come day by day, so the date is nearly always the last one seen. */
function parseUtc(text: string): number {
	const { length } = text;
	if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return -1;
	if (lastDate === '' || !text.startsWith(lastDate)) {
		if (!isRfc3339(text)) return -1;
		const date = text.slice(0, 11);
		const ms = Date.parse(`${date}00:00:00Z`);
		if (Number.isNaN(ms)) return -1;
		lastDate = date;
		lastDateMs = ms;
	}
	const hour = twoDigits(text, 11);
	const minute = twoDigits(text, 14);
	const second = twoDigits(text, 17);
	const isTime =
		hour >= 0 &&
		hour < 24 &&
		minute >= 0 &&
		minute < 60 &&
		second >= 0 &&
		second < 60 &&
		text.charCodeAt(13) === 58 &&
		text.charCodeAt(16) === 58;
	if (!isTime) return -1;
	const ms = length === 20 ? 0 : milliseconds(text);
	return ms < 0 ? -1 : lastDateMs + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

function milliseconds(text: string): number {
	const tail = twoDigits(text, 21);
	const head = text.charCodeAt(20) - 48;
	return text.charCodeAt(19) === 46 && head >= 0 && head <= 9 && tail >= 0 ? head * 100 + tail : -1;
}

/** −1 when either is no digit. */
function twoDigits(text: string, at: number): number {
	const tens = text.charCodeAt(at) - 48;
	const ones = text.charCodeAt(at + 1) - 48;
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
