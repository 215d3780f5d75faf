import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrival, areasOf, seededRandom, station, stationEvent, worldOf, type World } from '#test/support/stations.ts';
import type { Arrival } from './arrival.ts';
import { tickClock } from './clock.ts';
import { fold } from './fold.ts';
import { ALWAYS_OPEN, isPostedOpen, type WeeklyHours } from './hours.ts';
import { dayOf, dayStart } from './shanghai.ts';
import type { Site } from './site.ts';
import { DAY_ROW_WIDTH, setRegistry } from './state.ts';
import { DOOR, judgeStatus } from './status.ts';
import { readValue, STATUS } from './table.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in Shanghai at the start of Monday 2026-06-01. */
const MIDNIGHT = dayStart(dayOf(Date.UTC(2026, 5, 1)));
const SEED = 9_119;

const week = (from: number, to: number): WeeklyHours => Array.from({ length: 7 }, () => [{ from, to }]);
const OFFICE = week(8 * 60, 20 * 60);
const OVER_MIDNIGHT = week(18 * 60, 26 * 60);

interface Sums {
	posted: number;
	open: number;
	unknown: number;
}

/** Finished days as they wait for a commit: `slot day` → seconds. */
function daysOf({ shard }: World): Map<string, Sums> {
	const rows = shard.days.copy();
	const found = new Map<string, Sums>();
	for (let at = 0; at < rows.length; at += DAY_ROW_WIDTH) {
		const [slot, day, posted, open, unknown] = rows.subarray(at, at + DAY_ROW_WIDTH);
		const known = found.get(`${slot} ${day}`) ?? { posted: 0, open: 0, unknown: 0 };
		found.set(`${slot} ${day}`, {
			posted: known.posted + posted!,
			open: known.open + open!,
			unknown: known.unknown + unknown!
		});
	}
	return found;
}

const today = ({ state }: World, slot: number) =>
	(['postedToday', 'openToday', 'unknownToday'] as const).map((field) => readValue(state.columns, field, slot));

/**
 * An independent count: looks at every tenth second, and asks at each what had been received by then. Everything in the test
 * happens on whole tens of seconds, so each look stands for the ten that follow.
 */
function countByLooking(sites: readonly Site[], arrivals: readonly Arrival[], fromMs: number, toMs: number) {
	const days = new Map<string, Sums>();
	for (const site of sites) {
		if (site.hours === null || site.lifecycle !== 'open') continue;
		const own = arrivals.filter(({ event }) => event.subject === site.code);
		let read = 0;
		let [seenAtMs, reportedAtMs, door] = [0, 0, DOOR.unreported as number];
		for (let at = fromMs; at < toMs; at += 10 * SECOND) {
			for (; read < own.length && own[read]!.receivedAt <= at; read++) {
				const { event, at: time } = own[read]!;
				seenAtMs = Math.max(seenAtMs, time);
				if ((event.type === 'station.opened' || event.type === 'station.closed') && time >= reportedAtMs) {
					reportedAtMs = time;
					door = event.type === 'station.opened' ? DOOR.opened : event.data.planned ? DOOR.closedPlanned : DOOR.closed;
				}
			}
			if (!isPostedOpen(site.hours, site.hoursExceptions, at)) continue;
			const report = { door, reportedAtMs, seenAtMs };
			const { status } = judgeStatus(site, report, at);
			const key = `${site.slot} ${dayOf(at)}`;
			const sums = days.get(key) ?? { posted: 0, open: 0, unknown: 0 };
			days.set(key, sums);
			sums.posted += 10;
			if (status === STATUS.open) sums.open += 10;
			if (status === STATUS.unknown) sums.unknown += 10;
		}
	}
	return days;
}

