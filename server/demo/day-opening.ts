/** What of a simulated day somebody must be told who starts to look in the middle of it. */
import type { StationEvent } from '#domain/event.ts';
import { DAY_MS, dayOf, dayStart } from '#domain/shanghai.ts';
import { EMPTY_COUNT_MINUTES, MINUTE_MS } from './day-readings.ts';
import { timeOf } from './sim-site.ts';

/** Late events are taken for 24 h; ten minutes are kept for sending. */
const LOOK_BACK_MS = DAY_MS - 10 * MINUTE_MS;

export interface TimedEvent {
	readonly at: number;
	readonly event: StationEvent;
	readonly isReading: boolean;
}

/** The newest reading of each kind of each site; those of a street whose gateway is dead are missing. */
export function newestReadings(minuteEvents: (minute: number) => readonly TimedEvent[], atMs: number): StationEvent[] {
	const newest = new Map<string, StationEvent>();
	const last = Math.floor(atMs / MINUTE_MS);
	for (let minute = last - EMPTY_COUNT_MINUTES; minute <= last; minute++) {
		for (const { at, isReading, event } of minuteEvents(minute)) {
			if (isReading && at <= atMs) newest.set(factKey(event, at), event);
		}
	}
	return [...newest.values()];
}

/** Visits of today, and the newest of each other kind of fact within the last 24 h. */
export function newestFacts(facts: readonly StationEvent[], atMs: number): StationEvent[] {
	const todayStart = dayStart(dayOf(atMs));
	const visits: StationEvent[] = [];
	const newest = new Map<string, StationEvent>();
	for (const event of facts) {
		const at = timeOf(event);
		if (at > atMs || at < atMs - LOOK_BACK_MS) continue;
		if (event.type !== 'station.visited') newest.set(factKey(event, at), event);
		else if (at >= todayStart) visits.push(event);
	}
	return [...visits, ...newest.values()];
}

/** What an event replaces. Every door report of today is kept (`time` is part of its key): it belongs to the day's story. */
function factKey(event: StationEvent, at: number): string {
	if (event.type === 'device.changed') return `${event.subject} device ${event.data.device}`;
	if (event.type === 'supply.changed') return `${event.subject} supply ${event.data.item}`;
	const isDoor = event.type === 'station.opened' || event.type === 'station.closed';
	return isDoor ? `${event.subject} door ${at}` : `${event.subject} ${event.type}`;
}
