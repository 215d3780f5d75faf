import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrival, seededRandom, station, stationEvent, visit, worldOf, type World } from '#test/support/stations.ts';
import { BUCKET, BUCKET_MS, PIECE_WIDTH } from './buckets.ts';
import type { StationEvent } from './event.ts';
import type { Arrival } from './arrival.ts';
import { closeAllBuckets, tickClock } from './clock.ts';
import { fold, FUTURE_LIMIT_MS, LATE_LIMIT_MS } from './fold.ts';
import { dayOf, dayStart } from './shanghai.ts';
import { emptyShard } from './state.ts';
import { FIELDS, readValue, STATUS, type Columns } from './table.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Midnight in Shanghai at the start of 2026-06-02. */
const MIDNIGHT = dayStart(dayOf(Date.UTC(2026, 5, 2)));
const SEED = 424_242;

const sites = [
	station(0),
	station(1, { district: 'd0' }),
	station(2, { telemetry: 'manual', periodSeconds: 86_400 }),
	station(4, { telemetry: 'none', periodSeconds: null })
];

type Sums = Map<string, number[]>;

/** Pieces added up per slot and 5 minutes, the way the database adds them. */
function sumOf(pieces: Int32Array): Sums {
	const sums: Sums = new Map();
	for (let at = 0; at < pieces.length; at += PIECE_WIDTH) {
		addTo(sums, pieces[at]!, pieces[at + 1 + BUCKET.index]!, [...pieces.subarray(at + 2, at + PIECE_WIDTH)]);
	}
	return sums;
}

function addTo(sums: Sums, slot: number, index: number, values: number[]): void {
	const key = `${slot}@${index}`;
	const known = sums.get(key);
	if (!known) sums.set(key, values);
	else
		values.forEach(
			(value, i) => (known[i] = i === BUCKET.insideMax - 1 ? Math.max(known[i]!, value) : known[i]! + value)
		);
}

function piecesOf({ state, shard }: World): Sums {
	closeAllBuckets(state, [shard]);
	return sumOf(shard.pieces.take(Number.MAX_SAFE_INTEGER));
}

/** An independent, naive count of what a list of arrivals means. */
class Count {
	readonly sums: Sums = new Map();
	readonly ids = new Set<string>();
	readonly taken: { slot: number; event: StationEvent; at: number }[] = [];
	duplicates = 0;
	refused: string[] = [];
	tests = 0;

	take({ event, at, receivedAt }: Arrival): void {
		const site = sites.find(({ code }) => code === event.subject);
		if (at - receivedAt > 5 * MINUTE) return void this.refused.push('future_time');
		if (receivedAt - at > 24 * HOUR) return void this.refused.push('late_time');
		if (!site) return void this.refused.push('unknown_station');
		const id = `${event.source} ${event.id}`;
		if (this.ids.has(id)) return void this.duplicates++;
		this.ids.add(id);
		if (event.quality === 'test') return void this.tests++;
		this.taken.push({ slot: site.slot, event, at });
		const one = [1, 0, 0, 0, -1, 0, 0];
		if (event.type === 'station.visited') one[1] = event.data.count ?? 1;
		if (event.type === 'people.counted') [one[2], one[3], one[4]] = [event.data.in, event.data.out, event.data.inside];
		if (event.type === 'env.read') [one[5], one[6]] = [Math.round(event.data.temperatureC * 100) + 0, 1];
		addTo(this.sums, site.slot, Math.floor(at / BUCKET_MS), one);
	}

	/** The newest event of a type; of two of the same moment the one that came last. */
	newest<T extends StationEvent['type']>(slot: number, type: T): Extract<StationEvent, { type: T }> | null {
		let found: { event: StationEvent; at: number } | null = null;
		for (const one of this.taken)
			if (one.slot === slot && one.event.type === type && (!found || one.at >= found.at)) found = one;
		return (found?.event ?? null) as Extract<StationEvent, { type: T }> | null;
	}

