import { expect, test } from 'vitest';
import { glide, hashOf, seededRandom, unitAt } from './random.ts';

test('the same key gives the same row of numbers, another key another row', () => {
	const row = (...key: (string | number)[]) => Array.from({ length: 5 }, seededRandom(...key).next);
	expect(row(1, 'a')).toEqual(row(1, 'a'));
	expect(row(1, 'a')).not.toEqual(row(1, 'b'));
	expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
});

test('numbers are spread evenly, gaussian ones around 0, poisson ones around their mean', () => {
	const random = seededRandom('spread');
	const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((sum, x) => sum + x, 0) / 20_000;
	expect(mean(random.next)).toBeCloseTo(0.5, 1);
	expect(mean(random.gaussian)).toBeCloseTo(0, 1);
	expect(mean(() => random.poisson(9))).toBeGreaterThan(8.8);
	expect(mean(() => random.poisson(9))).toBeLessThan(9.2);
	expect(mean(() => unitAt(7, random.integer(0, 1e6)))).toBeCloseTo(0.5, 1);
});

test('weights decide how often each index comes; shuffling keeps every item', () => {
	const random = seededRandom('weights');
	const drawn = Array.from({ length: 4000 }, () => random.weighted([0, 1, 3]));
	expect(drawn.filter((index) => index === 0)).toHaveLength(0);
	expect(drawn.filter((index) => index === 2).length).toBeGreaterThan(2800);
	expect(random.shuffled([1, 2, 3, 4]).toSorted()).toEqual([1, 2, 3, 4]);
});

test('a gliding value moves in small steps', () => {
	for (let x = 0; x < 10; x += 0.01) expect(Math.abs(glide(3, x + 0.01) - glide(3, x))).toBeLessThan(0.05);
});
