import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementLines } from '#server/registry/json-lines.ts';
import { findJsonBreak } from '#server/registry/json-position.ts';

describe('finding where JSON breaks', () => {
	it.each([
		['[{"name":"a"},{"name":}]', 1, 23, 1],
		['[{"name":"a"}\n{"name":"b"}]', 2, 1, 1],
		['[1,2,]', 1, 6, 2],
		['{"type":"FeatureCollection","features":[{"a":1},{"a":1},{a:1}]}', 1, 58, 2],
		['[{"a":"open}]', 1, 7, 0],
		['[1] x', 1, 5, 1],
		['', 1, 1, 0]
	])('finds the place in %s', (text, line, column, elementsBefore) =>
		expect(findJsonBreak(text)).toMatchObject({ line, column, elementsBefore })
	);

	it('agrees with the engine on what is JSON', () => {
		const cut = fc.tuple(fc.json(), fc.nat(60), fc.constantFrom('', ',', ']', '"', '}', ':', 'x', '01'));
		fc.assert(
			fc.property(cut, ([text, at, sign]) => {
				const mangled = text.slice(0, at) + sign + text.slice(at);
				let isJson = true;
				try {
					JSON.parse(mangled);
				} catch {
					isJson = false;
				}
				expect(findJsonBreak(mangled) === null).toBe(isJson);
			}),
			{ seed: 7, numRuns: 2000 }
		);
	});

	it('walks text of any depth', () => {
		expect(findJsonBreak('['.repeat(200_000))).toMatchObject({ line: 1, column: 200_001 });
	});

	it('gives the line of each feature, wherever the list stands in the object', () => {
		const text = '{"crs":{"x":[1,\n2]},\n"features":[\n{"a":[1,2]},\n\n{"b":"]"},{"c":1}],\n"features2":[1]}';
		expect(elementLines(text, 'features')).toEqual([4, 6, 6]);
	});
});