	visitsOn(day: number, slot: number): number | null {
		const today = this.taken.filter((one) => one.slot === slot && dayOf(one.at) === day);
		const visits = today.filter(({ event }) => event.type === 'station.visited');
		const isLive = sites.find((site) => site.slot === slot)?.telemetry === 'live';
		if (visits.length === 0 && !(isLive && today.length > 0)) return null;
		return visits.reduce((sum, { event }) => sum + (event.type === 'station.visited' ? (event.data.count ?? 1) : 0), 0);
	}

	devices(slot: number): { online: number | null; total: number | null } {
		const newest = new Map<string, { at: number; state: string }>();
		for (const { slot: own, event, at } of this.taken) {
			if (own !== slot || event.type !== 'device.changed') continue;
			if (at >= (newest.get(event.data.device)?.at ?? 0))
				newest.set(event.data.device, { at, state: event.data.state });
		}
		if (newest.size === 0) return { online: null, total: null };
		return { online: [...newest.values()].filter(({ state }) => state === 'online').length, total: newest.size };
	}
}

const subject = fc.constantFrom('S-0', 'S-1', 'S-2', 'S-4', 'S-9');
/** Times are offsets from the moment of receipt; most events come at once, some late, some from clocks that run ahead. */
const lag = fc.oneof(
	{ weight: 6, arbitrary: fc.integer({ min: -4 * MINUTE, max: 10 * MINUTE }) },
	{ weight: 2, arbitrary: fc.integer({ min: 0, max: 24 * HOUR }) },
	{ weight: 1, arbitrary: fc.constantFrom(-FUTURE_LIMIT_MS, -FUTURE_LIMIT_MS - 1, LATE_LIMIT_MS, LATE_LIMIT_MS + 1) }
);
const payload = fc.oneof(
	fc.record({ type: fc.constant('station.heartbeat' as const), data: fc.constant({}) }),
	fc.record({
		type: fc.constant('station.visited' as const),
		data: fc.record(
			{ method: fc.constant('qr' as const), count: fc.integer({ min: 1, max: 500 }) },
			{ requiredKeys: ['method'] }
		)
	}),
	fc.record({
		type: fc.constant('people.counted' as const),
		data: fc.record({ in: fc.nat(50), out: fc.nat(50), inside: fc.nat(200) })
	}),
	fc.record({
		type: fc.constant('env.read' as const),
		data: fc.record({
			temperatureC: fc.double({ min: -60, max: 100, noNaN: true }),
			humidityPct: fc.double({ min: 0, max: 100, noNaN: true })
		})
	}),
	fc.record({ type: fc.constant('station.opened' as const), data: fc.constant({}) }),
	fc.record({ type: fc.constant('station.closed' as const), data: fc.record({ planned: fc.boolean() }) }),
	fc.record({ type: fc.constant('power.changed' as const), data: fc.record({ mains: fc.boolean() }) }),
	fc.record({
		type: fc.constant('device.changed' as const),
		data: fc.record({
			device: fc.constantFrom('a', 'b', 'c'),
			kind: fc.constant('door' as const),
			state: fc.constantFrom('online' as const, 'offline' as const, 'fault' as const)
		})
	})
);

interface Sent {
	readonly wait: number;
	readonly lag: number;
	readonly subject: string;
	readonly payload: { type: string; data: object };
	readonly quality: 'measured' | 'test';
	readonly source: string;
	/** sends the event again that came so many places earlier, instead of a new one */
	readonly again: number;
	readonly endsBatch: boolean;
	readonly ticks: boolean;
}

const sent: fc.Arbitrary<Sent> = fc.record({
	wait: fc.oneof({ weight: 8, arbitrary: fc.nat(4 * MINUTE) }, { weight: 1, arbitrary: fc.nat(7 * HOUR) }),
	lag,
	subject,
	payload,
	quality: fc.oneof(
		{ weight: 9, arbitrary: fc.constant('measured' as const) },
		{ weight: 1, arbitrary: fc.constant('test' as const) }
	),
	source: fc.constantFrom('gw-a', 'gw-b'),
	again: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }) }),
	endsBatch: fc.boolean(),
	ticks: fc.boolean()
});

