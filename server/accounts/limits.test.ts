import { describe, expect, test } from 'vitest';
import { addressLimit, LOCKOUT, StrangerLockout } from './limits.ts';

describe('the lockout of names that nobody has', () => {
	test('[PP4] counts as the one of accounts does', () => {
		const lockout = new StrangerLockout();
		for (let i = 1; i <= 5; i++) expect(lockout.beginTry('x', i)).toEqual({ isTaken: true, failures: i });
		expect(lockout.beginTry('x', 6)).toEqual({ isTaken: false, lockedUntil: 5 + LOCKOUT.lockMs });
		expect(lockout.beginTry('x', 5 + LOCKOUT.lockMs)).toEqual({ isTaken: true, failures: 1 });
		lockout.beginTry('y', 0);
		expect(lockout.beginTry('y', LOCKOUT.windowMs + 1)).toEqual({ isTaken: true, failures: 1 });
	});

	test('[PP4] is bounded: the name that was tried longest ago is forgotten', () => {
		const lockout = new StrangerLockout();
		for (let i = 0; i <= 10_000; i++) lockout.beginTry(`n${i}`, 0);
		expect(lockout.beginTry('n0', 1)).toEqual({ isTaken: true, failures: 1 });
		expect(lockout.beginTry('n9999', 1)).toEqual({ isTaken: true, failures: 2 });
	});
});

describe('the limit of an address', () => {
	test('[PP5] counts what failed, by address, and a whole IPv6 network as one', async () => {
		const limit = addressLimit({ points: 2, duration: 60 });
		for (let i = 0; i < 5; i++) {
			await limit.take('10.0.0.1');
			await limit.giveBack('10.0.0.1');
		}
		await limit.take('2001:db8:1:2::1');
		await limit.take('2001:db8:1:2:ffff::2');
		await expect(limit.take('2001:db8:1:2:3:4:5:6')).rejects.toMatchObject({ code: 'too_many_tries', status: 429 });
		await limit.take('2001:db8:1:3::1');
		await limit.take('10.0.0.1');
	});
});
