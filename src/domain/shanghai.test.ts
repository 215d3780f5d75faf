import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateText, dayOf, dayOfDate, dayStart, minuteOfDay, SHANGHAI_OFFSET_MS, weekdayOf } from '#domain/shanghai.ts';

const moments = fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2100, 0, 1) });

describe('time in Asia/Shanghai', () => {
	it('changes day at 16:00 UTC', () => {
		const midnight = Date.UTC(2026, 4, 3, 16);
		expect(dateText(midnight - 1)).toBe('2026-05-03');
		expect(dateText(midnight)).toBe('2026-05-04');
		expect(dayOf(midnight)).toBe(dayOf(midnight - 1) + 1);
		expect(dayStart(dayOf(midnight))).toBe(midnight);
		expect(minuteOfDay(midnight - 1)).toBe(1439);
		expect(minuteOfDay(midnight)).toBe(0);
	});

	it('counts weekdays from Monday', () => {
		expect(weekdayOf(Date.UTC(2026, 4, 4, 1))).toBe(0);
		expect(weekdayOf(Date.UTC(2026, 4, 10, 1))).toBe(6);
	});

	it('agrees with the calendar of Intl at every moment', () => {
		const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Etc/GMT-8', dateStyle: 'short' });
		fc.assert(
			fc.property(moments, (ms) => {
				expect(dateText(ms)).toBe(calendar.format(ms));
				expect(dayOfDate(dateText(ms))).toBe(dayOf(ms));
				expect(weekdayOf(ms)).toBe((new Date(ms + SHANGHAI_OFFSET_MS).getUTCDay() + 6) % 7);
			}),
			{ seed: 20260504 }
		);
	});

	it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '2026/01/01', '26-01-01', '2026-1a-01'])(
		'does not take %s for a date',
		(text) => expect(dayOfDate(text)).toBeNaN()
	);
});
