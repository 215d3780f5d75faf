import { beforeAll, describe, expect, test } from 'vitest';
import { Compile } from 'typebox/compile';
import { EVENT_TYPES, eventSchema, type EventType, type StationEvent } from '#domain/event.ts';
import { DAY_MS, dayOf, minuteOfDay } from '#domain/shanghai.ts';
import { demoCity } from './city.ts';
import { isHeatWave } from './day-air.ts';
import { deadSpan } from './day-faults.ts';
import { createDays, openingState, simulateDay, type DayOptions } from './day.ts';
import { modelsOf, simSitesOf, sourcePeriods, timeOf } from './sim-site.ts';

const HOUR_MS = 3_600_000;
const sites = simSitesOf(demoCity(1).sites);
const options: DayOptions = { seed: 1, sites };
/** A Tuesday in October: no heat wave of its own */
const midnight = Date.parse('2025-10-14T00:00:00+08:00');
const noon = midnight + 12 * HOUR_MS;
const stretch = (fromMs: number, untilMs: number, more: Partial<DayOptions> = {}) => [
	...simulateDay({ ...options, ...more, fromMs, untilMs })
];
const ofType = <T extends EventType>(events: readonly StationEvent[], type: T) =>
	events.filter((event): event is Extract<StationEvent, { type: T }> => event.type === type);
const visitors = (events: readonly StationEvent[]) =>
	ofType(events, 'station.visited').reduce((sum, event) => sum + (event.data.count ?? 1), 0);

let day: StationEvent[] = [];
beforeAll(() => {
	day = stretch(midnight, midnight + DAY_MS);
});

