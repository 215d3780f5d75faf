import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Compile } from 'typebox/compile';
import { eventSchema, type StationEvent } from '#domain/event.ts';
import type { EventDoor } from './event-door.ts';
import type { ExpectedStation } from './replay-adapter.ts';
import { osloAdapter } from './replay-adapter-oslo.ts';
import { replay, type ReplayOptions } from './replay.ts';

const start = Date.parse('2025-10-14T04:00:00.000Z');

const small = [
	'{"t":1000,"id":"a","full":{"num_bikes_available":3,"is_renting":true}}',
	'{"t":1000,"id":"b","full":{"num_bikes_available":0,"is_renting":false}}',
	'{"t":1060,"lr":1061,"id":"a","set":{"num_bikes_available":5,"num_docks_available":9}}',
	'{"t":1120,"lr":1121,"id":"a","set":{"num_docks_available":4}}',
	'{"t":1180,"lr":1181,"id":"a","set":{"num_bikes_available":1,"is_renting":false}}',
	'{"t":1240,"lr":1241,"id":"b","set":{"is_renting":true}}',
	''
];

function testDoor() {
	const sent: StationEvent[] = [];
	const sentAt: number[] = [];
	let now = start;
	const door: EventDoor = {
		async send(events) {
			sent.push(...events);
			sentAt.push(...events.map(() => now));
			return { accepted: events.length, rejected: [] };
		}
	};
	const clock = {
		now: () => now,
		sleep: async (ms: number) => {
			now += ms;
		}
	};
	return { door, sent, sentAt, clock };
}

async function play(lines: readonly string[], options: Partial<ReplayOptions> = {}) {
	const { door, sent, sentAt, clock } = testDoor();
	const summary = await replay({
		...{ adapter: osloAdapter, lines, door, seconds: 0, order: 'file', seed: 1, duplicateShare: 0 },
		...clock,
		...options
	});
	return { summary, sent, sentAt, took: clock.now() - start };
}

/** A naive fold: an id counts once, the newest time of each value wins. */
function foldNaively(events: readonly StationEvent[]): Map<string, ExpectedStation> {
	const seen = new Set<string>();
	const newest = new Map<string, number>();
	const state = new Map<string, ExpectedStation>();
	for (const event of events) {
		if (seen.has(event.id)) continue;
		seen.add(event.id);
		const value = event.type === 'people.counted' ? 'inside' : 'door';
		const at = Date.parse(event.time);
		if (at < (newest.get(`${event.subject} ${value}`) ?? 0)) continue;
		newest.set(`${event.subject} ${value}`, at);
		const before = state.get(event.subject) ?? { inside: null, isOpen: null };
		if (event.type === 'people.counted') state.set(event.subject, { ...before, inside: event.data.inside });
		else state.set(event.subject, { ...before, isOpen: event.type === 'station.opened' });
	}
	return state;
}

function checkTimes(events: readonly StationEvent[], sentAt: readonly number[]) {
	const byStation = new Map<string, Map<string, number>>();
	events.forEach((event, index) => {
		const at = Date.parse(event.time);
		if (at > sentAt[index]!) throw new Error(`${event.id} lies in the future`);
		if (at < sentAt[index]! - 86_400_000) throw new Error(`${event.id} is too old`);
		const times = byStation.get(event.subject) ?? new Map<string, number>();
		times.set(event.id, at);
		byStation.set(event.subject, times);
	});
	for (const times of byStation.values()) expect(new Set(times.values()).size).toBe(times.size);
}

