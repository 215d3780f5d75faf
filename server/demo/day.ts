/**
 * A day of the city as events. Every day is a pure function of seed, sites and date: it can be entered at any minute,
 * and going through it twice gives the same events with the same ids, so a demo that is started again sends nothing
 * twice that counts.
 */
import type { StationEvent } from '#domain/event.ts';
import { must } from '#domain/must.ts';
import { dayOf } from '#domain/shanghai.ts';
import { isHeatWave, outdoorTemperature } from './day-air.ts';
import { dailyReports, doorDay, includes, type DoorDay, type Span } from './day-doors.ts';
import { deadSpan, faultDay } from './day-faults.ts';
import { newestFacts, newestReadings, type TimedEvent } from './day-opening.ts';
import { MINUTE_MS, readingsAt, roundTime } from './day-readings.ts';
import { supplyDay } from './day-supplies.ts';
import { visitDay, type Visit } from './day-visits.ts';
import { modelsOf, timeOf, type SimSite, type SiteModel } from './sim-site.ts';

export interface DayOptions {
	readonly seed: number;
	readonly sites: readonly SimSite[];
	/** Multiplies how many people come; 1 = as in reality */
	readonly rateFactor?: number;
	/** true or false overrules the season */
	readonly heatWave?: boolean;
}

/** Any stretch of the simulated time; days once worked out are kept while they are near. */
export interface Days {
	/** Events with fromMs ≤ time < untilMs, in the order of their times */
	between(fromMs: number, untilMs: number): Generator<StationEvent>;
	/** What a screen started at `atMs` must know: see `openingState` */
	openingState(atMs: number): StationEvent[];
}

/** Events with fromMs ≤ time < untilMs, in the order of their times. */
export function simulateDay(
	options: DayOptions & { readonly fromMs: number; readonly untilMs: number }
): Generator<StationEvent> {
	return createDays(options).between(options.fromMs, options.untilMs);
}

/**
 * The events that make a city alive for somebody who starts to look at `atMs`: doors, devices, mains and stock as last
 * told, the visits of today so far, the newest readings. All lie within the last 24 h and none in the
 * future; `simulateDay` from `atMs + 1` goes on from there.
 */
export function openingState(options: DayOptions, atMs: number): StationEvent[] {
	return createDays(options).openingState(atMs);
}

interface SiteDay {
	readonly visits: readonly Visit[];
	readonly powerCut: Span | null;
}

/** One day of the whole city. */
interface CityDay {
	readonly isHot: boolean;
	readonly siteDays: readonly SiteDay[];
	/** All but the readings, in the order of their times */
	readonly facts: readonly StationEvent[];
	/** The same by minute since 1970 */
	readonly factsByMinute: ReadonlyMap<number, readonly StationEvent[]>;
	readonly deadSpans: ReadonlyMap<string, Span | null>;
}

export function createDays(options: DayOptions): Days {
	const models = modelsOf(options.seed, options.sites);
	const doors = remembered((day) => models.map((model) => doorDay(model, day)));
	const spans = remembered((day) => models.map((_, index) => spansAround(index, doors(day - 1), doors(day))));
	const cityDay = remembered((day) => makeCityDay(options, models, day, doors(day), spans(day)));
	const minuteEvents = remembered((minute) => eventsOfMinute(options.seed, models, minute, cityDay, spans));
	return {
		*between(fromMs, untilMs) {
			for (let minute = Math.floor(fromMs / MINUTE_MS); minute * MINUTE_MS < untilMs; minute++) {
				for (const { at, event } of minuteEvents(minute)) if (at >= fromMs && at < untilMs) yield event;
			}
		},
		openingState(atMs) {
			const today = dayOf(atMs);
			const facts = [...cityDay(today - 1).facts, ...cityDay(today).facts];
			const readings = newestReadings(minuteEvents, atMs);
			return [...newestFacts(facts, atMs), ...readings].toSorted((a, b) => timeOf(a) - timeOf(b));
		}
	};
}