describe('a simulated day', () => {
	test('has only events that the product takes, of every type', () => {
		const checks = new Map(EVENT_TYPES.map((type) => [type, Compile(eventSchema(type))]));
		for (const event of day) {
			if (checks.get(event.type)?.Check(event) !== true) throw new Error(JSON.stringify(event));
		}
		expect(new Set(day.map((event) => event.type)).size).toBe(EVENT_TYPES.length);
	});

	test('goes on in the order of time, inside its bounds, with every id used once', () => {
		let before = midnight;
		for (const event of day) {
			if (timeOf(event) < before) throw new Error(`${event.id} goes back in time`);
			before = timeOf(event);
		}
		expect(before).toBeLessThan(midnight + DAY_MS);
		expect(new Set(day.map((event) => `${event.source} ${event.id}`)).size).toBe(day.length);
	});

	test('is the same wherever it is cut', () => {
		const cut = midnight + 9 * HOUR_MS + 12_345;
		const days = createDays(options);
		const pieces = [...days.between(midnight, cut), ...days.between(cut, cut + 777), ...days.between(cut + 777, noon)];
		expect(pieces.map((event) => JSON.stringify(event))).toEqual(
			day.filter((event) => timeOf(event) < noon).map((event) => JSON.stringify(event))
		);
	});

	test('differs from seed to seed', () => {
		expect(stretch(noon, noon + 60_000, { seed: 2 })).not.toEqual(stretch(noon, noon + 60_000));
	});

	test('brings 6 to 14 people to each station that reports visits', () => {
		const reporting = new Set(ofType(day, 'station.visited').map((event) => event.subject)).size;
		const perStation = visitors(day) / reporting;
		expect(perStation).toBeGreaterThan(6);
		expect(perStation).toBeLessThan(14);
	});

	test('is quiet at night, has its peak at lunch, and couriers after it', () => {
		const between = (from: number, to: number) =>
			visitors(day.filter((event) => minuteOfDay(timeOf(event)) >= from * 60 && minuteOfDay(timeOf(event)) < to * 60));
		const lunch = between(11, 14) / 3;
		expect(between(0, 5) / 5).toBeLessThan(lunch / 10);
		expect(between(14, 17) / 3).toBeLessThan(lunch);
		expect(between(19, 22) / 3).toBeLessThan(between(14, 17) / 3);
		const afternoon = ofType(day, 'station.visited').filter((event) =>
			[14, 15, 16].includes(Math.floor(minuteOfDay(timeOf(event)) / 60))
		);
		const couriers = afternoon.filter((event) => event.data.occupation === 'courier');
		expect(couriers.length).toBeGreaterThan(afternoon.length / 4);
	});

	test('opens and closes stations near their posted hours, some late, and lets keepers report', () => {
		const opened = ofType(day, 'station.opened');
		const byKeeper = opened.filter((event) => event.data.by === 'keeper');
		expect(byKeeper.length).toBeGreaterThan(200);
		for (const event of byKeeper) expect(event.quality).toBe('reported');
		for (const event of opened) if (event.data.by === 'schedule') expect(event.quality).toBe('measured');
		const reasons = ofType(day, 'station.closed').flatMap((event) => event.data.reason ?? []);
		expect(reasons.length).toBeGreaterThan(0);
	});

	test('sends a heartbeat and the air of each live site every minute, unless its gateway is dead', () => {
		const models = modelsOf(1, sites).filter((model) => model.isLive);
		const deadMinutes = models.filter((model) => deadSpan(model.gateway, dayOf(midnight))).length * 20;
		expect(models).toHaveLength(83);
		expect(ofType(day, 'station.heartbeat')).toHaveLength(83 * 1440 - deadMinutes);
		expect(ofType(day, 'env.read')).toHaveLength(83 * 1440 - deadMinutes);
	});

	test('keeps head counts that agree with who came and left', () => {
		const inside = new Map<string, number>();
		const models = new Map(modelsOf(1, sites).map((model) => [model.site.code, model]));
		for (const event of ofType(day, 'people.counted')) {
			const gateway = models.get(event.subject)?.gateway ?? '';
			if (deadSpan(gateway, dayOf(midnight))) continue;
			const before = inside.get(event.subject) ?? event.data.inside - event.data.in + event.data.out;
			if (event.data.inside !== before + event.data.in - event.data.out) throw new Error(JSON.stringify(event));
			inside.set(event.subject, event.data.inside);
		}
		expect(inside.size).toBeGreaterThan(50);
	});

	test('silences a whole street for 20 minutes when its gateway is dead', () => {
		const gateways = [
			...new Set(
				modelsOf(1, sites)
					.filter((model) => model.isLive)
					.map((model) => model.gateway)
			)
		];
		const today = dayOf(midnight);
		const found = Array.from({ length: 30 }, (_, ahead) => today + ahead).flatMap((when) =>
			gateways.flatMap((gateway) => deadSpan(gateway, when) ?? []).map((span) => ({ when, span }))
		);
		expect(found.length).toBeGreaterThan(20);
		const { span } = found[0]!;
		const gateway = gateways.find((name) => deadSpan(name, dayOf(span.from))?.from === span.from)!;
		const heard = (events: StationEvent[]) =>
			events.filter((event) => event.source === gateway && event.type === 'station.heartbeat').length;
		expect(heard(stretch(span.from, span.to))).toBe(0);
		expect(heard(stretch(span.to, span.to + 60_000))).toBeGreaterThan(0);
	});

	test('numbers the readings of a gateway in growing order without gaps', () => {
		const last = new Map<string, number>();
		for (const { source, sequence } of stretch(noon, noon + 10 * 60_000)) {
			if (typeof sequence !== 'number') continue;
			const before = last.get(source);
			if (before !== undefined && !deadSpan(source, dayOf(noon))) expect(sequence).toBe(before + 1);
			last.set(source, sequence);
		}
		expect(last.size).toBeGreaterThan(30);
	});

	test('in a heat wave is hotter and has its stock checked more often', () => {
		const hot = stretch(midnight + 13 * HOUR_MS, midnight + 16 * HOUR_MS, { heatWave: true });
		const usual = stretch(midnight + 13 * HOUR_MS, midnight + 16 * HOUR_MS, { heatWave: false });
		const mean = (events: StationEvent[]) => {
			const readings = ofType(events, 'env.read');
			return readings.reduce((sum, event) => sum + event.data.temperatureC, 0) / readings.length;
		};
		expect(mean(hot)).toBeGreaterThan(mean(usual) + 0.5);
		const checks = ofType(hot, 'supply.changed');
		expect(checks.length).toBeGreaterThan(2 * ofType(usual, 'supply.changed').length);
		expect(new Set(checks.map((event) => event.data.item))).toContain('藿香正气水');
	});

	test('has heat waves of its own in summer only', () => {
		const days = (from: string) =>
			Array.from({ length: 60 }, (_, n) => dayOf(Date.parse(`${from}T12:00:00+08:00`)) + n);
		const share = (from: string) => days(from).filter((date) => isHeatWave(1, date)).length / 60;
		expect(share('2025-06-25')).toBeGreaterThan(0.1);
		expect(share('2025-11-01')).toBe(0);
	});

	test('brings more people when asked, under other ids', () => {
		const busy = stretch(midnight, midnight + DAY_MS, { rateFactor: 3 });
		expect(visitors(busy)).toBeGreaterThan(2 * visitors(day));
		const ids = new Set(ofType(day, 'station.visited').map((event) => event.id));
		expect(ofType(busy, 'station.visited').filter((event) => ids.has(event.id))).toEqual([]);
	});
});

