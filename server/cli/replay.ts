/**
 * `npm run cli -- replay FILE`: recorded changes through the public door. Times of the record are mapped onto the
 * present, so that nothing is late and nothing in the future; the order of a station's changes stays as recorded.
 */
import type { StationEvent } from '#domain/event.ts';
import { pause, type Sleep } from '#server/demo/drive.ts';
import { seededRandom } from '#server/demo/random.ts';
import { DOOR_BATCH, type EventDoor, type RejectedEvent } from './event-door.ts';
import type { RecordedFact, ReplayAdapter } from './replay-adapter.ts';
import { osloAdapter } from './replay-adapter-oslo.ts';

export const ADAPTERS: readonly ReplayAdapter[] = [osloAdapter];

export interface ReplayOptions {
	readonly adapter: ReplayAdapter;
	readonly lines: readonly string[];
	readonly door: EventDoor;
	/** How long the whole record takes; 0 = as fast as it goes */
	readonly seconds: number;
	readonly order: 'file' | 'shuffled';
	/** For the shuffling and the duplicates */
	readonly seed: number;
	/** Share of events that are sent twice, 0 to 1 */
	readonly duplicateShare: number;
	/** CloudEvents source; by default one for each run, since a source never sends an id with two meanings */
	readonly source?: string;
	readonly now: () => number;
	readonly sleep: Sleep;
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
	readonly sent: number;
	readonly total: number;
	readonly accepted: number;
	readonly rejected: number;
}

export interface ReplaySummary {
	/** Different events */
	readonly events: number;
	/** Events sent, duplicates included */
	readonly sent: number;
	readonly duplicates: number;
	readonly accepted: number;
	readonly rejected: readonly RejectedEvent[];
}

/** Span of present time onto which a record is mapped when it is sent as fast as it goes. */
const FAST_WINDOW_MS = 15 * 60_000;
/** Events are taken for 24 h; an hour is left for sending. */
const LONGEST_SECONDS = 23 * 3600;
/** Duplicates follow within so many events when the order is the file's. */
const DUPLICATE_REACH = 200;
const STEP_MS = 200;

/** Sends the record. Throws a sentence when a line cannot be read, an option is out of range or the door is shut. */
export async function replay(options: ReplayOptions): Promise<ReplaySummary> {
	checkOptions(options);
	const start = options.now();
	const source = options.source ?? `replay/${options.adapter.name}/${new Date(start).toISOString()}`;
	const events = mapFacts(options.adapter.facts(options.lines), windowOf(options, start), source);
	const planned = planSending(events, options);
	const rejected: RejectedEvent[] = [];
	let accepted = 0;
	let sent = 0;
	while (sent < planned.length && options.signal?.aborted !== true) {
		const due = dueNow(planned, sent, start, options);
		if (due === sent) {
			await pause(options, STEP_MS);
			continue;
		}
		const answer = await options.door.send(planned.slice(sent, due));
		for (const one of answer.rejected) rejected.push({ ...one, index: sent + one.index });
		accepted += answer.accepted;
		sent = due;
		options.onProgress?.({ sent, total: planned.length, accepted, rejected: rejected.length });
	}
	return { events: events.length, sent, duplicates: planned.length - events.length, accepted, rejected };
}

function checkOptions({ seconds, duplicateShare }: ReplayOptions): void {
	if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
		throw new Error(`--seconds must be between 0 and ${LONGEST_SECONDS}: events are taken for 24 hours only.`);
	}
	if (!(duplicateShare >= 0 && duplicateShare <= 1)) throw new Error('--duplicates must be between 0 and 1.');
}

interface TimeWindow {
	readonly fromMs: number;
	readonly toMs: number;
}

/**
 * In the file's order and with time to spare, the record lies ahead of the clock and each event is sent when its moment
 * comes. Otherwise it lies behind the clock, since any event may be the first to be sent.
 */
function windowOf({ seconds, order }: ReplayOptions, start: number): TimeWindow {
	if (seconds > 0 && order === 'file') return { fromMs: start, toMs: start + seconds * 1000 };
	return { fromMs: start - (seconds > 0 ? seconds * 1000 : FAST_WINDOW_MS), toMs: start };
}

/**
 * Facts as events with their times mapped linearly into the window. Times of one station grow strictly: where two fall
 * on the same millisecond the earlier one moves back, so that nothing leaves the window towards the future.
 */
export function mapFacts(facts: readonly RecordedFact[], window: TimeWindow, source: string): StationEvent[] {
	const inTime = facts.toSorted((a, b) => a.at - b.at);
	const first = inTime.at(0)?.at ?? 0;
	const span = Math.max(1, (inTime.at(-1)?.at ?? 0) - first);
	const nextOfStation = new Map<string, number>();
	return inTime
		.toReversed()
		.map((fact) => {
			const wanted = window.fromMs + ((fact.at - first) / span) * (window.toMs - window.fromMs);
			const at = Math.min(Math.floor(wanted), (nextOfStation.get(fact.station) ?? Number.POSITIVE_INFINITY) - 1);
			nextOfStation.set(fact.station, at);
			return eventOfFact(fact, at, source);
		})
		.reverse();
}

function eventOfFact({ id, station, type, data }: RecordedFact, atMs: number, source: string): StationEvent {
	const time = new Date(atMs).toISOString();
	// Type and data come from one fact, so they belong together; the compiler loses that when they are taken apart.
	return { specversion: '1.0', id, source, type, subject: station, time, quality: 'measured', data } as StationEvent;
}

/** The events in the order of their sending, some of them twice. */
export function planSending<T>(
	events: readonly T[],
	{ order, seed, duplicateShare }: Pick<ReplayOptions, 'order' | 'seed' | 'duplicateShare'>
): T[] {
	const random = seededRandom(seed, 'replay');
	const inOrder = events.map((event, index) => ({ event, place: index }));
	const doubled = random.shuffled(inOrder).slice(0, Math.round(events.length * duplicateShare));
	if (order === 'shuffled') return random.shuffled([...inOrder, ...doubled]).map(({ event }) => event);
	const again = doubled.map(({ event, place }) => ({ event, place: place + random.between(0.5, DUPLICATE_REACH) }));
	return [...inOrder, ...again].toSorted((a, b) => a.place - b.place).map(({ event }) => event);
}

/** Index behind the last event that may be sent now, at most one batch ahead. */
function dueNow(planned: readonly StationEvent[], sent: number, start: number, options: ReplayOptions): number {
	const most = Math.min(planned.length, sent + DOOR_BATCH);
	if (options.seconds === 0) return most;
	const now = options.now();
	if (options.order === 'shuffled') {
		return Math.min(most, Math.ceil((planned.length * (now - start)) / (options.seconds * 1000)));
	}
	let due = sent;
	while (due < most && Date.parse(planned[due]?.time ?? '') <= now) due++;
	return due;
}
