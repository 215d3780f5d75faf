import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	ALWAYS_OPEN,
	isPostedOpen,
	nextHoursChange,
	parseHours,
	type HoursException,
	type OpenInterval,
	type WeeklyHours
} from '#domain/hours.ts';

/** A short way to write a week: `Mo-Fr 08:00-20:00` per run of equal days. */
function shown(text: string): string | null {
	const { hours } = parseHours(text);
	if (hours === null) return null;
	return hours.map((day) => day.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join('+') || 'x').join(' ');
}
const clock = (minute: number) => `${Math.floor(minute / 60)}${minute % 60 ? ':' + String(minute % 60) : ''}`;
const week = (weekday: string, saturday = weekday, sunday = saturday) =>
	[weekday, weekday, weekday, weekday, weekday, saturday, sunday].join(' ');

/** Asia/Shanghai clock time on a date; 2026-05-04 is a Monday. */
const at = (date: string, time: string) => Date.parse(`${date}T${time}:00+08:00`);

describe('reading posted hours', () => {
	it.each([
		['24小时', week('0-24')],
		['24h', week('0-24')],
		['24 hours', week('0-24')],
		['全天', week('0-24')],
		['全天候开放', week('0-24')],
		['7×24小时', week('0-24')],
		['00:00-24:00', week('0-24')],
		['00:00-23:59', week('0-24')],
		['周一至周日 24小时', week('0-24')],
		['08:00-20:00', week('8-20')],
		['8:00—20:00', week('8-20')],
		['８：００～２０：００', week('8-20')],
		['08：00至20：00', week('8-20')],
		['8点-20点', week('8-20')],
		['8点30分到17点半', week('8:30-17:30')],
		['上午8:30-12:00,下午1:30-5:30', week('8:30-12+13:30-17:30')],
		['早8:00-晚8:00', week('8-20')],
		['8am - 8:30pm', week('8-20:30')],
		['18:00-02:00', week('18-26')],
		['05:00-17:30', week('5-17:30')],
		['08:00-12:00,14:00-16:00', week('8-12+14-16')],
		['周一至周五 08:30-12:00,13:00-17:30', week('8:30-12+13-17:30', 'x')],
		['周一至周五：08:30-12:00，13:00-17:30', week('8:30-12+13-17:30', 'x')],
		['周一-周五 9:00-17:00; 周六 10:00-16:00', week('9-17', '10-16', 'x')],
		['周六、周日 9:00-17:00', week('x', '9-17')],
		['周六日 9:00-17:00', week('x', '9-17')],
		['星期一至星期五 9:00-17:00、周末 10:00-12:00', week('9-17', '10-12')],
		['周一、三、五 9:00-17:00', '9-17 x 9-17 x 9-17 x x'],
		['工作日 9:00-17:00', week('9-17', 'x')],
		['09:00-17:00(工作日)', week('9-17', 'x')],
		['开放时间：周一至周日 8:00-20:00', week('8-20')],
		['8:00-17:00（周末除外）', week('8-17', 'x')],
		['周一闭馆,其他', null],
		['周一闭馆,9:00-17:00', 'x 9-17 9-17 9-17 9-17 9-17 9-17'],
		['每天 8:00-20:00,周六 9:00-17:00', week('8-20', '9-17', '8-20')],
		['Mon-Fri 08:00-18:00', week('8-18', 'x')],
		['Monday to Friday 08:00-18:00, Saturday 9:00-12:00', week('8-18', '9-12', 'x')],
		['daily 08:00-18:00', week('8-18')],
		['8-20', week('8-20')]
	])('%s', (text, expected) => expect(shown(text)).toBe(expected));

	it('says 24 h only when every day is whole', () => {
		expect(parseHours('24小时').is24h).toBe(true);
		expect(parseHours('周一至周五 24小时').is24h).toBe(false);
		expect(parseHours('08:00-20:00').is24h).toBe(false);
	});

	it.each([
		['工作日开放', 'days are named without times'],
		['', 'no hours are given'],
		['全年开放', '"全年开放" was not understood'],
		['夏季 7:00-19:00', '"夏季 7:00-19:00" was not understood'],
		['暂停开放', '"暂停开放" was not understood'],
		['25:00-26:00', '"25:00-26:00" was not understood'],
		['9-5', '"9-5" was not understood'],
		['08:00-08:00', '"08:00-08:00" was not understood'],
		['8:00-18:00,12:00-13:00休息', 'a break or a closing is given without its days'],
		['休息', 'a break or a closing is given without its days'],
		['周一休息', 'no times are given']
	])('%s stays unknown and says why', (text, problem) => {
		expect(parseHours(text)).toEqual({ hours: null, is24h: false, problem });
	});

	it('keeps the week and names the holidays that weekly hours cannot hold', () => {
		const parsed = parseHours('周一至周五 9:00-17:00(法定节假日除外)');
		expect(parsed.hours?.[0]).toEqual([{ from: 540, to: 1020 }]);
		expect(parsed.problem).toContain('holidays');
	});

	it('never throws, whatever the text', () => {
		const words = ['周一', '至', '周五', '8:00', '-', '20:00', '24', '小时', '休息', '节假日', ',', ';', '(', '9', 'x'];
		const texts = fc.oneof(
			fc.string(),
			fc.array(fc.constantFrom(...words), { maxLength: 9 }).map((l) => l.join(''))
		);
		fc.assert(
			fc.property(texts, (text) => {
				const { hours } = parseHours(text);
				for (const day of hours ?? [])
					for (const { from, to } of day) {
						expect(from).toBeGreaterThanOrEqual(0);
						expect(to).toBeGreaterThan(from);
						expect(to).toBeLessThanOrEqual(2880);
					}
			}),
			{ seed: 7, numRuns: 2000 }
		);
	});
});

