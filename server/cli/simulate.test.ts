import { describe, expect, test } from 'vitest';
import type { StationEvent } from '#domain/event.ts';
import { demoCity } from '#server/demo/city.ts';
import { simSitesOf } from '#server/demo/sim-site.ts';
import { chooseSites, simulateCommand, type SimulateCommand } from './simulate.ts';

const noon = Date.parse('2025-10-14T12:00:00+08:00');
const sites = simSitesOf(demoCity().sites);

/** A server that takes every event but those of one station. */
function testServer() {
	const taken: StationEvent[] = [];
	const refusedStation = sites.find((site) => site.telemetry === 'live')?.code;
	const serve: typeof fetch = async (_, init) => {
		const events = JSON.parse(String(init?.body)) as StationEvent[];
		taken.push(...events);
		const rejected = events.flatMap((event, index) =>
			event.subject === refusedStation ? [{ index, code: 'unknown_station', message: 'Import it.' }] : []
		);
		return Response.json({ accepted: events.length - rejected.length, rejected }, { status: 202 });
	};
	return { serve, taken };
}

function run(more: Partial<SimulateCommand>) {
	let now = noon;
	const printed: string[] = [];
	const { serve, taken } = testServer();
	const summary = simulateCommand({
		...{ url: 'http://127.0.0.1:3000', key: 'k', sites, fetch: serve, print: (line: string) => printed.push(line) },
		now: () => now,
		sleep: async (ms) => {
			now += ms;
		},
		...more
	});
	return { summary, taken, printed };
}

describe('simulate', () => {
	test('holds a rate over the first stations, live ones first, and counts what was refused', async () => {
		const { summary, taken, printed } = run({ rate: 200, stations: 90, seconds: 5 });
		const { sent, accepted, rejected, seconds } = await summary;
		expect(sent).toBe(1000);
		expect(taken).toHaveLength(1000);
		expect(new Set(taken.map((event) => event.subject)).size).toBe(90);
		expect(accepted + (rejected.get('unknown_station') ?? 0)).toBe(1000);
		expect(seconds).toBeCloseTo(5, 1);
		expect(printed).toEqual(['90 stations, 200 events a second', 'refused: unknown_station: Import it.']);
	});

	test('without a rate runs the natural day of all stations with the hours of the demo city', async () => {
		const { summary, taken } = run({ seconds: 60 });
		expect((await summary).sent).toBe(taken.length);
		expect(new Set(taken.map((event) => event.type))).toContain('device.changed');
		expect(taken.some((event) => event.quality === 'reported')).toBe(true);
	});

	test('says what is wrong with the server, the registry or a number', async () => {
		await expect(run({ sites: [] }).summary).rejects.toThrow('has no stations');
		await expect(run({ url: 'nonsense' }).summary).rejects.toThrow('is no address');
		await expect(run({ rate: 0 }).summary).rejects.toThrow('--rate must be a number above 0');
	});

	test('takes all stations as they are, or a few of them as live', () => {
		expect(chooseSites(sites, undefined)).toBe(sites);
		const few = chooseSites(sites, 100);
		expect(few).toHaveLength(100);
		expect(few.every((site) => site.telemetry === 'live')).toBe(true);
		const wereLive = new Set(sites.filter((site) => site.telemetry === 'live').map((site) => site.code));
		expect(few.filter((site) => wereLive.has(site.code))).toHaveLength(83);
	});
});
