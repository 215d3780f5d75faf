import type { StationEvent } from './event.ts';

/** An event on its way into the fold, with the two moments that matter. */
export interface Arrival {
	readonly event: StationEvent;
	/** event time, ms */
	readonly at: number;
	/** when the stream received it, ms: the time part of the entry's id */
	readonly receivedAt: number;
}