describe('[FU2] fulfilment', () => {
	test('equals a count that looks at every moment, whatever the batches, ticks, silences and clock jumps', () => {
		const sites = [
			station(0, { hours: OFFICE }),
			station(1, { hours: OVER_MIDNIGHT, periodSeconds: 600 }),
			station(2, { hours: OFFICE, telemetry: 'manual', periodSeconds: 86_400 }),
			station(3, { hours: ALWAYS_OPEN, telemetry: 'none', periodSeconds: null }),
			station(4, {
				hours: ALWAYS_OPEN,
				hoursExceptions: [{ date: '2026-06-02', intervals: [{ from: 600, to: 720 }] }]
			}),
			station(5),
			station(6, { hours: OFFICE, lifecycle: 'suspended' })
		];
		const span = 2 * DAY + 6 * HOUR;
		fc.assert(
			fc.property(fc.integer(), fc.constantFrom(30, 300, 3000), (seed, count) => {
				const random = seededRandom(seed);
				const tens = (limit: number): number => Math.floor((random() * limit) / (10 * SECOND)) * 10 * SECOND;
				const times = Array.from({ length: count }, () => MIDNIGHT + tens(span)).toSorted((a, b) => a - b);
				const first = sites.map(({ code }) => arrival(stationEvent('station.heartbeat', code, MIDNIGHT, {})));
				const rest = times.map((receivedAt) => {
					const late = random() < 0.2 ? tens(3 * HOUR) : random() < 0.1 ? -tens(5 * MINUTE) : 0;
					const code = `S-${Math.floor(random() * sites.length)}`;
					const kind = random();
					const at = receivedAt - late;
					if (kind < 0.3) return arrival(stationEvent('station.opened', code, at, {}), receivedAt);
					if (kind < 0.45)
						return arrival(stationEvent('station.closed', code, at, { planned: random() < 0.5 }), receivedAt);
					return arrival(stationEvent('station.heartbeat', code, at, {}), receivedAt);
				});
				const arrivals = [...first, ...rest];
				const world = worldOf(sites, MIDNIGHT);
				for (let from = 0; from < arrivals.length;) {
					const to = Math.min(from + 1 + Math.floor(random() * 60), arrivals.length);
					fold(world.state, world.shard, arrivals.slice(from, to));
					world.shard.readUntil = arrivals[to - 1]!.receivedAt;
					// The wall's clock may be far ahead of a stream that is being read.
					if (random() < 0.5)
						tickClock(world.state, [world.shard], world.shard.readUntil + (random() < 0.3 ? 5 * DAY : 0));
					from = to;
				}
				world.shard.readUntil = Number.POSITIVE_INFINITY;
				const end = MIDNIGHT + 3 * DAY;
				tickClock(world.state, [world.shard], Math.max(end + MINUTE, world.state.now));
				const expected = countByLooking(sites, arrivals, MIDNIGHT, end);
				const stored = daysOf(world);
				for (const [key, sums] of expected) expect([key, stored.get(key)]).toEqual([key, sums]);
				for (const key of stored.keys())
					if (Number(key.split(' ')[1]) < dayOf(end)) expect(expected.has(key)).toBe(true);
			}),
			{ seed: SEED, numRuns: 12 }
		);
	});

	test('[FU1] a site that posts none, or is not in service, has none: not 0', () => {
		const world = worldOf(
			[station(0), station(1, { hours: OFFICE, lifecycle: 'suspended' }), station(2, { hours: OFFICE })],
			MIDNIGHT
		);
		tickClock(world.state, [world.shard], MIDNIGHT + HOUR);
		expect([0, 1, 2].map((slot) => today(world, slot))).toEqual([
			[null, null, null],
			[null, null, null],
			[0, 0, 0]
		]);
	});

	test('[FU3] is shown up to the close of 5 minutes, and at once where a door is reported', () => {
		const world = worldOf([station(0, { hours: ALWAYS_OPEN })], MIDNIGHT);
		const { state, shard } = world;
		fold(state, shard, [arrival(stationEvent('station.opened', 'S-0', MIDNIGHT, {}))]);
		fold(state, shard, [arrival(stationEvent('station.closed', 'S-0', MIDNIGHT + 100 * SECOND, {}))]);
		expect(today(world, 0)).toEqual([100, 100, 0]);
		tickClock(state, [shard], MIDNIGHT + 5 * MINUTE);
		expect(today(world, 0)).toEqual([100, 100, 0]);
		tickClock(state, [shard], MIDNIGHT + 6 * MINUTE);
		// Closed while signs of life were recent (3 periods of 60 s), unknown from then on.
		expect(today(world, 0)).toEqual([300, 100, 20]);
	});

	test('[FU4] at midnight the day becomes a row and the counts begin anew', () => {
		const world = worldOf([station(0, { hours: OFFICE, telemetry: 'manual', periodSeconds: 86_400 })], MIDNIGHT);
		const { state, shard } = world;
		tickClock(state, [shard], MIDNIGHT + HOUR);
		fold(state, shard, [arrival(stationEvent('station.opened', 'S-0', MIDNIGHT + 9 * HOUR, {}))]);
		tickClock(state, [shard], MIDNIGHT + DAY + 10 * SECOND);
		expect(today(world, 0)).toEqual([0, 0, 0]);
		tickClock(state, [shard], MIDNIGHT + DAY + 2 * MINUTE);
		expect(Object.fromEntries(daysOf(world))).toEqual({
			[`0 ${dayOf(MIDNIGHT)}`]: { posted: 12 * 3600, open: 11 * 3600, unknown: 3600 }
		});
		expect(today(world, 0)).toEqual([0, 0, 0]);
	});

	test('[FU4] days without any process are told as unknown, 31 of them at most', () => {
		const world = worldOf([station(0, { hours: OFFICE })], MIDNIGHT);
		tickClock(world.state, [world.shard], MIDNIGHT + 12 * HOUR);
		tickClock(world.state, [world.shard], MIDNIGHT + 100 * DAY);
		const days = [...daysOf(world)];
		expect(days).toHaveLength(31);
		for (const [, sums] of days) expect(sums).toEqual({ posted: 43_200, open: 0, unknown: 43_200 });
	});

	test('[FU5] new hours hold from where the accounting stands; a site out of service owes nothing meanwhile', () => {
		const site = station(0, { hours: ALWAYS_OPEN });
		const world = worldOf([site], MIDNIGHT);
		const { state, shard } = world;
		const change = (more: Partial<Site>): void => setRegistry(state, [{ ...site, ...more }], areasOf([site]));
		tickClock(state, [shard], MIDNIGHT);
		tickClock(state, [shard], MIDNIGHT + 61 * MINUTE);
		expect(today(world, 0)).toEqual([3600, 0, 3600]);
		change({ lifecycle: 'suspended' });
		tickClock(state, [shard], MIDNIGHT + 121 * MINUTE);
		expect(today(world, 0)).toEqual([null, null, null]);
		change({ hours: week(0, 150) });
		tickClock(state, [shard], MIDNIGHT + 181 * MINUTE);
		expect(today(world, 0)).toEqual([3600 + 1800, 0, 3600 + 1800]);
	});
});