describe('the opening state', () => {
	const at = noon + 34 * 60_000;

	test('lies within the last 24 h and not in the future', () => {
		for (const event of openingState(options, at)) {
			expect(timeOf(event)).toBeLessThanOrEqual(at);
			expect(timeOf(event)).toBeGreaterThan(at - DAY_MS);
		}
	});

	test('holds all visits of today so far', () => {
		const sofar = day.filter((event) => event.type === 'station.visited' && timeOf(event) <= at);
		expect(ofType(openingState(options, at), 'station.visited').map((event) => event.id)).toEqual(
			sofar.map((event) => event.id)
		);
	});

	test('tells of every live site its door, its devices, its mains and its newest readings', () => {
		const state = openingState(options, at);
		for (const model of modelsOf(1, sites).filter((one) => one.isLive)) {
			const own = state.filter((event) => event.subject === model.site.code);
			const types = new Set(own.map((event) => event.type));
			expect(types.has('station.opened') || types.has('station.closed'), model.site.code).toBe(true);
			expect(
				ofType(own, 'device.changed')
					.map((event) => event.data.device)
					.toSorted()
			).toEqual(model.devices.map((device) => device.name).toSorted());
			expect(model.devices.length).toBeGreaterThanOrEqual(4);
			expect(model.devices.length).toBeLessThanOrEqual(7);
			expect(types).toContain('power.changed');
			expect(types).toContain('env.read');
			expect(ofType(own, 'people.counted')).toHaveLength(1);
		}
	});

	test('is complete and in the past also a minute after midnight', () => {
		const early = midnight + 60_000;
		const state = openingState(options, early);
		expect(state.every((event) => timeOf(event) <= early)).toBe(true);
		expect(new Set(ofType(state, 'power.changed').map((event) => event.subject)).size).toBe(83);
	});

	test('uses the ids that the day itself uses, so that starting twice counts once', () => {
		const known = new Set(day.map((event) => event.id));
		for (const event of openingState(options, at)) {
			if (timeOf(event) >= midnight) expect(known.has(event.id), event.id).toBe(true);
		}
	});
});

test('each source says how often it is to be expected', () => {
	const periods = sourcePeriods(1, sites);
	const used = new Set(day.map((event) => event.source));
	for (const source of used) expect(periods.map((period) => period.source)).toContain(source);
	expect(
		periods.filter((period) => period.source.includes('/gateway/')).every((period) => period.periodSeconds === 90)
	).toBe(true);
});
