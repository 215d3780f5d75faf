/** Readings of live sites: a sign of life, the air and the head count, once a minute. */
import type { StationEvent } from '#domain/event.ts';
import { DAY_MS, dayOf, dayStart } from '#domain/shanghai.ts';
import { airAt } from './day-air.ts';
import type { Span } from './day-doors.ts';
import type { Visit } from './day-visits.ts';
import { eventOf, readingGapMs, type SiteModel } from './sim-site.ts';

export const MINUTE_MS = 60_000;
/** Gateways are started again every so many days, for their updates. */
const RESTART_DAYS = 9;

/** An empty room says so only every few minutes; then 0 people is a reading and not a guess. */
export const EMPTY_COUNT_MINUTES = 5;

/** What is known of a site around the minute that is read. */
export interface ReadingGround {
	readonly spans: readonly Span[];
	readonly visits: readonly Visit[];
	readonly powerCut: Span | null;
	readonly outdoorC: number;
}

/** When the site's round of this minute begins; `minute` counts from 1970. */
export const roundTime = (model: SiteModel, minute: number): number => minute * MINUTE_MS + model.phaseMs;

/**
 * The round of one live site in one minute. Heartbeat and air carry a `sequence`: they come every minute, so their
 * number follows from the minute and the site's place at its gateway, grows without gaps and survives any restart of the
 * simulation. A head count is told while somebody is there or just left, else now and then, so it has only its id.
 */
export function readingsAt(model: SiteModel, minute: number, ground: ReadingGround): StationEvent[] {
	const at = roundTime(model, minute);
	const gap = readingGapMs(model);
	const number = (minute * model.gatewaySize + model.rank) * 2;
	const uptimeSeconds = Math.floor(((dayOf(at) % RESTART_DAYS) * DAY_MS + at - dayStart(dayOf(at))) / 1000);
	const inside = insideAt(ground.visits, at);
	const air = airAt(model, at, { ...ground, inside });
	const events: StationEvent[] = [
		{ ...eventOf(model, 'station.heartbeat', at, minute, { uptimeSeconds }), sequence: number },
		{ ...eventOf(model, 'env.read', at + gap, minute, air), sequence: number + 1 }
	];
	const headCount = {
		in: countBetween(ground.visits, 'arrives', at),
		out: countBetween(ground.visits, 'leaves', at),
		inside
	};
	if (headCount.in + headCount.out + inside > 0 || minute % EMPTY_COUNT_MINUTES === 0) {
		events.push(eventOf(model, 'people.counted', at + 2 * gap, minute, headCount));
	}
	return events;
}

export function insideAt(visits: readonly Visit[], atMs: number): number {
	let inside = 0;
	for (const { arrives, leaves } of visits) if (arrives <= atMs && atMs < leaves) inside++;
	return inside;
}

/** How many came or left in the minute up to `atMs`. */
function countBetween(visits: readonly Visit[], side: keyof Visit, atMs: number): number {
	let count = 0;
	for (const visit of visits) if (visit[side] > atMs - MINUTE_MS && visit[side] <= atMs) count++;
	return count;
}
