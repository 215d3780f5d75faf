import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '#domain/event.ts';
import { REFUSAL_CODES } from '#domain/refusal.ts';
import { isRefusal, parseEntry, parseEvent, parseTime, type Parsed } from './parse.ts';

const NOW = Date.UTC(2026, 5, 1);
const good = {
	specversion: '1.0',
	id: '1',
	source: 'urn:gw:1',
	subject: 'S-1',
	type: 'station.visited',
	time: '2026-06-01T08:00:00Z',
	data: { method: 'face' }
};

const codeOf = (parsed: Parsed): string => (isRefusal(parsed) ? parsed.code : 'taken');

describe('parseTime', () => {
	const digits = (n: number, width: number): string => String(n).padStart(width, '0');
	const text = fc
		.record({
			year: fc.integer({ min: 1, max: 9999 }),
			month: fc.integer({ min: 1, max: 12 }),
			day: fc.integer({ min: 1, max: 31 }),
			hour: fc.nat(23),
			minute: fc.nat(59),
			second: fc.nat(59),
			fraction: fc.option(fc.stringMatching(/^\d{1,9}$/)),
			zone: fc.oneof(
				{ weight: 3, arbitrary: fc.constant('Z') },
				{
					weight: 1,
					arbitrary: fc
						.tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))
						.map(([s, h, m]) => `${s}${digits(h, 2)}:${digits(m, 2)}`)
				}
			)
		})
		.map((t) => ({
			isDate: t.day <= new Date(Date.UTC(2000 + (t.year % 400), t.month, 0)).getUTCDate(),
			text: `${digits(t.year, 4)}-${digits(t.month, 2)}-${digits(t.day, 2)}T${digits(t.hour, 2)}:${digits(t.minute, 2)}:${digits(t.second, 2)}${t.fraction === null ? '' : `.${t.fraction}`}${t.zone}`
		}));

	test('[EV2] reads every RFC 3339 time as Date.parse does, in any order of dates', () => {
		fc.assert(
			fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (list) => {
				for (const one of list)
					if (one.isDate) expect([one.text, parseTime(one.text)]).toEqual([one.text, Date.parse(one.text)]);
			}),
			{ seed: 99, numRuns: 1000 }
		);
	});

	test('[EV2] the time is the same whatever was read before it', () => {
		for (const before of ['2026-06-01T00:00:00Z', '2025-12-31T23:59:59.999Z', 'nonsense', '2026-06-0']) {
			parseTime(before);
			expect(parseTime('2026-06-01T08:00:00.120Z')).toBe(Date.UTC(2026, 5, 1, 8, 0, 0, 120));
		}
	});

	test.each([
		'',
		'yesterday',
		'2026-06-01',
		'2026-06-01T08:00:00',
		'2026-06-01 08:00:00Z',
		'2026-6-1T08:00:00Z',
		'2026-13-01T00:00:00Z',
		'2026-00-01T00:00:00Z',
		'2026-01-00T00:00:00Z',
		'2026-01-32T00:00:00Z',
		'2026-01-01T25:00:00Z',
		'2026-01-01T00:60:00Z',
		'2026-01-01T00:00:60Z',
		'2016-12-31T23:59:60Z',
		'2026-01-01T00:00:00+24:00',
		'2026-01-01T00:00:00+08',
		'2026-01-01T00:00:00.Z',
		'2026-01-01T00:00:0٣Z',
		'2026-01-01T00:00:00,123Z',
		'+02026-01-01T00:00:00Z',
		'2026-01-01T00:00:00Z ',
		'2026-01-01T00-00-00Z',
		'2026-01-01T00:00:00x000Z',
		'2026-01-01T00:00:00.0-1Z',
		'1780272000000'
	])('[EV2] "%s" is no time', (garbage) => {
		expect(parseTime(garbage)).toBeNaN();
		parseTime(`${garbage.slice(0, 10)}T00:00:00Z`);
		expect(parseTime(garbage)).toBeNaN();
	});

	test.each(['2026-02-30T00:00:00Z', '2026-02-29T12:00:00.000Z', '2026-04-31T00:00:00+08:00', '2100-02-29T00:00:00Z'])(
		'[EV2] %s names a day that does not exist, so it is no time, and not the first of March',
		(text) => expect(parseTime(text)).toBeNaN()
	);

	test.each(['2026-01-01T24:00:00Z', '2026-01-01T24:00:00.000Z', '2026-01-01T24:00:00+08:00'])(
		'[EV2] %s: RFC 3339 ends the day at 23:59:59',
		(text) => expect(parseTime(text)).toBeNaN()
	);
});

