import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RETRY_MS, TileKeeper, type TileCalls } from './tile-keeper.ts';

const SOURCES = [{ url: '/{z}/{x}/{y}.png' }];

function setUp() {
	const said: string[] = [];
	const trials: TileCalls[] = [];
	const removed: number[] = [];
	const keeper = new TileKeeper({
		add: (_sources, calls) => {
			const trial = trials.push(calls) - 1;
			return Promise.resolve({ remove: () => void removed.push(trial) });
		},
		onshown: (isShown) => said.push(isShown ? 'shown' : 'hidden'),
		onfailed: (isNews) => said.push(isNews ? 'failed' : 'failed again'),
		onback: () => said.push('back')
	});
	return { keeper, said, trials, removed };
}

describe('tiles', () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});

	afterEach(() => {
		vi.useRealTimers();
	});

	it('that are given up are tried again after five minutes, and come back when one has loaded', () => {
		const { keeper, said, trials } = setUp();
		keeper.show(SOURCES);
		trials[0]!.onbroken();
		expect(said).toEqual(['shown', 'hidden', 'failed']);
		vi.advanceTimersByTime(RETRY_MS - 1);
		expect(trials).toHaveLength(1);
		vi.advanceTimersByTime(1);
		expect(trials).toHaveLength(2);
		expect(said).toEqual(['shown', 'hidden', 'failed']);
		trials[1]!.onloaded();
		trials[1]!.onloaded();
		expect(said.slice(3)).toEqual(['shown', 'back']);
	});

	it('that fail again are hidden again, and that is no news', () => {
		const { keeper, said, trials } = setUp();
		keeper.show(SOURCES);
		for (const round of [0, 1, 2]) {
			trials[round]!.onbroken();
			vi.advanceTimersByTime(RETRY_MS);
		}
		expect(trials).toHaveLength(4);
		expect(said).toEqual(['shown', 'hidden', 'failed']);
		trials[3]!.onloaded();
		trials[3]!.onbroken();
		expect(said.slice(3)).toEqual(['shown', 'back', 'hidden', 'failed again']);
	});

	it('that are set again as they are stay; others replace them, and what the old ones say late is not heard', async () => {
		const { keeper, said, trials, removed } = setUp();
		keeper.show(SOURCES);
		keeper.show(SOURCES);
		expect(trials).toHaveLength(1);
		keeper.show([]);
		await vi.advanceTimersByTimeAsync(0);
		expect(removed).toEqual([0]);
		trials[0]!.onbroken();
		expect(said).toEqual(['shown', 'hidden']);
		vi.advanceTimersByTime(RETRY_MS);
		expect(trials).toHaveLength(1);
	});

	it('that are set anew after a failure begin anew', () => {
		const { keeper, said, trials } = setUp();
		keeper.show(SOURCES);
		trials[0]!.onbroken();
		keeper.show([]);
		keeper.show(SOURCES);
		expect(said.slice(3)).toEqual(['back', 'shown']);
		trials[1]!.onbroken();
		expect(said.at(-1)).toBe('failed');
	});

	it('whose code cannot be fetched are given up like others', async () => {
		const said: string[] = [];
		const keeper = new TileKeeper({
			add: () => Promise.reject(new Error('gone')),
			onshown: (isShown) => said.push(isShown ? 'shown' : 'hidden'),
			onfailed: (isNews) => said.push(isNews ? 'failed' : 'failed again'),
			onback: () => said.push('back')
		});
		keeper.show(SOURCES);
		await vi.advanceTimersByTimeAsync(RETRY_MS * 2);
		expect(said).toEqual(['shown', 'hidden', 'failed']);
	});

	it('of a map that is gone are not tried again', () => {
		const { keeper, trials } = setUp();
		keeper.show(SOURCES);
		trials[0]!.onbroken();
		keeper.destroy();
		vi.advanceTimersByTime(RETRY_MS);
		expect(trials).toHaveLength(1);
	});
});
