/** Doors: when each station really opens and closes against what it posts, and what is reported of it. */
import type { EventData, StationEvent } from '#domain/event.ts';
import type { OpenInterval } from '#domain/hours.ts';
import { DAY_MS, dayOfDate, dayStart, weekdayOfDay } from '#domain/shanghai.ts';
import { seededRandom, type Random } from './random.ts';
import { asReported, eventOf, type SimSite, type SiteModel } from './sim-site.ts';

/** ms; `to` is not part of it */
export interface Span {
	readonly from: number;
	readonly to: number;
}

export interface DoorDay {
	/** When the door really stands open, for the intervals that begin on this day */
	readonly spans: readonly Span[];
	readonly events: readonly StationEvent[];
	/** False where the keeper reports nothing on this day */
	readonly isReporting: boolean;
}

const MINUTE_MS = 60_000;
const FULL_DAY = 1440;
/** For sites whose hours are unknown. */
const ORDINARY: readonly OpenInterval[] = [{ from: 480, to: 1200 }];

/** One interval in a hundred or so goes wrong in each of these ways. */
const FATES = ['usual', 'late', 'failed', 'early', 'paused'] as const;
const FATE_WEIGHTS = [0.93, 0.03, 0.012, 0.012, 0.016];
/** Only long intervals are interrupted for maintenance. */
const PAUSE_FROM_MINUTES = 240;
/** Keepers who forget to report, per day. */
const SILENT_KEEPERS = 0.15;

export const includes = (spans: readonly Span[], atMs: number): boolean =>
	spans.some((span) => atMs >= span.from && atMs < span.to);

/** Doors of one site on one day (days of Asia/Shanghai). An interval over midnight belongs to the day it begins on. */
export function doorDay(model: SiteModel, day: number): DoorDay {
	const random = seededRandom(model.key, day, 'doors');
	const isReporting = model.isLive || !random.chance(SILENT_KEEPERS);
	const parts = postedOn(model.site, day).map((interval) => openInterval(model, day, interval, random));
	const notes = [...parts.flatMap((part) => part.notes), ...dailyNotes(model, day, random)];
	return {
		spans: parts.flatMap((part) => part.spans),
		events: isReporting ? notes.map((note, index) => doorEvent(model, day, index, note)) : [],
		isReporting
	};
}

/**
 * Twice a day, soon after midnight and noon, the door controller of a live site says how the door stands, so that nothing
 * depends on a message of long ago. At noon only an open door is told: a closed one was told with its reason.
 * `spans` are those of this day and of the day before.
 */
export function dailyReports(model: SiteModel, day: number, spans: readonly Span[]): StationEvent[] {
	return reportTimes(model, day).flatMap(({ at, name }) => {
		const isOpen = includes(spans, at);
		return isOpen || name === 'midnight' ? [doorEvent(model, day, name, { at, isOpen })] : [];
	});
}

/** Sites report one after the other within nine minutes, as devices with timers do. */
const REPORT_SPREAD_MS = 540_000;

/** When the devices of a live site tell their state without being asked. */
export function reportTimes(model: SiteModel, day: number): { at: number; name: 'midnight' | 'noon' }[] {
	const midnight = dayStart(day) + 30_000 + (model.key % REPORT_SPREAD_MS);
	return [
		{ at: midnight, name: 'midnight' },
		{ at: midnight + DAY_MS / 2, name: 'noon' }
	];
}

interface Note {
	readonly at: number;
	readonly isOpen: boolean;
	readonly planned?: boolean;
	readonly reason?: string;
}

interface Opening {
	readonly spans: readonly Span[];
	readonly notes: readonly Note[];
}

export function postedOn(site: SimSite, day: number): readonly OpenInterval[] {
	const exception = site.hoursExceptions.find(({ date }) => dayOfDate(date) === day);
	if (exception) return exception.intervals;
	return site.hours === null ? ORDINARY : (site.hours[weekdayOfDay(day)] ?? []);
}