describe('parseEvent', () => {
	test.each([
		['a number', 7, 'not_cloudevent'],
		['null', null, 'not_cloudevent'],
		['an array', [good], 'not_cloudevent'],
		['a text', 'x', 'not_cloudevent'],
		['an empty object', {}, 'not_cloudevent'],
		['a type that is no text', { ...good, type: 3 }, 'not_cloudevent'],
		['an unknown type', { ...good, type: 'station.exploded' }, 'unknown_type'],
		['a type from the prototype', { ...good, type: '__proto__' }, 'unknown_type'],
		['a type from the prototype', { ...good, type: 'constructor' }, 'unknown_type'],
		['another version', { ...good, specversion: '0.3' }, 'not_cloudevent'],
		['no id', { ...good, id: undefined }, 'not_cloudevent'],
		['an empty id', { ...good, id: '' }, 'not_cloudevent'],
		['a numeric id', { ...good, id: 1 }, 'not_cloudevent'],
		['a source that is too long', { ...good, source: 'x'.repeat(201) }, 'not_cloudevent'],
		['an unknown quality', { ...good, quality: 'guessed' }, 'not_cloudevent'],
		['a negative sequence', { ...good, sequence: -1 }, 'not_cloudevent'],
		['a broken sequence', { ...good, sequence: 1.5 }, 'not_cloudevent'],
		['no data', { ...good, data: undefined }, 'invalid_data'],
		['data of another kind', { ...good, data: 'x' }, 'invalid_data'],
		['an unknown method', { ...good, data: { method: 'telepathy' } }, 'invalid_data'],
		['a count of 0', { ...good, data: { method: 'qr', count: 0 } }, 'invalid_data'],
		['a count of 501', { ...good, data: { method: 'qr', count: 501 } }, 'invalid_data'],
		['a broken count', { ...good, data: { method: 'qr', count: 1.5 } }, 'invalid_data'],
		['a count that is no number', { ...good, data: { method: 'qr', count: '3' } }, 'invalid_data'],
		[
			'a temperature of 101 °C',
			{ ...good, type: 'env.read', data: { temperatureC: 101, humidityPct: 1 } },
			'invalid_data'
		],
		['a missing humidity', { ...good, type: 'env.read', data: { temperatureC: 1 } }, 'invalid_data'],
		['a time that is none', { ...good, time: 'tomorrow, at about nine' }, 'invalid_time'],
		['a time that is too short', { ...good, time: '2026-06-01' }, 'invalid_time'],
		['a source with half a character', { ...good, source: 'gw\ud800' }, 'invalid_data']
	])('[EV3] refuses %s with a code and a sentence', (_, value, code) => {
		const parsed = parseEvent(value, NOW);
		expect(codeOf(parsed)).toBe(code);
		expect(isRefusal(parsed) && parsed.message).toMatch(/^.{10,}\.$/s);
	});

	test('[EV1] takes an event of every quality, with a sequence as text or number, with unknown attributes', () => {
		for (const more of [
			{},
			{ quality: 'test' },
			{ sequence: 7 },
			{ sequence: '0000000007' },
			{ dataschema: 'x', traceparent: '1' }
		]) {
			expect(parseEvent({ ...good, ...more }, NOW)).toMatchObject({ at: Date.UTC(2026, 5, 1, 8), receivedAt: NOW });
		}
	});

	test('[EV3] a text that is no JSON is refused', () => {
		for (const text of ['', '{', 'undefined', '{"a":1}}', '\u0000'])
			expect(codeOf(parseEntry(text, NOW))).toBe('malformed_json');
	});

	test('[EV3] nothing that arrives throws, whatever its shape, and nothing reaches a prototype', () => {
		const hostile = fc.oneof(
			fc.anything({ withNullPrototype: true, maxDepth: 3 }),
			fc.record({
				...Object.fromEntries(
					Object.keys(good).map((key) => [key, fc.oneof(fc.constant(good[key as keyof typeof good]), fc.jsonValue())])
				)
			}),
			fc.tuple(fc.constantFrom(...EVENT_TYPES), fc.jsonValue()).map(([type, data]) => ({ ...good, type, data }))
		);
		fc.assert(
			fc.property(hostile, (value) => {
				const parsed = parseEvent(value, NOW);
				if (isRefusal(parsed)) expect(REFUSAL_CODES).toContain(parsed.code);
			}),
			{ seed: 5, numRuns: 2000 }
		);
		parseEntry(
			'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"type":"station.heartbeat","data":{"__proto__":{"polluted":1}}}',
			NOW
		);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});

	test('[EV3] a huge payload is refused in a short sentence', () => {
		const huge = 'x'.repeat(2_000_000);
		for (const value of [
			{ ...good, type: huge },
			{ ...good, id: huge },
			{ ...good, time: huge },
			{ ...good, data: { method: huge } }
		]) {
			const parsed = parseEvent(value, NOW);
			expect(isRefusal(parsed) && parsed.message.length < 1000).toBe(true);
		}
		const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
		expect(codeOf(parseEntry(`{"type":"env.read","data":${deep}}`, NOW))).not.toBe('taken');
	});
});
