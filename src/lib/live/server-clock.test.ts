import { describe, expect, it } from 'vitest';
import { ServerClock } from './server-clock.ts';

describe('the clock of the server', () => {
	it('is the clock of this machine until a frame came', () => {
		expect(new ServerClock().serverTime(5_000)).toBe(5_000);
	});

	it('follows the frame that travelled least', () => {
		const clock = new ServerClock();
		clock.learn(100_000, 1_000);
		clock.learn(101_040, 2_000);
		clock.learn(101_500, 3_000);
		expect(clock.serverTime(4_000)).toBe(103_040);
	});

	it('is not turned back by frames repaired after a gap', () => {
		const clock = new ServerClock();
		clock.learn(100_000, 100_000);
		clock.learn(70_000, 101_000);
		expect(clock.serverTime(102_000)).toBe(102_000);
	});

	it('forgets after a minute, so that a clock set back is followed', () => {
		const clock = new ServerClock();
		clock.learn(500_000, 100_000);
		clock.learn(161_000, 161_000);
		expect(clock.serverTime(162_000)).toBe(162_000);
	});

	it('follows at once when the clock of this machine is set back', () => {
		const clock = new ServerClock();
		clock.learn(500_000, 500_000);
		clock.learn(501_000, 1_000);
		expect(clock.serverTime(2_000)).toBe(502_000);
	});
});
