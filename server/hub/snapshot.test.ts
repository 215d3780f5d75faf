import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closeAllBuckets, tickClock } from '#domain/clock.ts';
import { fold } from '#domain/fold.ts';
import { ALWAYS_OPEN } from '#domain/hours.ts';
import { widthOf, type Memory } from '#domain/memory.ts';
import { dayOf, dayStart } from '#domain/shanghai.ts';
import type { Site } from '#domain/site.ts';
import { emptyShard, emptyState, setRegistry, type LiveState, type ShardState } from '#domain/state.ts';
import { readValue } from '#domain/table.ts';
import { arrival, areasOf, station, stationEvent, visit } from '#test/support/stations.ts';
import { SentColumns } from './diff.ts';
import { compressImage, encodeShard, restoreShard } from './snapshot.ts';

const MIDNIGHT = dayStart(dayOf(Date.UTC(2026, 5, 2)));
const HOUR = 3_600_000;
const MINUTE = 60_000;

const shardOf =
	(shards: number) =>
	(site: Site): number =>
		site.slot % shards;

function stateOf(sites: readonly Site[], shards: number, nowMs: number): LiveState {
	const state = emptyState(nowMs, shardOf(shards));
	setRegistry(state, sites, areasOf(sites));
	return state;
}

async function restored(sites: readonly Site[], from: LiveState, shards: readonly ShardState[], nowMs: number) {
	const images = await Promise.all(shards.map((shard) => compressImage(encodeShard(from, shard))));
	const state = stateOf(sites, shards.length, nowMs);
	const fresh = shards.map(({ shard }) => emptyShard(shard));
	for (const [i, image] of images.entries()) await restoreShard(state, fresh[i]!, image);
	return { state, shards: fresh };
}

/** All that must be the same after a restart; what is due is judged anew, and what is dirty is of the process. */
function essence(state: LiveState, shards: readonly ShardState[], slots: readonly number[]) {
	const pick = (arrays: object) =>
		Object.fromEntries(
			Object.entries(arrays as Record<string, Int32Array>)
				.filter(([key]) => key !== 'dueAt' && key !== 'accountDue')
				.map(([key, array]) => {
					const width = key in state.memory ? widthOf(key as keyof Memory) : 1;
					return [key, slots.map((slot) => [...array.subarray(slot * width, (slot + 1) * width)])];
				})
		);
	return {
		columns: pick(state.columns),
		memory: pick(state.memory),
		tomorrow: slots.map((slot) => [...(state.occupationsTomorrow.get(slot) ?? [])]),
		devices: slots.map((slot) => [...(state.devices.get(slot)?.values() ?? [])]),
		supplies: slots.map((slot) => [...(state.supplies.get(slot)?.values() ?? [])]),
		shards: shards.map((shard) => ({
			pieces: [...shard.pieces.copy()],
			occupations: Object.values(shard.occupations.copy()).map((rows) => [...rows]),
			days: [...shard.days.copy()],
			sources: [...shard.sources.values()].map(({ sequence, ...source }) => ({
				...source,
				sequence: sequence?.toArray() ?? null
			})),
			counters: [shard.taken, shard.duplicates, shard.tests, shard.refused]
		}))
	};
}

/** Some of everything at a site. */
function someEvents(code: string, at: number, n: number) {
	return [
		visit(code, at, n + 1, { source: `gw-${n % 3}`, sequence: at / MINUTE }),
		stationEvent('env.read', code, at, { temperatureC: n, humidityPct: 50, co2Ppm: 400 + n }),
		stationEvent('people.counted', code, at, { in: n, out: 0, inside: n }),
		stationEvent('device.changed', code, at, { device: `d${n % 2}`, kind: 'door', state: 'online' }),
		stationEvent('supply.changed', code, at, { item: 'water', quantity: n }),
		stationEvent('power.changed', code, at, { mains: n % 2 === 0 }),
		stationEvent('station.opened', code, at, {}),
		visit(code, at - 2 * HOUR, n + 1),
		stationEvent('station.visited', code, at, { method: 'qr', occupation: 'rider', count: n + 1 }),
		// Dated ahead, over midnight where it is near.
		stationEvent('station.visited', code, at + 4 * MINUTE, { method: 'qr', occupation: 'trucker' })
	];
}

