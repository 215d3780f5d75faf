import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { station } from '#test/support/stations.ts';
import type { HoursException, WeeklyHours } from './hours.ts';
import { dateText, dayOf, dayStart } from './shanghai.ts';
import type { Site } from './site.ts';
import { DOOR, judgeStatus } from './status.ts';
import { STATUSES, type Status } from './table.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Midnight in Shanghai at the start of Tuesday 2026-06-02. */
const DAY = dayStart(dayOf(Date.UTC(2026, 5, 2)));
const NINE_TO_FIVE: WeeklyHours = Array.from({ length: 7 }, () => [{ from: 9 * 60, to: 17 * 60 }]);
const NIGHT: WeeklyHours = Array.from({ length: 7 }, () => [{ from: 20 * 60, to: 30 * 60 }]);

const live = (hours: WeeklyHours | null): Site => station(0, { hours, periodSeconds: 60 });
const manual = (hours: WeeklyHours | null): Site => station(0, { hours, telemetry: 'manual', periodSeconds: 86_400 });
const none = (hours: WeeklyHours | null): Site => station(0, { hours, telemetry: 'none', periodSeconds: null });

interface Case {
	readonly rule: string;
	readonly site: Site;
	readonly door: keyof typeof DOOR;
	/** hours after midnight, in Shanghai */
	readonly reported?: number;
	readonly seen?: number;
	readonly now: number;
	readonly status: Status;
}

const cases: Case[] = [
	{
		rule: '[ST1] nobody reported, inside posted hours',
		site: live(NINE_TO_FIVE),
		door: 'unreported',
		now: 10,
		status: 'unknown'
	},
	{
		rule: '[ST1] nobody reported, outside posted hours',
		site: live(NINE_TO_FIVE),
		door: 'unreported',
		now: 8,
		status: 'closed_planned'
	},
	{
		rule: '[ST1] nobody reports at all, inside posted hours',
		site: none(NINE_TO_FIVE),
		door: 'unreported',
		now: 10,
		status: 'unknown'
	},
	{ rule: '[ST1] hours unknown, nobody reported', site: none(null), door: 'unreported', now: 10, status: 'unknown' },
	{
		rule: '[ST1] a sign of life is no report',
		site: live(NINE_TO_FIVE),
		door: 'unreported',
		seen: 10,
		now: 10,
		status: 'unknown'
	},
	{
		rule: '[ST2] opened, alive',
		site: live(NINE_TO_FIVE),
		door: 'opened',
		reported: 9,
		seen: 11,
		now: 11,
		status: 'open'
	},
	{
		rule: '[ST2] opened outside posted hours, alive',
		site: live(NINE_TO_FIVE),
		door: 'opened',
		reported: 7,
		seen: 7,
		now: 7,
		status: 'open'
	},
	{
		rule: '[ST2] opened, silent for not quite 3 periods',
		site: live(NINE_TO_FIVE),
		door: 'opened',
		reported: 9,
		seen: 10,
		now: 10.0499,
		status: 'open'
	},
	{
		rule: '[ST2] opened, silent for longer',
		site: live(NINE_TO_FIVE),
		door: 'opened',
		reported: 9,
		seen: 10,
		now: 10.051,
		status: 'unknown'
	},
	{
		rule: '[ST2] opened, silent, hours over',
		site: live(NINE_TO_FIVE),
		door: 'opened',
		reported: 9,
		seen: 10,
		now: 18,
		status: 'closed_planned'
	},
	{
		rule: '[ST2] hours unknown, opened, alive',
		site: live(null),
		door: 'opened',
		reported: 9,
		seen: 30,
		now: 30,
		status: 'open'
	},
	{
		rule: '[ST2] hours unknown, silent',
		site: live(null),
		door: 'opened',
		reported: 9,
		seen: 9,
		now: 12,
		status: 'unknown'
	},
	{
		rule: '[ST3] a keeper opened before the posted hour',
		site: manual(NINE_TO_FIVE),
		door: 'opened',
		reported: 8.5,
		seen: 8.5,
		now: 16,
		status: 'open'
	},
	{
		rule: '[ST3] a keeper opened before the posted hour and the hours are over',
		site: manual(NINE_TO_FIVE),
		door: 'opened',
		reported: 8.5,
		seen: 8.5,
		now: 17.01,
		status: 'closed_planned'
	},
	{
		rule: '[ST3] a keeper closed at night, the morning says nothing',
		site: manual(NINE_TO_FIVE),
		door: 'closed',
		reported: -6,
		seen: -6,
		now: 9.5,
		status: 'unknown'
	},
	{
		rule: '[ST3] a keeper opened this morning',
		site: manual(NINE_TO_FIVE),
		door: 'opened',
		reported: 9,
		seen: 9,
		now: 16.9,
		status: 'open'
	},
	{
		rule: '[ST3] a keeper opened and the hours are over',
		site: manual(NINE_TO_FIVE),
		door: 'opened',
		reported: 9,
		seen: 9,
		now: 17.01,
		status: 'closed_planned'
	},
	{
		rule: '[ST3] a keeper opened yesterday',
		site: manual(NINE_TO_FIVE),
		door: 'opened',
		reported: -15,
		seen: 9,
		now: 10,
		status: 'unknown'
	},
	{
		rule: '[ST3] a keeper, hours unknown, 24 h',
		site: manual(null),
		door: 'opened',
		reported: 0,
		seen: 0,
		now: 23.999,
		status: 'open'
	},
	{
		rule: '[ST3] a keeper, hours unknown, over 24 h',
		site: manual(null),
		door: 'opened',
		reported: 0,
		seen: 24,
		now: 24.001,
		status: 'unknown'
	},
	{
		rule: '[ST4] closed inside posted hours',
		site: live(NINE_TO_FIVE),
		door: 'closed',
		reported: 10,
		seen: 10,
		now: 10,
		status: 'closed_unplanned'
	},
	{
		rule: '[ST4] closed inside posted hours, as announced',
		site: live(NINE_TO_FIVE),
		door: 'closedPlanned',
		reported: 10,
		seen: 10,
		now: 10,
		status: 'closed_planned'
	},
	{
		rule: '[ST4] closed outside posted hours',
		site: live(NINE_TO_FIVE),
		door: 'closed',
		reported: 17.5,
		seen: 17.5,
		now: 17.5,
		status: 'closed_planned'
	},
	{
		rule: '[ST4] closed, hours unknown',
		site: live(null),
		door: 'closed',
		reported: 10,
		seen: 10,
		now: 10,
		status: 'closed_unplanned'
	},
	{
		rule: '[ST4] closed last night, not opened this morning',
		site: live(NINE_TO_FIVE),
		door: 'closed',
		reported: -7,
		seen: 9.5,
		now: 9.5,
		status: 'closed_unplanned'
	},
	{
		rule: '[ST5] over midnight: inside the hours of yesterday',
		site: live(NIGHT),
		door: 'unreported',
		now: 2,
		status: 'unknown'
	},
	{ rule: '[ST5] over midnight: after them', site: live(NIGHT), door: 'unreported', now: 6, status: 'closed_planned' },
	{
		rule: '[ST5] over midnight: closed too early',
		site: live(NIGHT),
		door: 'closed',
		reported: 1,
		seen: 1,
		now: 1,
		status: 'closed_unplanned'
	},
	{
		rule: '[ST5] over midnight: a keeper opened before midnight',
		site: manual(NIGHT),
		door: 'opened',
		reported: -3,
		seen: -3,
		now: 5.9,
		status: 'open'
	}
];