function arrivalsOf(list: readonly Sent[], start: number): Arrival[] {
	let now = start;
	const events: StationEvent[] = [];
	return list.map((one, i) => {
		now += one.wait;
		const again = events[events.length - one.again];
		const event =
			one.again > 0 && again
				? again
				: ({
						specversion: '1.0',
						id: `n${i}`,
						source: one.source,
						subject: one.subject,
						time: new Date(now - one.lag).toISOString(),
						quality: one.quality,
						...one.payload
					} as StationEvent);
		events.push(event);
		return arrival(event, now);
	});
}

/** `isOneBatch`: as the tail of a stream comes at a start; else in small batches with ticks between. */
function foldAll(world: World, list: readonly Sent[], arrivals: readonly Arrival[], isOneBatch = false): string[] {
	const refused: string[] = [];
	let batch: Arrival[] = [];
	const flush = (): void => {
		for (const { index, code } of fold(world.state, world.shard, batch)) {
			expect(index).toBeLessThan(batch.length);
			refused.push(code);
		}
		batch = [];
	};
	arrivals.forEach((one, i) => {
		batch.push(one);
		if (isOneBatch || !list[i]!.endsBatch) return;
		flush();
		if (list[i]!.ticks) tickClock(world.state, [world.shard], one.receivedAt);
	});
	flush();
	return refused;
}

