import { describe, expect, test } from 'vitest';
import { COLLECTED, MAX_KINDS, MAX_KINDS_EACH, Repetitions, WINDOW_MS, type Refusal } from './repetitions.ts';

const START = 1_795_000_000_000;
const refusal = (object: string, address = '10.0.0.7', code = 'no_right'): Refusal => ({
	actor: { kind: 'nobody', id: null, name: null, address },
	action: 'door.refused',
	object,
	detail: { code }
});
const timesOf = (refusals: readonly Refusal[]): unknown[] =>
	refusals.map(({ object, action, detail }) => [object ?? action, detail?.['times']]);

describe('[AU4] repeated refusals', () => {
	test('a kind is who, from where, what, on what, in which scope, with which code or reason', () => {
		const seen = new Repetitions();
		const first = refusal('a');
		const others = [
			refusal('b'),
			refusal('a', '10.0.0.8'),
			refusal('a', '10.0.0.7', 'out_of_scope'),
			{ ...first, action: 'join.refused' },
			{ ...first, scope: 'district:A' },
			{ ...first, scope: 'district:B' },
			{ ...first, detail: { reason: 'locked' } },
			{ ...first, actor: { ...first.actor, kind: 'person' as const, id: 'p-1' } }
		];
		for (const one of [first, ...others]) expect(seen.take(one, START)).toBe(one);
		for (const one of [first, ...others]) expect(seen.take({ ...one }, START)).toBeNull();
	});

	test('what did not repeat is forgotten, what did makes one record a minute with its span', () => {
		const seen = new Repetitions();
		seen.take(refusal('once'), START);
		seen.take(refusal('often'), START);
		for (let i = 1; i <= 50; i++) seen.take(refusal('often'), START + i * 1000);
		expect(seen.due(START + WINDOW_MS - 1)).toEqual([]);
		const records = seen.due(START + WINDOW_MS);
		expect(records.map(({ detail }) => detail)).toEqual([
			{
				code: 'no_right',
				times: 50,
				first: new Date(START + 1000).toISOString(),
				last: new Date(START + 50_000).toISOString()
			}
		]);
		expect(seen.size).toBe(1);
		expect(seen.take(refusal('often'), START + WINDOW_MS + 1)).toBeNull();
		expect(timesOf(seen.due(START + 2 * WINDOW_MS))).toEqual([['often', 1]]);
		expect(seen.due(START + 3 * WINDOW_MS)).toEqual([]);
		expect([seen.size, seen.nextAt]).toEqual([0, null]);
		expect(seen.take(refusal('often'), START + 4 * WINDOW_MS)).not.toBeNull();
	});

	test('one address that makes up objects takes no room from the others', () => {
		const seen = new Repetitions();
		for (let i = 0; i < 10_000; i++) seen.take(refusal(`topic:${i}`), START);
		expect(seen.size).toBe(MAX_KINDS_EACH + 1);
		expect(seen.take(refusal('a', '10.0.0.8'), START)).not.toBeNull();
		expect(timesOf(seen.rest())).toEqual([[COLLECTED, 10_000 - MAX_KINDS_EACH]]);
		expect(seen.size).toBe(0);
	});

	test('memory is bounded when everybody does it, and no refusal goes uncounted', () => {
		const seen = new Repetitions();
		const total = 20_000;
		let written = 0;
		for (let i = 0; i < total; i++) if (seen.take(refusal('a', `10.0.${i >> 8}.${i & 255}`), START)) written++;
		expect(written).toBe(MAX_KINDS);
		expect(seen.size).toBeLessThanOrEqual(MAX_KINDS * 1.5 + 1);
		const counted = seen.due(START + WINDOW_MS).reduce((sum, { detail }) => sum + Number(detail?.['times']), 0);
		expect(written + counted).toBe(total);
		expect(seen.size).toBe(0);
	});
});