describe('posted open', () => {
	const night = parseHours('周五 18:00-02:00').hours;

	it('is unknown without hours', () => {
		expect(isPostedOpen(null, [], at('2026-05-04', '12:00'))).toBeNull();
		expect(nextHoursChange(null, [], at('2026-05-04', '12:00'))).toBeNull();
	});

	it('opens on the minute and closes on the minute', () => {
		const { hours } = parseHours('08:00-20:00');
		expect(isPostedOpen(hours, [], at('2026-05-04', '08:00') - 1)).toBe(false);
		expect(isPostedOpen(hours, [], at('2026-05-04', '08:00'))).toBe(true);
		expect(isPostedOpen(hours, [], at('2026-05-04', '20:00') - 1)).toBe(true);
		expect(isPostedOpen(hours, [], at('2026-05-04', '20:00'))).toBe(false);
		expect(nextHoursChange(hours, [], at('2026-05-04', '08:00'))).toBe(at('2026-05-04', '20:00'));
		expect(nextHoursChange(hours, [], at('2026-05-04', '20:00'))).toBe(at('2026-05-05', '08:00'));
	});

	it('runs over midnight into the following day only', () => {
		expect(isPostedOpen(night, [], at('2026-05-09', '01:59'))).toBe(true);
		expect(isPostedOpen(night, [], at('2026-05-09', '02:00'))).toBe(false);
		expect(isPostedOpen(night, [], at('2026-05-08', '01:00'))).toBe(false);
		expect(nextHoursChange(night, [], at('2026-05-08', '18:00'))).toBe(at('2026-05-09', '02:00'));
		expect(nextHoursChange(night, [], at('2026-05-09', '02:00'))).toBe(at('2026-05-15', '18:00'));
	});

	it('never changes when it is always open', () => {
		expect(isPostedOpen(ALWAYS_OPEN, [], at('2026-05-04', '00:00'))).toBe(true);
		expect(nextHoursChange(ALWAYS_OPEN, [], at('2026-05-04', '12:00'))).toBeNull();
	});

	it('follows an exception on its date and the week again after it', () => {
		const { hours } = parseHours('08:00-20:00');
		const exceptions = [{ date: '2026-05-05', intervals: [] }];
		expect(isPostedOpen(hours, exceptions, at('2026-05-05', '12:00'))).toBe(false);
		expect(nextHoursChange(hours, exceptions, at('2026-05-04', '20:00'))).toBe(at('2026-05-06', '08:00'));
		expect(isPostedOpen(null, exceptions, at('2026-05-05', '12:00'))).toBe(false);
		expect(isPostedOpen(null, exceptions, at('2026-05-06', '12:00'))).toBeNull();
		expect(nextHoursChange(null, exceptions, at('2026-05-05', '12:00'))).toBe(at('2026-05-06', '00:00'));
	});

	it('agrees with a walk from minute to minute', () => {
		const interval = fc
			.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 95 }))
			.map(([from, length]): OpenInterval => ({ from: from * 15, to: (from + length) * 15 }));
		const day = fc.array(interval, { maxLength: 2 });
		const hours = fc.option(fc.array(day, { minLength: 7, maxLength: 7 }), { freq: 6 });
		const exception = fc.record({ date: fc.constantFrom('2026-05-05', '2026-05-07'), intervals: day });
		fc.assert(
			fc.property(hours, fc.array(exception, { maxLength: 2 }), fc.integer({ min: 0, max: 2879 }), (h, e, offset) => {
				const start = at('2026-05-04', '00:00') + offset * 60_000;
				expect(nextHoursChange(h, e, start)).toBe(walked(h, e, start));
			}),
			{ seed: 11, numRuns: 150 }
		);
	});
});

/** All edges of the property above fall on quarters of an hour. */
function walked(hours: WeeklyHours | null, exceptions: readonly HoursException[], start: number): number | null {
	const quarter = 900_000;
	const now = isPostedOpen(hours, exceptions, start);
	for (let ms = Math.floor(start / quarter + 1) * quarter; ms <= start + 8 * 86_400_000; ms += quarter)
		if (isPostedOpen(hours, exceptions, ms) !== now) return ms;
	return null;
}
