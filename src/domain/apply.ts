/**
 * What each type of event changes: columns, memory, open bucket, records. An older event is counted where it belongs and
 * never overwrites a newer value.
 */
import { BUCKET, BUCKET_WIDTH, bucketIndex, openRow, PIECE_LIMIT } from './buckets.ts';
import { judgeReport, lookAgain } from './clock.ts';
import type { Arrival } from './arrival.ts';
import type { EventData, StationEvent } from './event.ts';
import { account } from './fulfilment.ts';
import { unreachable } from './must.ts';
import { occupationIndex } from './occupation-pieces.ts';
import { countToday, countTomorrow } from './occupations.ts';
import { dayOf } from './shanghai.ts';
import { markDirty, recordsAt, type LiveState, type ShardState } from './state.ts';
import { DOOR } from './status.ts';
import { STATUS } from './table.ts';

/** Writes one event that was taken for the first time. */
export function apply(state: LiveState, shard: ShardState, slot: number, arrival: Arrival): void {
	const { event, at } = arrival;
	const { columns, memory } = state;
	if (at > (memory.seenAt[slot] as number)) {
		memory.seenAt[slot] = at;
		columns.seenAt[slot] = at / 1000;
		// A sign of life may make an older report of the door valid again.
		if (memory.door[slot] !== DOOR.unreported && hasLapsed(columns.status[slot], memory.door[slot]))
			lookAgain(state, slot);
	}
	const bucket = bucketRow(state, shard, slot, bucketIndex(at));
	const row = bucket === memory.bucket ? slot * BUCKET_WIDTH : 0;
	bucket[row + BUCKET.events] = (bucket[row + BUCKET.events] as number) + 1;
	if (columns.visitsToday[slot] === -1) startCounting(state, slot, at);
	markDirty(state, slot);
	if (event.type !== 'station.heartbeat') noteQuality(state, slot, event.quality, at);
	switch (event.type) {
		case 'station.heartbeat':
			return;
		case 'env.read':
			return readEnvironment(state, slot, event.data, at, bucket, row);
		case 'people.counted':
			return countPeople(state, slot, event.data, at, bucket, row);
		case 'station.visited':
			return countVisits(state, shard, slot, event.data, at, bucket, row);
		case 'station.opened':
			return reportDoor(state, shard, slot, DOOR.opened, arrival);
		case 'station.closed':
			return reportDoor(state, shard, slot, event.data.planned === true ? DOOR.closedPlanned : DOOR.closed, arrival);
		case 'power.changed':
			if (at < (memory.mainsAt[slot] as number)) return;
			memory.mainsAt[slot] = at;
			columns.mains[slot] = event.data.mains ? 1 : 2;
			return;
		case 'device.changed':
			return changeDevice(state, slot, event.data, at);
		case 'supply.changed':
			return changeSupply(state, slot, event.data, at);
		default:
			return unreachable(event);
	}
}

/** A report that no longer counts shows itself: the site is unknown, or reported open and not shown so. */
const hasLapsed = (status: number | undefined, door: number | undefined): boolean =>
	status === STATUS.unknown || (door === DOOR.opened && status !== STATUS.open);

/** How much a word of each quality is worth; of two of the same moment the worse one stands, whichever came first. */
const QUALITY: Readonly<Record<Exclude<StationEvent['quality'], undefined>, number>> = {
	measured: 1,
	reported: 2,
	estimated: 3,
	// Never asked: such an event changes no figure [EV8].
	test: 0
};

/** The quality of the newest figure [FR6]. Where an event says nothing, devices measure and people report. */
function noteQuality(state: LiveState, slot: number, said: StationEvent['quality'], at: number): void {
	const { qualityAt } = state.memory;
	const known = qualityAt[slot] as number;
	if (at < known) return;
	const quality = QUALITY[said ?? (state.isLive[slot] === 1 ? 'measured' : 'reported')];
	const { quality: column } = state.columns;
	column[slot] = at === known ? Math.max(quality, column[slot] as number) : quality;
	qualityAt[slot] = at;
}

/** The open row of the site when the event belongs to it, else the late piece it belongs to. */
function bucketRow(state: LiveState, shard: ShardState, slot: number, index: number): Int32Array {
	const rows = state.memory.bucket;
	const at = slot * BUCKET_WIDTH;
	const open = rows[at] as number;
	const isFull = (rows[at + BUCKET.events] as number) >= PIECE_LIMIT;
	if (open === index && !isFull) return rows;
	if (open > index) return shard.pieces.late(slot, index);
	if (open !== 0) shard.pieces.close(rows, slot);
	openRow(rows, at, index);
	return rows;
}

