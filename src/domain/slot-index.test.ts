import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotIndex } from './slot-index.ts';

test('finds what a map finds, one by one and many together, with holes between the slots', () => {
	fc.assert(
		fc.property(
			fc.uniqueArray(fc.string({ maxLength: 6 }), { maxLength: 200 }),
			fc.array(fc.boolean(), { maxLength: 200 }),
			fc.array(fc.string({ maxLength: 6 }), { maxLength: 50 }),
			(names, holes, others) => {
				const codes = names.map((name, i) => (holes[i] ? undefined : name));
				const map = new Map(codes.flatMap((code, slot) => (code === undefined ? [] : [[code, slot] as const])));
				const index = new SlotIndex(codes);
				expect(index.size).toBe(map.size);
				const asked = [...names, ...others];
				for (const code of asked) expect(index.get(code)).toBe(map.get(code));
				const slots = new Int32Array(asked.length);
				index.findAll((i) => asked[i]!, asked.length, slots, new Int32Array(asked.length));
				expect([...slots]).toEqual(asked.map((code) => map.get(code) ?? -1));
			}
		),
		{ seed: 12, numRuns: 300 }
	);
});

test('an empty registry knows nobody', () => {
	for (const codes of [[], [undefined, undefined]]) {
		const index = new SlotIndex(codes);
		expect([index.size, index.get(''), index.get('S-1')]).toEqual([0, undefined, undefined]);
	}
});

test('200,000 codes that differ little are all told apart', () => {
	const codes = Array.from({ length: 200_000 }, (_, slot) => `WX-${String(slot * 7).padStart(7, '0')}`);
	const index = new SlotIndex(codes);
	for (let slot = 0; slot < codes.length; slot++)
		if (index.get(codes[slot]!) !== slot) throw new Error(`${codes[slot]} was not found`);
	expect(index.get('WX-0000001')).toBeUndefined();
});