describe('a shard that is encoded and restored', () => {
	test('[CO7] is identical, with any number of shards and holes between the slots', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 }),
				fc.constantFrom(1, 2, 3),
				fc.array(fc.tuple(fc.nat(11), fc.nat(500)), { maxLength: 20 }),
				async (slots, count, visits) => {
					const sites = slots.map((slot) => station(slot, slot % 2 === 0 ? { hours: ALWAYS_OPEN } : {}));
					const now = MIDNIGHT - 2 * MINUTE;
					const state = stateOf(sites, count, now);
					const shards = Array.from({ length: count }, (_, shard) => emptyShard(shard));
					for (const [at, minute] of visits) {
						const site = sites[at % sites.length]!;
						const moment = now - minute * MINUTE;
						const batch = someEvents(site.code, moment, minute % 9).map((event) => arrival(event, now));
						fold(state, shards[site.slot % count]!, batch);
					}
					// In the old day, and in the new one: with visits that waited for it, and a day that waits for its commit.
					const later = now + (visits.length % 2 === 0 ? 1 : 10 * MINUTE);
					tickClock(state, shards, later);
					const copy = await restored(sites, state, shards, later);
					expect(essence(copy.state, copy.shards, slots)).toEqual(essence(state, shards, slots));
				}
			),
			{ seed: 11, numRuns: 60 }
		);
	});

	test('[CO7] folds on as if it had not stopped, also over midnight', async () => {
		const sites = [station(0), station(1, { telemetry: 'manual' })];
		const before = MIDNIGHT - 3 * MINUTE;
		const state = stateOf(sites, 1, before);
		const shard = emptyShard(0);
		fold(state, shard, [arrival(visit('S-0', before, 4)), arrival(visit('S-1', MIDNIGHT + MINUTE, 6), before)]);
		for (const [later, today] of [
			[before + 1, [4, null]],
			[MIDNIGHT + 1, [null, 6]],
			[MIDNIGHT + 30 * HOUR, [null, null]]
		] as const) {
			const copy = await restored(sites, state, [shard], later);
			expect([0, 1].map((slot) => readValue(copy.state.columns, 'visitsToday', slot))).toEqual(today);
		}
	});

	test('[CO7] by a process whose clock is a little behind, just after midnight, keeps the visits of the new day', async () => {
		const sites = [station(0)];
		const state = stateOf(sites, 1, MIDNIGHT - MINUTE);
		const shard = emptyShard(0);
		fold(state, shard, [arrival(visit('S-0', MIDNIGHT + 100, 4), MIDNIGHT + 200)]);
		expect(state.columns.visitsToday[0]).toBe(4);
		const copy = await restored(sites, state, [shard], MIDNIGHT - 300);
		tickClock(copy.state, copy.shards, MIDNIGHT + 1000);
		expect(copy.state.columns.visitsToday[0]).toBe(4);
	});

	test('[CO7] after the registry grew while it ran: room was made for more sites than a fresh start makes', async () => {
		const few = Array.from({ length: 10 }, (_, slot) => station(slot));
		const sites = [...few, station(10)];
		const state = stateOf(few, 1, MIDNIGHT);
		const shard = emptyShard(0);
		setRegistry(state, sites, areasOf(sites));
		expect(state.capacity).toBeGreaterThan(sites.length);
		fold(state, shard, [arrival(visit('S-10', MIDNIGHT, 3))]);
		const copy = await restored(sites, state, [shard], MIDNIGHT + 1);
		expect(copy.state.columns.visitsToday[10]).toBe(3);
	});

	test('[CO7] after the site with the last slot was taken out of the registry', async () => {
		const sites = [station(0), station(1), station(2)];
		for (const count of [1, 2]) {
			const state = stateOf(sites, count, MIDNIGHT);
			const shards = Array.from({ length: count }, (_, shard) => emptyShard(shard));
			fold(state, shards[1 % count]!, [arrival(visit('S-1', MIDNIGHT, 3))]);
			const copy = await restored(sites.slice(0, 2), state, shards, MIDNIGHT + 1);
			expect(copy.state.columns.visitsToday[1]).toBe(3);
		}
	});

	test('[FM4] what was restored is shown: the next frame carries it, also after the shard was forgotten in between', async () => {
		const sites = [station(0), station(1)];
		const state = stateOf(sites, 1, MIDNIGHT);
		const shard = emptyShard(0);
		fold(state, shard, [arrival(visit('S-0', MIDNIGHT, 3)), arrival(visit('S-1', MIDNIGHT, 5))]);
		const copy = await restored(sites, state, [shard], MIDNIGHT + 1);
		const sent = new SentColumns();
		sent.collect(copy.state);
		expect([...sent.columns.visitsToday]).toEqual([3, 5]);
	});

	test('[BU4] buckets that were open go on and are counted once', async () => {
		const sites = [station(0)];
		const state = stateOf(sites, 1, MIDNIGHT);
		const shard = emptyShard(0);
		fold(state, shard, [arrival(visit('S-0', MIDNIGHT, 3)), arrival(visit('S-0', MIDNIGHT - HOUR, 2), MIDNIGHT)]);
		const copy = await restored(sites, state, [shard], MIDNIGHT + 1);
		fold(copy.state, copy.shards[0]!, [arrival(visit('S-0', MIDNIGHT + MINUTE, 4))]);
		closeAllBuckets(copy.state, copy.shards);
		const pieces = copy.shards[0]!.pieces.take(100);
		expect(pieces.length / 9).toBe(2);
		expect([pieces[3], pieces[9 + 3]].toSorted()).toEqual([2, 7]);
	});
});