/** A live site that gives a sign of life today has had no visits so far: from here on that is known. */
function startCounting(state: LiveState, slot: number, at: number): void {
	if (state.isLive[slot] !== 1 || dayOf(at) !== state.day) return;
	state.columns.visitsToday[slot] = 0;
	state.occupationChanges++;
}

/** What a column of visits can hold; beyond, it stays there instead of turning negative. */
const LARGEST = 2 ** 31 - 1;

function countVisits(
	state: LiveState,
	shard: ShardState,
	slot: number,
	data: EventData['station.visited'],
	at: number,
	bucket: Int32Array,
	row: number
): void {
	const count = data.count ?? 1;
	const occupation = occupationIndex(data.occupation);
	shard.occupations.add(slot, occupation, at, count);
	bucket[row + BUCKET.visits] = (bucket[row + BUCKET.visits] as number) + count;
	const day = dayOf(at);
	if (day === state.day) {
		const known = state.columns.visitsToday[slot] as number;
		state.columns.visitsToday[slot] = Math.min((known === -1 ? 0 : known) + count, LARGEST);
		countToday(state, slot, occupation, count);
	} else if (day > state.day) {
		state.memory.visitsTomorrow[slot] = Math.min((state.memory.visitsTomorrow[slot] as number) + count, LARGEST);
		countTomorrow(state, slot, occupation, count);
	}
}

function countPeople(
	state: LiveState,
	slot: number,
	data: EventData['people.counted'],
	at: number,
	bucket: Int32Array,
	row: number
): void {
	bucket[row + BUCKET.peopleIn] = (bucket[row + BUCKET.peopleIn] as number) + data.in;
	bucket[row + BUCKET.peopleOut] = (bucket[row + BUCKET.peopleOut] as number) + data.out;
	if (data.inside > (bucket[row + BUCKET.insideMax] as number)) bucket[row + BUCKET.insideMax] = data.inside;
	if (at < (state.memory.insideAt[slot] as number)) return;
	state.memory.insideAt[slot] = at;
	state.columns.inside[slot] = data.inside;
}

function readEnvironment(
	state: LiveState,
	slot: number,
	data: EventData['env.read'],
	at: number,
	bucket: Int32Array,
	row: number
): void {
	const temperature = Math.round(data.temperatureC * 100);
	bucket[row + BUCKET.temperatureSum] = (bucket[row + BUCKET.temperatureSum] as number) + temperature;
	bucket[row + BUCKET.temperatureCount] = (bucket[row + BUCKET.temperatureCount] as number) + 1;
	const { memory, columns } = state;
	// Not every sensor has CO₂: it has a time of its own.
	if (data.co2Ppm !== undefined && at >= (memory.co2At[slot] as number)) {
		memory.co2At[slot] = at;
		columns.co2[slot] = Math.round(data.co2Ppm);
	}
	if (at < (memory.envAt[slot] as number)) return;
	memory.envAt[slot] = at;
	columns.temperature[slot] = temperature;
	columns.humidity[slot] = Math.round(data.humidityPct * 100);
}

function reportDoor(state: LiveState, shard: ShardState, slot: number, door: number, arrival: Arrival): void {
	const { at, receivedAt } = arrival;
	const { memory } = state;
	if (at < (memory.doorAt[slot] as number)) return;
	// The old report holds up to the moment at which the new one was received [FU2].
	account(state, shard, slot, receivedAt);
	memory.accountDue[slot] = 0;
	memory.door[slot] = door;
	memory.doorAt[slot] = at;
	judgeReport(state, slot);
}

function changeDevice(state: LiveState, slot: number, data: EventData['device.changed'], at: number): void {
	const devices = recordsAt(state.devices, slot);
	const known = devices.get(data.device);
	if (known && at < known.at) return;
	devices.set(data.device, {
		slot,
		device: data.device,
		kind: data.kind,
		state: data.state,
		reason: data.reason ?? null,
		at
	});
	let online = 0;
	for (const device of devices.values()) if (device.state === 'online') online++;
	state.columns.devicesOnline[slot] = online;
	state.columns.devicesTotal[slot] = devices.size;
}

function changeSupply(state: LiveState, slot: number, data: EventData['supply.changed'], at: number): void {
	const supplies = recordsAt(state.supplies, slot);
	const known = supplies.get(data.item);
	if (known && at < known.at) return;
	supplies.set(data.item, {
		slot,
		item: data.item,
		quantity: data.quantity,
		expiresOn: data.expiresOn ?? null,
		at
	});
}