describe('fold', () => {
	test('[FO1] random events in random batches and ticks equal an independent count of them', () => {
		fc.assert(
			fc.property(
				fc.array(sent, { maxLength: 250 }),
				fc.integer({ min: -20 * HOUR, max: 0 }),
				fc.boolean(),
				(list, offset, isOneBatch) => {
					const start = MIDNIGHT + offset;
					const world = worldOf(sites, start);
					const count = new Count();
					const arrivals = arrivalsOf(list, start);
					const refused = foldAll(world, list, arrivals, isOneBatch);
					for (const one of arrivals) count.take(one);
					const end = arrivals.at(-1)?.receivedAt ?? start;
					tickClock(world.state, [world.shard], end);
					const { state, shard } = world;
					expect(refused).toEqual(count.refused);
					expect([shard.taken, shard.duplicates, shard.tests, shard.refused]).toEqual([
						count.taken.length,
						count.duplicates,
						count.tests,
						count.refused.length
					]);
					for (const { slot } of sites) {
						expect(readValue(state.columns, 'visitsToday', slot)).toBe(count.visitsOn(dayOf(end), slot));
						const people = count.newest(slot, 'people.counted');
						expect(readValue(state.columns, 'inside', slot)).toBe(people?.data.inside ?? null);
						const air = count.newest(slot, 'env.read');
						expect(state.columns.temperature[slot]).toBe(air ? Math.round(air.data.temperatureC * 100) + 0 : -32_768);
						expect(state.columns.humidity[slot]).toBe(air ? Math.round(air.data.humidityPct * 100) : -32_768);
						const mains = count.newest(slot, 'power.changed');
						expect(state.columns.mains[slot]).toBe(mains ? (mains.data.mains ? 1 : 2) : 0);
						const { online, total } = count.devices(slot);
						expect(readValue(state.columns, 'devicesOnline', slot)).toBe(online);
						expect(readValue(state.columns, 'devicesTotal', slot)).toBe(total);
						const seen = count.taken.filter((one) => one.slot === slot).map(({ at }) => at);
						expect(state.columns.seenAt[slot]).toBe(Math.floor(Math.max(0, ...seen) / 1000));
					}
					expect(piecesOf(world)).toEqual(count.sums);
				}
			),
			{ seed: SEED, numRuns: 250 }
		);
	});

	test('[FO2] the same events in another order give the same columns and buckets', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.tuple(fc.integer({ min: -23 * HOUR, max: 4 * MINUTE }), subject, payload), {
					selector: ([at]) => at,
					maxLength: 80
				}),
				fc.nat(),
				(list, shuffleSeed) => {
					const end = MIDNIGHT + 3 * HOUR;
					const inOrder = list
						.toSorted(([a], [b]) => a - b)
						.map(([offset, code, one], i) =>
							arrival(
								{
									specversion: '1.0',
									id: `${i}`,
									source: 's',
									subject: code,
									time: new Date(end + offset).toISOString(),
									...one
								},
								end
							)
						);
					const random = seededRandom(shuffleSeed);
					const shuffled = inOrder
						.map((one) => [random(), one] as const)
						.sort(([a], [b]) => a - b)
						.map(([, one]) => one);
					const result = (arrivals: Arrival[]): [Record<string, number[]>, Sums] => {
						const world = worldOf(sites, end);
						fold(world.state, world.shard, arrivals);
						tickClock(world.state, [world.shard], end + 1);
						return [withoutSince(world.state.columns), piecesOf(world)];
					};
					expect(result(shuffled)).toEqual(result(inOrder));
				}
			),
			{ seed: SEED, numRuns: 200 }
		);
	});

	test('[EV8] events of quality test change no column and no bucket', () => {
		fc.assert(
			fc.property(fc.array(sent, { maxLength: 60 }), (list) => {
				const start = MIDNIGHT - HOUR;
				const measured = list.map((one) => ({ ...one, again: 0, quality: 'measured' as const }));
				const plain = worldOf(sites, start);
				const mixed = worldOf(sites, start);
				const arrivals = arrivalsOf(measured, start);
				foldAll(plain, measured, arrivals);
				arrivals.forEach((one, i) => {
					const event = { ...one.event, id: `t${i}`, quality: 'test' as const } as StationEvent;
					fold(mixed.state, mixed.shard, [{ ...one, event }, one]);
				});
				for (const { state, shard } of [plain, mixed]) tickClock(state, [shard], arrivals.at(-1)?.receivedAt ?? start);
				expect(withoutSince(mixed.state.columns)).toEqual(withoutSince(plain.state.columns));
				expect(piecesOf(mixed)).toEqual(piecesOf(plain));
			}),
			{ seed: SEED, numRuns: 100 }
		);
	});

	test('[EV9] an older event is counted to its own bucket and day and overwrites nothing', () => {
		const noon = MIDNIGHT + 12 * HOUR;
		const world = worldOf(sites, noon);
		const { state, shard } = world;
		const take = (event: StationEvent): void => expect(fold(state, shard, [arrival(event, noon)])).toEqual([]);
		take(stationEvent('people.counted', 'S-0', noon - MINUTE, { in: 3, out: 1, inside: 9 }));
		take(stationEvent('people.counted', 'S-0', noon - 2 * MINUTE, { in: 1, out: 0, inside: 40 }));
		take(visit('S-0', noon - 2 * HOUR, 7));
		take(visit('S-0', noon - 13 * HOUR, 5));
		expect(state.columns.inside[0]).toBe(9);
		expect(state.columns.visitsToday[0]).toBe(7);
		expect(state.columns.seenAt[0]).toBe((noon - MINUTE) / 1000);
		const sums = piecesOf(world);
		expect(sums.get(`0@${Math.floor((noon - 13 * HOUR) / BUCKET_MS)}`)?.[1]).toBe(5);
	});

	test('[FO2] an older air reading does not take a newer co2 away, nor is it lost when a newer reading has none', () => {
		const at = MIDNIGHT + HOUR;
		const older = stationEvent('env.read', 'S-0', at, { temperatureC: 20, humidityPct: 50, co2Ppm: 700 });
		const newer = stationEvent('env.read', 'S-0', at + MINUTE, { temperatureC: 21, humidityPct: 51 });
		const columnsAfter = (events: StationEvent[]): number[] => {
			const { state, shard } = worldOf(sites, at);
			fold(
				state,
				shard,
				events.map((event) => arrival(event, at + 2 * MINUTE))
			);
			return [state.columns.temperature[0]!, state.columns.co2[0]!];
		};
		expect(columnsAfter([newer, older])).toEqual(columnsAfter([older, newer]));
	});

	test('[FO4] visits dated tomorrow wait for midnight and count to that day', () => {
		const before = MIDNIGHT - 2 * MINUTE;
		const { state, shard } = worldOf(sites, before);
		fold(state, shard, [
			arrival(visit('S-2', MIDNIGHT - MINUTE, 2), before),
			arrival(visit('S-2', MIDNIGHT + MINUTE, 3), before)
		]);
		expect(state.columns.visitsToday[2]).toBe(2);
		tickClock(state, [shard], MIDNIGHT);
		expect(state.columns.visitsToday[2]).toBe(3);
		tickClock(state, [shard], MIDNIGHT + 24 * HOUR);
		expect(readValue(state.columns, 'visitsToday', 2)).toBeNull();
	});

	test('[FO4] a live site that gives a sign of life has 0 visits, one that is silent or manual has none known', () => {
		const { state, shard } = worldOf(sites, MIDNIGHT);
		fold(
			state,
			shard,
			['S-0', 'S-2'].map((code) => arrival(stationEvent('station.heartbeat', code, MIDNIGHT + 1, {})))
		);
		expect([0, 1, 2, 4].map((slot) => readValue(state.columns, 'visitsToday', slot))).toEqual([0, null, null, null]);
	});

	test('[FO5] time never runs backwards', () => {
		const { state, shard } = worldOf(sites, MIDNIGHT);
		tickClock(state, [shard], MIDNIGHT + HOUR);
		tickClock(state, [shard], MIDNIGHT - HOUR);
		expect(state.now).toBe(MIDNIGHT + HOUR);
		fold(state, shard, [arrival(visit('S-0', MIDNIGHT - HOUR, 3), MIDNIGHT - HOUR)]);
		expect(state.now).toBe(MIDNIGHT + HOUR);
		expect(readValue(state.columns, 'visitsToday', 0)).toBeNull();
	});
});

