import { expect, it } from 'vitest';
import { idleState } from './idle-watch.svelte.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it('asks a minute before the session ends of idleness, and knows when it is over', () => {
	const ends = { idleAt: 15 * MINUTE, endsAt: 12 * HOUR };
	expect([0, 13 * MINUTE, 14 * MINUTE, 15 * MINUTE].map((now) => idleState(ends, now))).toEqual([
		'present',
		'present',
		'asked',
		'idle'
	]);
});

it('asks in the last third of a short limit, so that an answer closes the question', () => {
	const ends = { idleAt: MINUTE, endsAt: 12 * HOUR };
	expect([0, 39_000, 40_000, MINUTE].map((now) => idleState(ends, now, MINUTE))).toEqual([
		'present',
		'present',
		'asked',
		'idle'
	]);
});

it('tells five minutes before that the hours are up, whatever is done', () => {
	const ends = { idleAt: 12 * HOUR, endsAt: 12 * HOUR };
	expect([6, 5, 0].map((left) => idleState(ends, 12 * HOUR - left * MINUTE))).toEqual(['present', 'ending', 'expired']);
	// No hand for long, and the hours nearly up: what comes first is said.
	expect(idleState({ idleAt: 12 * HOUR - 2 * MINUTE, endsAt: 12 * HOUR }, 12 * HOUR - 3 * MINUTE)).toBe('asked');
});
