/** Weather and the air of a room: smooth curves of time, so that any minute can be asked for by itself. */
import { DAY_MS, dayOf, dayStart } from '#domain/shanghai.ts';
import { includes, type Span } from './day-doors.ts';
import { glide, hashOf, unitAt } from './random.ts';
import type { SiteModel } from './sim-site.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Climate of Wuxi: yearly mean 16.3 °C, July about 29, January about 3.5; warmest about 20 July and 15 o'clock. */
const YEAR_MEAN = 16.3;
const YEAR_SWING = 12.8;
const DAY_SWING = 4;
const YEAR_DAYS = 365.25;
const DAY_OF_MEAN = 110;
/** Days of the year between which heat waves happen on their own (20 June to 5 September). */
const SUMMER = { from: 171, to: 248 } as const;
const HEAT_WAVE_EXCESS = 5.5;

/** Whether a day belongs to a heat wave; these come in blocks of four days. `forced` overrules the season. */
export function isHeatWave(seed: number, day: number, forced?: boolean): boolean {
	if (forced !== undefined) return forced;
	const season = dayOfYear(day);
	return season >= SUMMER.from && season <= SUMMER.to && unitAt(hashOf(seed, 'heat'), Math.floor(day / 4)) < 0.45;
}

/** °C in the open. */
export function outdoorTemperature(seed: number, atMs: number, isHot: boolean): number {
	const hour = (atMs - dayStart(dayOf(atMs))) / HOUR_MS;
	const season = YEAR_SWING * Math.sin((2 * Math.PI * (dayOfYear(dayOf(atMs)) - DAY_OF_MEAN)) / YEAR_DAYS);
	const daily = DAY_SWING * Math.cos((2 * Math.PI * (hour - 15)) / 24);
	const weather = 2.5 * glide(hashOf(seed, 'weather'), atMs / DAY_MS);
	return YEAR_MEAN + season + daily + weather + (isHot ? HEAT_WAVE_EXCESS : 0);
}

export interface Air {
	/** °C, one decimal */
	readonly temperatureC: number;
	/** % relative humidity, one decimal */
	readonly humidityPct: number;
	readonly co2Ppm: number;
}

export interface Room {
	readonly outdoorC: number;
	readonly inside: number;
	readonly spans: readonly Span[];
	readonly powerCut: Span | null;
}

/** The air of one room at one moment: conditioned while open and powered, drifting towards the weather otherwise. */
export function airAt(model: SiteModel, atMs: number, room: Room): Air {
	const isOpen = includes(room.spans, atMs);
	const isCut = room.powerCut !== null && includes([room.powerCut], atMs);
	const comfort = Math.min(25.5, Math.max(20, room.outdoorC));
	// One air conditioner in twelve is too weak for its room.
	const leak = unitAt(model.key, 1) < 1 / 12 ? 0.5 : 0.2;
	const drift = isCut ? Math.min(1, (atMs - (room.powerCut?.from ?? atMs)) / (45 * MINUTE_MS)) * 0.6 : 0;
	const share = isOpen ? Math.min(0.9, leak + drift) : 0.55;
	const habit = unitAt(model.key, 2) * 2 - 1;
	const wobble = 0.5 * glide(model.key, atMs / (12 * MINUTE_MS));
	const temperature = comfort + (room.outdoorC - comfort) * share + habit + wobble;
	const humidity = 58 + 12 * glide(model.key ^ 0x55, atMs / (3 * HOUR_MS)) - (isOpen && !isCut ? 6 : 0);
	const co2 = 430 + room.inside * 75 + 40 * glide(model.key ^ 0xaa, atMs / (8 * MINUTE_MS));
	return { temperatureC: oneDecimal(temperature), humidityPct: oneDecimal(humidity), co2Ppm: Math.round(co2) };
}

function dayOfYear(day: number): number {
	const year = new Date(day * DAY_MS).getUTCFullYear();
	return day - Date.UTC(year, 0, 1) / DAY_MS + 1;
}

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;
