import { describe, expect, test } from 'vitest';
import { Compile } from 'typebox/compile';
import { eventSchema, type StationEvent } from '#domain/event.ts';
import { demoCity } from './city.ts';
import { BATCH, simulate } from './drive.ts';
import { simSitesOf, timeOf } from './sim-site.ts';
import { startDemo } from './start.ts';

const sites = simSitesOf(demoCity(1).sites);
const live = sites.filter((site) => site.telemetry === 'live');
const noon = Date.parse('2025-10-14T12:00:00+08:00');

/** A clock that moves only while somebody sleeps. */
function testClock(start: number) {
	let now = start;
	return {
		now: () => now,
		sleep: async (ms: number) => {
			now += ms;
			await Promise.resolve();
		},
		jump: (ms: number) => {
			now += ms;
		}
	};
}

describe('the simulation', () => {
	test('tells the opening state, then goes on without a gap, a double or a future', async () => {
		const clock = testClock(noon);
		const sent: StationEvent[] = [];
		const total = await simulate({
			...{ seed: 1, sites, forMs: 180_000, ...clock },
			send: async (events) => {
				expect(events.length).toBeLessThanOrEqual(BATCH);
				for (const event of events) expect(timeOf(event)).toBeLessThanOrEqual(clock.now());
				sent.push(...events);
			}
		});
		expect(sent).toHaveLength(total);
		expect(new Set(sent.map((event) => event.id)).size).toBe(total);
		const heartbeats = sent.filter((event) => event.type === 'station.heartbeat' && timeOf(event) > noon);
		expect(heartbeats.length).toBeGreaterThanOrEqual(83 * 2);
	});

	test('begins anew after a long sleep instead of telling every missed minute', async () => {
		const clock = testClock(noon);
		let sent = 0;
		let rounds = 0;
		await simulate({
			...{ seed: 1, sites, forMs: 7_300_000, now: clock.now },
			sleep: async (ms) => {
				clock.jump(rounds++ === 0 ? 7_200_000 : ms);
			},
			send: async (events) => {
				sent += events.length;
			}
		});
		expect(sent).toBeLessThan(20_000);
	});

	test('holds a rate that is asked for', async () => {
		const clock = testClock(noon);
		const sent: StationEvent[] = [];
		const total = await simulate({
			...{ seed: 1, sites: live, rate: 1000, forMs: 5000, ...clock },
			send: async (events) => {
				for (const event of events) expect(timeOf(event)).toBeLessThanOrEqual(clock.now());
				sent.push(...events);
			}
		});
		expect(total).toBe(5000);
		expect(new Set(sent.map((event) => event.id)).size).toBe(5000);
		expect(new Set(sent.map((event) => event.subject)).size).toBe(live.length);
		for (const event of sent) expect(Compile(eventSchema(event.type)).Check(event)).toBe(true);
	});

	test('refuses to run at a rate without sites', async () => {
		const run = simulate({
			seed: 1,
			sites: [],
			rate: 10,
			...testClock(noon),
			send: async () => undefined,
			forMs: 1000
		});
		await expect(run).rejects.toThrow('no sites');
	});
});

describe('the demo inside the server', () => {
	test('sends until it is stopped, and nothing afterwards', async () => {
		const clock = testClock(noon);
		let sent = 0;
		const { promise: began, resolve: begin } = Promise.withResolvers<null>();
		const demo = startDemo({
			...{ sites, seed: 1, now: clock.now, log: () => undefined },
			sleep: async (ms) => {
				clock.jump(ms);
				await new Promise((resolve) => setImmediate(resolve));
			},
			send: async (events) => {
				sent += events.length;
				begin(null);
			}
		});
		await began;
		await demo.stop();
		const atStop = sent;
		for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
		expect(atStop).toBeGreaterThan(0);
		expect(sent).toBe(atStop);
	});

	test('says so when it cannot send, waits, and begins anew', async () => {
		const clock = testClock(noon);
		const logged: string[] = [];
		let attempts = 0;
		const { promise: recovered, resolve: recover } = Promise.withResolvers<null>();
		const demo = startDemo({
			...{ sites, seed: 1, now: clock.now, log: (message: string) => logged.push(message) },
			sleep: async (ms) => {
				clock.jump(ms);
				await new Promise((resolve) => setImmediate(resolve));
			},
			send: async () => {
				attempts++;
				if (attempts === 1) throw new Error('Redis is away');
				recover(null);
			}
		});
		await recovered;
		await demo.stop();
		expect(logged).toEqual(['The demo could not send its events (Redis is away). It tries again in 5 s.']);
	});
});
