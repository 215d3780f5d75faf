import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '#test/support/stations.ts';
import { GENERATION_MS, hash64, MAX_GAPS, SeenIds, SequenceSet, type Hash64 } from './seen.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 5, 1);
const SEED = 20_260_601;

function hashOf(id: string): Hash64 {
	const hash = { high: 0, low: 0 };
	hash64({ high: 0, low: 0 }, id, hash);
	return hash;
}

type Step =
	| { readonly kind: 'add'; readonly id: number }
	| { readonly kind: 'wait'; readonly ms: number }
	| { readonly kind: 'restart' };

const steps = fc.array(
	fc.oneof(
		{ weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), id: fc.nat(80) }) },
		{ weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(9 * HOUR) }) },
		{ weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) }
	),
	{ maxLength: 120 }
);

describe('SeenIds', () => {
	test('[EV6] an id taken less than 24 h ago is never new, one never taken is never seen; also across restarts', () => {
		fc.assert(
			fc.property(steps, (list: Step[]) => {
				let seen = new SeenIds(1000);
				let now = T0;
				const takenAt = new Map<number, number>();
				const committed: { hashes: Uint32Array; hourMs: number }[] = [];
				for (const step of list) {
					if (step.kind === 'wait') now += step.ms;
					else if (step.kind === 'restart') {
						committed.push({ hashes: seen.takeJournal(), hourMs: Math.floor(now / HOUR) * HOUR });
						seen = new SeenIds(1000);
						// As the store does: segments of the last 25 hours, oldest first.
						const kept = committed.filter(({ hourMs }) => hourMs >= (Math.floor(now / HOUR) - 25) * HOUR);
						for (const { hashes, hourMs } of kept) seen.restore(hashes, hourMs);
					} else {
						seen.turn(now);
						const isNew = seen.add(hashOf(`id-${step.id}`));
						const last = takenAt.get(step.id);
						if (last === undefined) expect(isNew).toBe(true);
						else if (now - last < GENERATION_MS) expect(isNew).toBe(false);
						if (isNew) takenAt.set(step.id, now);
						expect(seen.has(hashOf(`id-${step.id}`))).toBe(true);
						committed.push({ hashes: seen.takeJournal(), hourMs: Math.floor(now / HOUR) * HOUR });
					}
				}
			}),
			{ seed: SEED, numRuns: 300 }
		);
	});

	test('[EV6] memory is bounded: ids are let go after two generations, and a full generation says so', () => {
		const seen = new SeenIds(100);
		const hash = { high: 0, low: 0 };
		for (let i = 0; i < 2000; i++) {
			seen.turn(T0 + i * HOUR);
			hash64({ high: 1, low: 2 }, `n${i}`, hash);
			expect(seen.isFull).toBe(false);
			expect(seen.add(hash)).toBe(true);
			expect(seen.size).toBeLessThanOrEqual(50);
		}
		for (let i = 0; i < 100; i++) seen.add(hashOf(`x${i}`));
		expect(seen.isFull).toBe(true);
	});

	test('the journal holds each hash once, and restoring it into nothing gives the same memory', () => {
		const seen = new SeenIds(10_000);
		seen.turn(T0);
		for (let i = 0; i < 3000; i++) {
			seen.add(hashOf(`j${i}`));
			seen.add(hashOf(`j${i}`));
		}
		const journal = seen.takeJournal();
		expect(journal.length).toBe(6000);
		expect(seen.takeJournal().length).toBe(0);
		const other = new SeenIds(10_000);
		other.restore(journal, T0);
		expect(other.size).toBe(3000);
		for (let i = 0; i < 3000; i++) expect(other.add(hashOf(`j${i}`))).toBe(false);
		expect(other.takeJournal().length).toBe(0);
	});

	test('[EV6] a million structured ids of a few sources give no false duplicate', () => {
		const seen = new SeenIds(10_000_000);
		seen.turn(T0);
		const id = { high: 0, low: 0 };
		const patterns: ((i: number) => string)[] = [
			(i) => String(i),
			(i) => `evt-${String(i).padStart(9, '0')}`,
			(i) => `${i % 801}:${Math.floor(i / 801)}`,
			(i) => `WX${String(i % 801).padStart(4, '0')}-door-${(T0 + i * 997).toString(16)}`,
			(i) => `${(i * 2_654_435_761) >>> 0}`.padStart(10, '0')
		];
		let taken = 0;
		patterns.forEach((pattern, source) => {
			const name = hashOf(`urn:gateway:${source}`);
			for (let i = 0; i < 200_000; i++) {
				hash64(name, pattern(i), id);
				if (seen.add(id)) taken++;
			}
		});
		expect(taken).toBe(1_000_000);
		expect(seen.size).toBe(1_000_000);
	});

	test('the same id of two sources is two ids', () => {
		const one = { high: 0, low: 0 };
		const two = { high: 0, low: 0 };
		hash64(hashOf('a'), '1', one);
		hash64(hashOf('b'), '1', two);
		expect(one).not.toEqual(two);
	});
});

describe('SequenceSet', () => {
	test('[EV7] answers as a set does, in any order, also after a round trip through a snapshot', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(300), { maxLength: 400 }), fc.nat(50), (numbers, every) => {
				let set = new SequenceSet();
				const model = new Set<number>();
				numbers.forEach((value, i) => {
					if (i % (every + 1) === every) set = SequenceSet.fromArray(set.toArray());
					expect(set.add(value)).toBe(model.has(value) ? 'seen' : 'new');
					model.add(value);
				});
				const [floor, ...bounds] = set.toArray();
				const covered = new Set<number>();
				for (let i = 0; i < bounds.length; i += 2) for (let v = bounds[i]!; v <= bounds[i + 1]!; v++) covered.add(v);
				expect(floor).toBe(0);
				expect(covered).toEqual(model);
			}),
			{ seed: SEED, numRuns: 300 }
		);
	});

	test('[EV7] in order it is one interval, however many numbers', () => {
		const set = new SequenceSet();
		for (let i = 5; i < 100_000; i++) set.add(i);
		expect(set.toArray()).toEqual([0, 5, 99_999]);
	});

	test('[EV7] past MAX_GAPS holes the oldest numbers are given up: too old, and never new a second time', () => {
		const random = seededRandom(SEED);
		const set = new SequenceSet();
		const taken = new Set<number>();
		const wanted = Array.from({ length: (MAX_GAPS + 500) * 2 }, (_, i) => i * 3);
		for (let i = 0; i < 16_000; i++) {
			// Mostly ahead, sometimes far back.
			const at = random() < 0.7 ? i * 0.55 : random() * wanted.length;
			const value = wanted[Math.floor(Math.min(at, wanted.length - 1))]!;
			const verdict = set.add(value);
			if (taken.has(value)) expect(verdict).not.toBe('new');
			else expect(verdict).not.toBe('seen');
			if (verdict === 'new') taken.add(value);
		}
		const [floor, ...bounds] = set.toArray();
		expect(bounds.length / 2).toBeLessThanOrEqual(MAX_GAPS + 1);
		expect(floor).toBeGreaterThan(0);
		expect(set.add(0)).toBe('too_old');
	});
});
