import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, guarded, unguarded } from '#server/registry/csv-text.ts';

describe('texts in CSV', () => {
	it.each(['=1+1', '+86', '-1F母婴室', '@x', "'=1", "''@", '\t1', '｜', '＝1', "'abc", 'abc', ''])(
		'[IM2] brings %j back, and lets none of them begin like a formula',
		(text) => {
			expect(guarded(text)).not.toMatch(/^[=+\-@\t\r\n|%＝＋－＠]/);
			expect(unguarded(guarded(text))).toBe(text);
		}
	);

	it('[IM2] brings any text back', () =>
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom("'", '=', '-', 'a', '＋', '\n', '"') }), (text) => {
				expect(unguarded(guarded(text))).toBe(text);
			}),
			{ seed: 3, numRuns: 2000 }
		));

	it('leaves alone what only looks guarded', () => {
		expect(unguarded("'tis")).toBe("'tis");
		expect(unguarded("'")).toBe("'");
	});

	it('quotes every cell', () => expect(csvLine(['a,b', 'c"d', ''])).toBe('"a,b","c""d",""\r\n'));
});
