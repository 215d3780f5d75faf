/** Small registries and events for tests: every field has a plain default, a test names only what it is about. */
import type { EventData, EventType, StationEvent } from '#domain/event.ts';
import type { Arrival } from '#domain/arrival.ts';
import type { Area, Site } from '#domain/site.ts';
import { emptyShard, emptyState, setRegistry, type LiveState, type ShardState } from '#domain/state.ts';

export function station(slot: number, more: Partial<Site> = {}): Site {
	return {
		slot,
		code: `S-${slot}`,
		name: `Station ${slot}`,
		kind: 'service_station',
		district: `d${slot % 3}`,
		street: `d${slot % 3}-s${slot % 5}`,
		lng: 120.3,
		lat: 31.5,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60,
		hours: null,
		hoursExceptions: [],
		...more
	};
}

export function areasOf(sites: readonly Site[]): Area[] {
	const districts = [...new Set(sites.map((site) => site.district).filter((code) => code !== null))];
	const streets = [...new Map(sites.map((site) => [site.street, site.district])).entries()];
	return [
		{ code: 'c', name: 'City', level: 'city', parentCode: null },
		...districts.map((code) => ({ code, name: code, level: 'district' as const, parentCode: 'c' })),
		...streets.flatMap(([code, parentCode]) =>
			code === null ? [] : [{ code, name: code, level: 'street' as const, parentCode }]
		)
	];
}

export interface World {
	readonly state: LiveState;
	readonly shard: ShardState;
	readonly sites: readonly Site[];
}

/** One shard over these sites, at a moment. */
export function worldOf(sites: readonly Site[], nowMs: number): World {
	const state = emptyState(nowMs);
	setRegistry(state, sites, areasOf(sites));
	return { state, shard: emptyShard(0), sites };
}

export interface EventMore {
	readonly id?: string;
	readonly source?: string;
	readonly quality?: StationEvent['quality'];
	readonly sequence?: string | number;
}

let eventNumber = 0;

/** An event of station `subject` at `atMs`; ids are new each time unless given. */
export function stationEvent<T extends EventType>(
	type: T,
	subject: string,
	atMs: number,
	data: EventData[T],
	more: EventMore = {}
): StationEvent {
	return {
		specversion: '1.0',
		id: `e${eventNumber++}`,
		source: 'test',
		subject,
		type,
		time: new Date(atMs).toISOString(),
		data,
		...more
	} as StationEvent;
}

export const visit = (subject: string, atMs: number, count = 1, more: EventMore = {}): StationEvent =>
	stationEvent('station.visited', subject, atMs, { method: 'face', count }, more);

/** The event as the stream hands it over; received when it happened unless said otherwise. */
export function arrival(event: StationEvent, receivedAt = Date.parse(event.time)): Arrival {
	return { event, at: Date.parse(event.time), receivedAt };
}

/** Mulberry32: numbers in [0, 1) that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) >>> 0;
		let t = a;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}