describe('judgeStatus', () => {
	test.each(cases)('$rule: $status', ({ site, door, reported, seen, now, status }) => {
		const at = (hour: number | undefined): number => (hour === undefined ? 0 : Math.round(DAY + hour * HOUR));
		const report = { door: DOOR[door], reportedAtMs: at(reported), seenAtMs: at(seen ?? reported) };
		expect(STATUSES[judgeStatus(site, report, at(now)).status]).toBe(status);
	});

	const interval = fc
		.tuple(fc.nat(1439), fc.integer({ min: 1, max: 1440 }))
		.map(([from, length]) => ({ from, to: from + length }));
	const day = fc.array(interval, { maxLength: 2 });
	const hours: fc.Arbitrary<WeeklyHours | null> = fc.option(fc.array(day, { minLength: 7, maxLength: 7 }));
	const exception: fc.Arbitrary<HoursException> = fc
		.tuple(fc.integer({ min: -1, max: 6 }), day)
		.map(([offset, intervals]) => ({ date: dateText(DAY + offset * 24 * HOUR + HOUR), intervals }));
	const site = fc
		.record({
			hours,
			hoursExceptions: fc.array(exception, { maxLength: 2 }),
			telemetry: fc.constantFrom('live' as const, 'manual' as const, 'none' as const),
			periodSeconds: fc.constantFrom(null, 60, 600, 86_400)
		})
		.map((more) => station(0, more));

	test('[ST5] until the moment that it names, time alone does not change the status', () => {
		fc.assert(
			fc.property(
				site,
				fc.constantFrom(...Object.values(DOOR)),
				fc.tuple(
					fc.integer({ min: 0, max: 30 * 60 }),
					fc.integer({ min: 0, max: 90 }),
					fc.integer({ min: -5, max: 2000 })
				),
				fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 5, maxLength: 5 }),
				(place, door, [reported, seenAfter, nowAfter], shares) => {
					const reportedAtMs = DAY + reported * MINUTE;
					const seenAtMs = reportedAtMs + seenAfter * MINUTE;
					const report =
						door === DOOR.unreported ? { door, reportedAtMs: 0, seenAtMs } : { door, reportedAtMs, seenAtMs };
					const now = seenAtMs + nowAfter * MINUTE;
					const verdict = judgeStatus(place, report, now);
					expect(verdict.dueAtMs).toBeGreaterThan(now);
					const end = Math.min(verdict.dueAtMs, now + 8 * 24 * HOUR);
					const moments = [...shares.map((share) => Math.min(end - 1, Math.floor(now + share * (end - now)))), end - 1];
					for (const at of moments) expect([at, judgeStatus(place, report, at).status]).toEqual([at, verdict.status]);
				}
			),
			{ seed: 31_337, numRuns: 1500 }
		);
	});
});