/** Keeps what was worked out for the last few whole numbers. */
function remembered<T>(make: (number: number) => T): (number: number) => T {
	const kept = new Map<number, T>();
	return (number) => {
		const known = kept.get(number);
		if (known !== undefined) return known;
		const made = make(number);
		kept.set(number, made);
		for (const old of kept.keys()) if (kept.size > 4) kept.delete(old);
		return made;
	};
}

/** Open spans that may touch a day: its own, and those of the day before that run over midnight. */
function spansAround(index: number, before: readonly DoorDay[], today: readonly DoorDay[]): Span[] {
	return [...(before[index]?.spans ?? []), ...(today[index]?.spans ?? [])];
}

function makeCityDay(
	options: DayOptions,
	models: readonly SiteModel[],
	day: number,
	doors: readonly DoorDay[],
	spans: readonly (readonly Span[])[]
): CityDay {
	const isHot = isHeatWave(options.seed, day, options.heatWave);
	const deadSpans = new Map(models.map(({ gateway }) => [gateway, deadSpan(gateway, day)]));
	const facts: StationEvent[] = [];
	const siteDays = models.map((model, index): SiteDay => {
		const open = spans[index] ?? [];
		const door = must(doors[index], `no doors for ${model.site.code}`);
		const visits = visitDay(model, day, door, open, options.rateFactor ?? 1);
		const faults = model.isLive ? faultDay(model, day) : null;
		const supplies = door.isReporting ? supplyDay(model, day, open, isHot) : [];
		facts.push(...door.events, ...(model.isLive ? dailyReports(model, day, open) : []));
		facts.push(...passing([...visits.events, ...(faults?.events ?? [])], deadSpans.get(model.gateway)), ...supplies);
		return { visits: visits.visits, powerCut: faults?.powerCut ?? null };
	});
	facts.sort((a, b) => timeOf(a) - timeOf(b));
	const factsByMinute = Map.groupBy(facts, (event) => Math.floor(timeOf(event) / MINUTE_MS));
	return { isHot, siteDays, facts, factsByMinute, deadSpans };
}

/** What a dead gateway lets through: nothing of the devices behind it. Door controllers have a line of their own. */
function passing(events: readonly StationEvent[], dead: Span | null | undefined): readonly StationEvent[] {
	return dead ? events.filter((event) => event.quality === 'reported' || !includes([dead], timeOf(event))) : events;
}

function eventsOfMinute(
	seed: number,
	models: readonly SiteModel[],
	minute: number,
	cityDay: (day: number) => CityDay,
	spansOf: (day: number) => readonly (readonly Span[])[]
): TimedEvent[] {
	const day = dayOf(minute * MINUTE_MS);
	const today = cityDay(day);
	const before = cityDay(day - 1);
	const spans = spansOf(day);
	const outdoorC = outdoorTemperature(seed, minute * MINUTE_MS, today.isHot);
	// A door that closes after midnight is a fact of the day on which it opened.
	const facts = [...(before.factsByMinute.get(minute) ?? []), ...(today.factsByMinute.get(minute) ?? [])];
	const events = facts.map((event): TimedEvent => ({ at: timeOf(event), event, isReading: false }));
	models.forEach((model, index) => {
		const dead = today.deadSpans.get(model.gateway);
		if (!model.isLive || (dead && includes([dead], roundTime(model, minute)))) return;
		const siteDay = must(today.siteDays[index], `no day for ${model.site.code}`);
		const visits = [...(before.siteDays[index]?.visits ?? []), ...siteDay.visits];
		const ground = { visits, spans: spans[index] ?? [], powerCut: siteDay.powerCut, outdoorC };
		for (const event of readingsAt(model, minute, ground)) events.push({ at: timeOf(event), event, isReading: true });
	});
	return events.toSorted((a, b) => a.at - b.at);
}