describe('the adapter of bicycle stations', () => {
	test('tells bicycles as people inside, with who came and left since the value before', () => {
		const counts = osloAdapter.facts(small).filter((fact) => fact.type === 'people.counted');
		expect(counts.map((fact) => [fact.id, fact.station, fact.data])).toEqual([
			['1-inside', 'a', { in: 0, out: 0, inside: 3 }],
			['2-inside', 'b', { in: 0, out: 0, inside: 0 }],
			['3-inside', 'a', { in: 2, out: 0, inside: 5 }],
			['5-inside', 'a', { in: 0, out: 4, inside: 1 }]
		]);
	});

	test('tells renting as the door: at first, and when it flips', () => {
		const doors = osloAdapter.facts(small).filter((fact) => fact.type !== 'people.counted');
		expect(doors.map((fact) => [fact.id, fact.station, fact.type])).toEqual([
			['1-door', 'a', 'station.opened'],
			['2-door', 'b', 'station.closed'],
			['5-door', 'a', 'station.closed'],
			['6-door', 'b', 'station.opened']
		]);
	});

	test('knows all stations and how each must end', () => {
		expect(osloAdapter.stationsOf(small)).toEqual(['a', 'b']);
		expect([...osloAdapter.expectedState(small)]).toEqual([
			['a', { inside: 1, isOpen: false }],
			['b', { inside: 0, isOpen: true }]
		]);
	});

	test.each([
		['{"t":1', 'Line 2 is not JSON.'],
		['[1]', 'Line 2 is no record'],
		['{"t":1,"id":"a","set":{"num_bikes_available":-1}}', 'Line 2 is no record'],
		['7', 'Line 2 is not a JSON object.']
	])('says which line cannot be read: %s', (line, sentence) => {
		expect(() => osloAdapter.facts([small[0]!, line])).toThrow(sentence);
	});
});

describe('a replay', () => {
	test.each([
		['in order, as fast as it goes', { seconds: 0, order: 'file' }],
		['in order, compressed', { seconds: 60, order: 'file' }],
		['shuffled, as fast as it goes', { seconds: 0, order: 'shuffled' }],
		['shuffled, compressed', { seconds: 60, order: 'shuffled' }]
	] as const)('%s: takes its time and ends with the last values', async (_, options) => {
		const { sent, sentAt, took, summary } = await play(small, { ...options, duplicateShare: 0.5 });
		expect(foldNaively(sent)).toEqual(osloAdapter.expectedState(small));
		checkTimes(sent, sentAt);
		expect(summary).toMatchObject({ events: 8, duplicates: 4, sent: 12, accepted: 12, rejected: [] });
		expect(took).toBeGreaterThanOrEqual(options.seconds * 900);
		expect(took).toBeLessThanOrEqual(options.seconds * 1000 + 200);
	});

	test('keeps its ids from run to run, but never its source', async () => {
		const first = await play(small);
		const second = await play(small, { now: () => start + 1000 });
		expect(second.sent.map((event) => event.id)).toEqual(first.sent.map((event) => event.id));
		expect(second.sent[0]?.source).not.toBe(first.sent[0]?.source);
		expect((await play(small, { source: 'mine' })).sent[0]?.source).toBe('mine');
	});

	test('stops when it is told to', async () => {
		const { summary } = await play(small, { signal: AbortSignal.abort() });
		expect(summary.sent).toBe(0);
	});

	test('refuses options that would make events late, or make no sense', async () => {
		await expect(play(small, { seconds: 90_000 })).rejects.toThrow('--seconds must be between');
		await expect(play(small, { duplicateShare: 2 })).rejects.toThrow('--duplicates must be between');
	});
});

/** Recorded data is not part of this repository; whoever has it says where. */
const data = process.env['YIZHAN_SHARED_DATA'] ?? path.resolve(import.meta.dirname, '../../../shared/data');
const recording = path.join(data, 'replay/oslo_bysykkel_delta_2024-W34.ndjson');

describe.skipIf(!existsSync(recording))('the recorded week (skipped where YIZHAN_SHARED_DATA has no recording)', () => {
	const read = () => readFileSync(recording, 'utf8').split('\n');

	test.each(['file', 'shuffled'] as const)(
		'in the order "%s" with one event in ten twice ends with its last values',
		async (order) => {
			const lines = read();
			const { sent, sentAt, summary } = await play(lines, { order, duplicateShare: 0.1, seconds: 900 });
			expect(osloAdapter.stationsOf(lines)).toHaveLength(265);
			expect(summary.events).toBe(265 * 2 + 10_038 + 2);
			expect(summary.duplicates).toBe(1057);
			expect(foldNaively(sent)).toEqual(osloAdapter.expectedState(lines));
			checkTimes(sent, sentAt);
			const checks = new Map<string, (event: unknown) => boolean>();
			for (const event of sent) {
				const check = checks.get(event.type) ?? (({ Check }) => Check)(bound(event.type));
				checks.set(event.type, check);
				if (!check(event)) throw new Error(JSON.stringify(event));
			}
		}
	);
});

function bound(type: StationEvent['type']) {
	const validator = Compile(eventSchema(type));
	return { Check: (event: unknown) => validator.Check(event) };
}
