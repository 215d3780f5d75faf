import { expect, it } from 'vitest';
import { ALWAYS_OPEN, type WeeklyHours } from '#domain/hours.ts';
import { hoursToday, intervalText } from './hours-today.ts';

/** A Sunday, 10:00 in Shanghai. */
const NOW = Date.parse('2026-11-22T02:00:00Z');
const WEEK: WeeklyHours = Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: 510, to: 1050 }] : []));

it('a day without intervals is closed, and the next opening is told', () => {
	const today = hoursToday({ hours: WEEK, hoursExceptions: [] }, NOW);
	expect(today).toEqual({
		intervals: [],
		note: null,
		isOpenNow: false,
		nextChange: Date.parse('2026-11-23T00:30:00Z')
	});
});

it('an exception of today holds instead of the week', () => {
	const exception = { date: '2026-11-22', intervals: [{ from: 540, to: 720 }], note: '活动日' };
	const today = hoursToday({ hours: WEEK, hoursExceptions: [exception] }, NOW);
	expect(today.intervals).toEqual([{ from: 540, to: 720 }]);
	expect(today.note).toBe('活动日');
	expect(today.isOpenNow).toBe(true);
	expect(today.nextChange).toBe(Date.parse('2026-11-22T04:00:00Z'));
});

it('hours that nobody knows are not known, and a site that never closes has no next change', () => {
	expect(hoursToday({ hours: null, hoursExceptions: [] }, NOW)).toEqual({
		intervals: null,
		note: null,
		isOpenNow: null,
		nextChange: null
	});
	expect(hoursToday({ hours: ALWAYS_OPEN, hoursExceptions: [] }, NOW).nextChange).toBeNull();
});

it('intervals are written with their minutes, past midnight as the clock shows it', () => {
	expect(intervalText({ from: 510, to: 1050 })).toBe('08:30–17:30');
	expect(intervalText({ from: 0, to: 1440 })).toBe('00:00–24:00');
	expect(intervalText({ from: 1200, to: 1560 })).toBe('20:00–02:00');
});
