import { describe, expect, it } from 'vitest';
import { headOf, prettyPayload, readMended } from './refused-head.ts';

describe('a refused payload', () => {
	it('is named by its type and subject', () => {
		expect(headOf('{"type":"station.visited","subject":"A1","data":{}}')).toBe('station.visited · A1');
		expect(headOf('{"type":7}')).toBe('{"type":7}');
	});

	it('that is no JSON is shown by its beginning and mended as it came', () => {
		const broken = `{"type": ${'x'.repeat(200)}`;
		expect(headOf(broken)).toHaveLength(81);
		expect(prettyPayload(broken)).toBe(broken);
	});

	it('is written with a line per member', () => {
		expect(prettyPayload('{"a":1}')).toBe('{\n  "a": 1\n}');
	});

	it('can be sent again when it is one JSON object', () => {
		expect(readMended('{"a":1}')).toEqual({ ok: true, event: { a: 1 } });
		expect([readMended('[1]'), readMended('null')]).toEqual([
			{ ok: false, reason: null },
			{ ok: false, reason: null }
		]);
		expect(readMended('{"a":')).toMatchObject({ ok: false, reason: expect.any(String) as string });
	});
});