describe('what fold refuses', () => {
	const now = MIDNIGHT + HOUR;
	const refusalOf = (world: World, one: Arrival): string | undefined => fold(world.state, world.shard, [one])[0]?.code;

	test('[EV4] [EV5] the limits are those of the moment of receipt, to the millisecond', () => {
		const world = worldOf(sites, now + 100 * HOUR);
		expect(refusalOf(world, arrival(visit('S-0', now + FUTURE_LIMIT_MS), now))).toBeUndefined();
		expect(refusalOf(world, arrival(visit('S-0', now + FUTURE_LIMIT_MS + 1), now))).toBe('future_time');
		expect(refusalOf(world, arrival(visit('S-0', now - LATE_LIMIT_MS), now))).toBeUndefined();
		expect(refusalOf(world, arrival(visit('S-0', now - LATE_LIMIT_MS - 1), now))).toBe('late_time');
	});

	test('[EV3] a refused event is not remembered: it is taken once its site is known', () => {
		const world = worldOf(sites, now);
		const early = arrival(visit('S-0', now), now - HOUR);
		expect(refusalOf(world, early)).toBe('future_time');
		expect(refusalOf(world, { ...early, receivedAt: now })).toBeUndefined();
		expect([world.shard.taken, world.shard.duplicates]).toEqual([1, 0]);
	});

	test('a site of another stream is refused with the name of its stream', () => {
		const { state } = worldOf(sites, now);
		const [refusal] = fold(state, emptyShard(1), [arrival(visit('S-0', now))]);
		expect(refusal).toMatchObject({ index: 0, code: 'wrong_shard' });
		expect(refusal?.message).toContain('ops:events:0');
	});

	test('[EV6] when the memory of ids is full, new ids are refused, known ones are duplicates, numbered ones are taken', () => {
		const { state } = worldOf(sites, now);
		const shard = emptyShard(0, 2);
		const events = [1, 2, 3].map((n) => arrival(visit('S-0', now, 1, { id: `${n}` })));
		expect(fold(state, shard, events).map(({ index, code }) => [index, code])).toEqual([[2, 'seen_full']]);
		expect(fold(state, shard, [events[0]!, arrival(visit('S-0', now, 1, { sequence: 1 }))])).toEqual([]);
		expect([shard.taken, shard.duplicates]).toEqual([3, 1]);
	});

	test('[EV6] a copy of an event is never counted again, as long as it is not refused as late', () => {
		// Received by a device clock 5 min ahead, the event may come again until 24 h 5 min later.
		for (const wait of [0, MINUTE, HOUR, 23 * HOUR]) {
			const world = worldOf(sites, now);
			fold(world.state, world.shard, [arrival(visit('S-1', now))]);
			const first = now + 24 * HOUR - 1 - wait;
			const event = visit('S-0', first + FUTURE_LIMIT_MS);
			fold(world.state, world.shard, [arrival(event, first)]);
			for (let at = first; at <= first + LATE_LIMIT_MS + FUTURE_LIMIT_MS; at += MINUTE) {
				fold(world.state, world.shard, [arrival(event, at)]);
			}
			expect(world.shard.taken).toBe(2);
		}
	});

	test('[EV7] a counter that was started again is refused, a late copy is a duplicate', () => {
		const world = worldOf(sites, now);
		for (let n = 1; n <= 5; n++)
			expect(refusalOf(world, arrival(visit('S-0', now + n, 1, { sequence: `${n}` }), now))).toBeUndefined();
		expect(refusalOf(world, arrival(visit('S-0', now + 3, 1, { sequence: 3 }), now))).toBeUndefined();
		expect(world.shard.duplicates).toBe(1);
		expect(refusalOf(world, arrival(visit('S-0', now + 60, 1, { sequence: 1 }), now))).toBe('sequence_reused');
		expect(world.shard.taken).toBe(5);
	});

	test('[EV7] the same sequence number is never taken twice, however large it is', () => {
		for (const sequence of [2 ** 53 - 1, 2 ** 53, 2 ** 60, 1e300, '999999999999999', '99999999999999999999']) {
			const world = worldOf(sites, now);
			const event = visit('S-0', now, 1, { sequence });
			for (let i = 0; i < 3; i++) fold(world.state, world.shard, [arrival(event)]);
			expect([sequence, world.shard.taken]).toEqual([sequence, 1]);
		}
	});
});

