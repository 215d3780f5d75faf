/**
 * Drives the simulation along a clock: by the city's own day, or at a fixed rate for a test of load. Used by the demo
 * inside the server and by `simulate` on the command line; both hand events to `send` and know nothing of its door.
 */
import type { StationEvent } from '#domain/event.ts';
import { createDays, type DayOptions } from './day.ts';
import { loadEvents } from './load.ts';

/** Resolves after `ms`; may reject as soon as the signal is aborted. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<unknown>;

export interface SimulateOptions extends DayOptions {
	/** Events a second; without it the day runs at its natural speed */
	readonly rate?: number;
	/** Ends after this much time; without it only `signal` ends it */
	readonly forMs?: number;
	readonly now: () => number;
	readonly sleep: Sleep;
	/** Takes up to `BATCH` events; a rejection ends the simulation */
	readonly send: (events: StationEvent[]) => Promise<void>;
	readonly signal?: AbortSignal;
	/** After each round: all events sent so far */
	readonly onProgress?: (sent: number) => void;
}

export const BATCH = 500;
const NATURAL_STEP_MS = 1000;
const RATE_STEP_MS = 50;
/** After a longer gap (a laptop that slept) the demo begins anew instead of telling every missed minute. */
const LARGEST_GAP_MS = 10 * 60_000;

/** Sends until the time is over or the signal is given. Answers how many events were sent. */
export async function simulate(options: SimulateOptions): Promise<number> {
	return options.rate === undefined ? simulateNaturally(options) : simulateAtRate(options, options.rate);
}

async function simulateNaturally(options: SimulateOptions): Promise<number> {
	const days = createDays(options);
	const isOver = ending(options);
	let cursor = options.now();
	let sent = await sendAll(options, days.openingState(cursor));
	while (!isOver()) {
		await pause(options, NATURAL_STEP_MS);
		const now = options.now();
		if (isOver() || now <= cursor) continue;
		const events = now - cursor > LARGEST_GAP_MS ? days.openingState(now) : days.between(cursor + 1, now + 1);
		sent += await sendAll(options, events);
		cursor = now;
	}
	return sent;
}

async function simulateAtRate(options: SimulateOptions, rate: number): Promise<number> {
	const start = options.now();
	const isOver = ending(options);
	const events = loadEvents({ seed: options.seed, sites: options.sites, startMs: start, rate });
	const total = options.forMs === undefined ? Number.POSITIVE_INFINITY : Math.round((options.forMs / 1000) * rate);
	let sent = 0;
	while (sent < total && options.signal?.aborted !== true) {
		const due = Math.min(total, Math.floor(((options.now() - start) / 1000) * rate));
		if (due > sent) sent += await sendAll(options, nextOf(events, due - sent));
		else if (isOver()) break;
		else await pause(options, RATE_STEP_MS);
	}
	return sent;
}

function ending({ now, forMs, signal }: SimulateOptions): () => boolean {
	const end = forMs === undefined ? Number.POSITIVE_INFINITY : now() + forMs;
	return () => signal?.aborted === true || now() >= end;
}

async function sendAll(options: SimulateOptions, events: Iterable<StationEvent>): Promise<number> {
	let sent = 0;
	for (const batch of inBatches(events)) {
		if (options.signal?.aborted) break;
		await options.send(batch);
		sent += batch.length;
	}
	if (sent > 0) options.onProgress?.(sent);
	return sent;
}

/** The next `count` events. The iterator's own `take` would end the endless row behind it. */
function* nextOf(events: Iterator<StationEvent>, count: number): Generator<StationEvent> {
	for (let taken = 0; taken < count; taken++) {
		const next = events.next();
		if (next.done) return;
		yield next.value;
	}
}

function* inBatches(events: Iterable<StationEvent>): Generator<StationEvent[]> {
	let batch: StationEvent[] = [];
	for (const event of events) {
		batch.push(event);
		if (batch.length < BATCH) continue;
		yield batch;
		batch = [];
	}
	if (batch.length > 0) yield batch;
}

/** Sleeps; being woken by the signal is no error. */
export async function pause({ sleep, signal }: { sleep: Sleep; signal?: AbortSignal }, ms: number): Promise<void> {
	try {
		await sleep(ms, signal);
	} catch (error) {
		if (!signal?.aborted) throw error;
	}
}
