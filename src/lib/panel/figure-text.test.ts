import { afterEach, describe, expect, it } from 'vitest';
import { overwriteGetLocale } from '#lib/paraglide/runtime.js';
import {
	ageText,
	clockText,
	dayText,
	durationText,
	elapsedText,
	momentText,
	numberText,
	percentText,
	shortNumberText
} from './figure-text.ts';

const at = (iso: string) => Date.parse(iso);

describe('figures as text', () => {
	it('writes an age in its largest whole unit', () => {
		const ages = [0, 3_400, 59_999, 60_000, 150_000, 3_599_000, 3_600_000, 86_399_000, 86_400_000 * 4];
		const texts = ['0 秒', '3 秒', '59 秒', '1 分', '2 分', '59 分', '1 小时', '23 小时', '4 天'];
		expect(ages.map(ageText)).toEqual(texts);
	});

	it('writes an unknown age as a dash and an age ahead of the clock as 0 秒', () => {
		expect([ageText(null), ageText(-5_000)]).toEqual(['–', '0 秒']);
	});

	it('writes what is not known as a dash, and 0 only when it is 0', () => {
		expect([numberText(null), numberText(0), numberText(12_345), numberText(23.45)]).toEqual([
			'–',
			'0',
			'12,345',
			'23.5'
		]);
	});

	it('writes millions in 万 where space is short', () => {
		expect([shortNumberText(999_999), shortNumberText(1_234_567), shortNumberText(null)]).toEqual([
			'999,999',
			'123.5万',
			'–'
		]);
	});

	it('never rounds a share up to all or down to none', () => {
		expect([percentText(799, 801), percentText(1, 801), percentText(801, 801), percentText(0, 801)]).toEqual([
			'99%',
			'1%',
			'100%',
			'0%'
		]);
		expect([percentText(null, 801), percentText(1, null), percentText(0, 0)]).toEqual(['–', '–', '–']);
	});

	it('writes a duration as hours, minutes and seconds, past 99 hours too', () => {
		expect([elapsedText(83_000), elapsedText(0), elapsedText(-1), elapsedText(360_000_000)]).toEqual([
			'00:01:23',
			'00:00:00',
			'00:00:00',
			'100:00:00'
		]);
	});

	it('tells the time of Asia/Shanghai wherever the page runs', () => {
		expect(clockText(at('2026-11-22T01:41:07Z'))).toBe('09:41:07');
		expect(dayText(at('2026-11-21T16:00:00Z'))).toBe('2026-11-22 周日');
	});

	it('writes how long something lasted in its two largest units', () => {
		const lasted = [7_000, 60_000, 612_000, 7_500_000, 86_400_000, 90_000_000];
		const texts = ['7 秒', '1 分', '10 分 12 秒', '2 小时 5 分', '1 天', '1 天 1 小时'];
		expect(lasted.map(durationText)).toEqual(texts);
	});

	it('adds the date to a moment of another day', () => {
		const now = at('2026-11-22T01:00:00Z');
		expect(momentText(at('2026-11-22T00:05:00Z'), now)).toBe('08:05');
		expect(momentText(at('2026-11-21T10:30:00Z'), now)).toBe('11-21 18:30');
	});
});

describe('figures as text in English', () => {
	afterEach(() => overwriteGetLocale(() => 'zh'));

	it('has its own units, thousands, days and months, and the same time of Asia/Shanghai', () => {
		overwriteGetLocale(() => 'en');
		expect([3_400, 150_000, 3_600_000, 86_400_000, 86_400_000 * 4].map(ageText)).toEqual([
			'3 s',
			'2 min',
			'1 h',
			'1 day',
			'4 days'
		]);
		expect([numberText(12_345), shortNumberText(1_234_567), numberText(null)]).toEqual(['12,345', '1.2M', '–']);
		expect(dayText(at('2026-11-21T16:00:00Z'))).toBe('Sun, 22 Nov 2026');
		expect(momentText(at('2026-11-21T10:30:00Z'), at('2026-11-22T01:00:00Z'))).toBe('21 Nov 18:30');
	});
});