function openInterval(model: SiteModel, day: number, interval: OpenInterval, random: Random): Opening {
	const goesOn = interval.to === FULL_DAY && postedOn(model.site, day + 1).some(({ from }) => from === 0);
	const wentOn = interval.from === 0 && postedOn(model.site, day - 1).some(({ to }) => to === FULL_DAY);
	const drawn = FATES[random.weighted(FATE_WEIGHTS)] ?? 'usual';
	// A door that never closes cannot open late.
	const fate = (goesOn || wentOn) && drawn !== 'paused' ? 'usual' : drawn;
	const posted = {
		from: dayStart(day) + interval.from * MINUTE_MS,
		to: dayStart(day) + interval.to * MINUTE_MS
	};
	if (fate === 'failed') return failedOpening(model, posted, random);
	const from = wentOn ? posted.from : posted.from + openingDelay(model, fate === 'late', interval.from === 0, random);
	const to = goesOn ? posted.to : posted.to + closingDelay(model, fate === 'early', random);
	const notes = [...(wentOn ? [] : [{ at: from, isOpen: true }]), ...(goesOn ? [] : [{ at: to, isOpen: false }])];
	const isLong = interval.to - interval.from >= PAUSE_FROM_MINUTES;
	return fate === 'paused' && isLong ? pausedOpening({ from, to }, notes, random) : { spans: [{ from, to }], notes };
}

/** Nobody came to open. Devices are silent on it; one keeper in two says why. */
function failedOpening(model: SiteModel, posted: Span, random: Random): Opening {
	if (model.isLive || random.chance(0.5)) return { spans: [], notes: [] };
	const at = posted.from + random.between(5, 20) * MINUTE_MS;
	return { spans: [], notes: [{ at, isOpen: false, reason: random.pick(['临时停电', '值守人员外出', '场地维修']) }] };
}

/** Closed for maintenance, as announced, in the middle of the interval. */
function pausedOpening(span: Span, notes: readonly Note[], random: Random): Opening {
	const middle = span.from + (span.to - span.from) * random.between(0.35, 0.6);
	const end = middle + random.between(20, 60) * MINUTE_MS;
	const pause: Note[] = [
		{ at: middle, isOpen: false, planned: true, reason: '设备检修' },
		{ at: end, isOpen: true }
	];
	const spans = [
		{ from: span.from, to: middle },
		{ from: end, to: span.to }
	];
	return { spans, notes: [...notes, ...pause].toSorted((a, b) => a.at - b.at) };
}

/** A keeper reports after the posted minute, since a report holds only until the next posted change. */
function openingDelay(model: SiteModel, isLate: boolean, isMidnight: boolean, random: Random): number {
	if (isLate) return random.between(15, 70) * MINUTE_MS;
	return (model.isLive ? random.between(isMidnight ? 0 : -5, 2) : random.between(1, 12)) * MINUTE_MS;
}

function closingDelay(model: SiteModel, isEarly: boolean, random: Random): number {
	if (isEarly) return -random.between(10, 40) * MINUTE_MS;
	return random.between(1, model.isLive ? 8 : 20) * MINUTE_MS;
}

/** A keeper's word holds for a day at most, so a station that never closes is reported twice a day. */
function dailyNotes(model: SiteModel, day: number, random: Random): Note[] {
	const isAlwaysOpen = postedOn(model.site, day).some(({ from, to }) => from === 0 && to === FULL_DAY);
	if (model.isLive || !isAlwaysOpen) return [];
	return [450, 1170].map((minute) => ({
		at: dayStart(day) + (minute + random.between(0, 40)) * MINUTE_MS,
		isOpen: true
	}));
}

function doorEvent(model: SiteModel, day: number, number: string | number, note: Note): StationEvent {
	const by = model.isLive ? 'schedule' : 'keeper';
	const closed: EventData['station.closed'] = {
		by,
		...(note.planned === undefined ? {} : { planned: note.planned }),
		...(note.reason === undefined ? {} : { reason: note.reason })
	};
	const at = Math.floor(note.at);
	const event = note.isOpen
		? eventOf(model, 'station.opened', at, `${day}-${number}`, { by })
		: eventOf(model, 'station.closed', at, `${day}-${number}`, closed);
	return model.isLive ? event : asReported(model, event);
}