describe('status in the fold', () => {
	test('[ST6] since is what a report says, or not known: a start does not make things begin', () => {
		const hours = Array.from({ length: 7 }, () => [{ from: 8 * 60, to: 20 * 60 }]);
		const at = MIDNIGHT + 23 * HOUR;
		const { state, shard } = worldOf(
			[0, 1, 2].map((slot) => station(slot, { hours, telemetry: slot === 2 ? 'live' : 'manual' })),
			at
		);
		const sent = (type: 'station.opened' | 'station.closed' | 'station.heartbeat', site: string, when: number) =>
			arrival(stationEvent(type, site, when, {}), at);
		fold(state, shard, [
			sent('station.opened', 'S-0', MIDNIGHT + 8 * HOUR),
			sent('station.closed', 'S-0', MIDNIGHT + 20 * HOUR),
			sent('station.opened', 'S-1', MIDNIGHT + 8 * HOUR),
			sent('station.opened', 'S-2', MIDNIGHT + 9 * HOUR),
			sent('station.heartbeat', 'S-2', at - 1000)
		]);
		tickClock(state, [shard], at);
		expect([...state.columns.status.slice(0, 3)]).toEqual([STATUS.closed_planned, STATUS.closed_planned, STATUS.open]);
		expect([...state.columns.since.slice(0, 3)]).toEqual([0, 0, (MIDNIGHT + 9 * HOUR) / 1000]);
	});

	test('[BU7] sums of one bucket hold beyond 32 bits: it is closed in pieces', () => {
		const { state, shard } = worldOf([station(0)], MIDNIGHT);
		const count = 220_000;
		for (const lateness of [0, 2 * HOUR]) {
			const crowd = Array.from({ length: count }, (_, n) =>
				arrival(
					stationEvent(
						'people.counted',
						'S-0',
						MIDNIGHT - lateness,
						{ in: 10_000, out: 0, inside: 1 },
						{ id: `${lateness}-${n}` }
					),
					MIDNIGHT
				)
			);
			expect(fold(state, shard, crowd)).toEqual([]);
		}
		closeAllBuckets(state, [shard]);
		const pieces = shard.pieces.take(1000);
		let people = 0;
		for (let at = 0; at < pieces.length; at += PIECE_WIDTH) {
			const peopleIn = pieces[at + 1 + BUCKET.peopleIn]!;
			expect(peopleIn).toBeGreaterThan(0);
			people += peopleIn;
		}
		expect(people).toBe(2 * count * 10_000);
	});

	const hours = Array.from({ length: 7 }, () => [{ from: 8 * 60, to: 20 * 60 }]);

	test('[ST2] a sign of life makes the report of the door valid again, also outside posted hours', () => {
		const at = MIDNIGHT + 21 * HOUR;
		const { state, shard } = worldOf([station(0, { hours })], at);
		fold(state, shard, [arrival(stationEvent('station.opened', 'S-0', at, {}))]);
		expect(state.columns.status[0]).toBe(STATUS.open);
		tickClock(state, [shard], at + 4 * MINUTE);
		expect(state.columns.status[0]).toBe(STATUS.closed_planned);
		fold(state, shard, [arrival(stationEvent('station.heartbeat', 'S-0', at + 5 * MINUTE, {}))]);
		tickClock(state, [shard], at + 5 * MINUTE);
		expect(state.columns.status[0]).toBe(STATUS.open);
	});

	test('[ST2] inside posted hours a silent live site becomes unknown after 3 periods and open again when it speaks', () => {
		const at = MIDNIGHT + 10 * HOUR;
		const { state, shard } = worldOf([station(0, { hours })], at);
		fold(state, shard, [arrival(stationEvent('station.opened', 'S-0', at, {}))]);
		tickClock(state, [shard], at + 3 * MINUTE - 1);
		expect(state.columns.status[0]).toBe(STATUS.open);
		tickClock(state, [shard], at + 3 * MINUTE + 1);
		expect(state.columns.status[0]).toBe(STATUS.unknown);
		fold(state, shard, [arrival(stationEvent('station.heartbeat', 'S-0', at + 5 * MINUTE, {}))]);
		tickClock(state, [shard], at + 5 * MINUTE);
		expect(state.columns.status[0]).toBe(STATUS.open);
	});

	test('[ST5] an exception many days ahead is met by a program that runs that long', () => {
		const start = MIDNIGHT;
		const always = Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }]);
		const site = station(0, { hours: always, hoursExceptions: [{ date: '2026-06-20', intervals: [] }] });
		const { state, shard } = worldOf([site], start);
		for (let at = start; at < MIDNIGHT + 18 * 24 * HOUR + HOUR; at += HOUR) tickClock(state, [shard], at);
		expect(state.columns.status[0]).toBe(STATUS.closed_planned);
	});
});

/** `since` tells when the status was seen to begin: with shuffled reports that is another moment [FO3]. */
function withoutSince(columns: Columns): Record<string, number[]> {
	return Object.fromEntries(FIELDS.filter((field) => field !== 'since').map((field) => [field, [...columns[field]]]));
}
