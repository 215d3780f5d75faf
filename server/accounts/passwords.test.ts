import { describe, expect, test } from 'vitest';
import { COST, Passwords } from './passwords.ts';

const CHEAP = { n: 16, r: 1, p: 1 };

describe('passwords as they are kept', () => {
	test('[PP2] carry their parameters and a salt of their own', async () => {
		const passwords = new Passwords(CHEAP);
		const [first, second] = [await passwords.hash('fog'), await passwords.hash('fog')];
		expect(first).toMatch(/^scrypt\$16\$1\$1\$[\w-]{22}\$[\w-]{43}$/);
		expect(second).not.toBe(first);
		expect(await passwords.isRight('fog', first)).toBe(true);
		expect(await passwords.isRight('Fog', first)).toBe(false);
	});

	test('[PP2] use the parameters of the OWASP cheat sheet', async () => {
		expect(COST).toEqual({ n: 32_768, r: 8, p: 3 });
		const passwords = new Passwords();
		expect(await passwords.isRight('fog', await passwords.hash('fog'))).toBe(true);
	});

	test('[PP2] are read with the parameters they were written with, and known to be outdated', async () => {
		const old = await new Passwords({ n: 32, r: 1, p: 1 }).hash('fog');
		const passwords = new Passwords(CHEAP);
		expect(await passwords.isRight('fog', old)).toBe(true);
		expect([passwords.isOutdated(old), passwords.isOutdated(await passwords.hash('fog'))]).toEqual([true, false]);
	});

	test('[PP3] cost a hash where there is nothing to compare with, and that is never right', async () => {
		const passwords = new Passwords(CHEAP);
		expect(await passwords.isRight('', null)).toBe(false);
		expect(passwords.computed).toBe(1);
	});

	test('[PP2] are hashed two at a time, and everybody has their turn', async () => {
		const passwords = new Passwords(CHEAP);
		const stored = await passwords.hash('fog');
		const tries = Array.from({ length: 50 }, (_, index) => passwords.isRight(index % 2 ? 'fog' : 'rain', stored));
		// The first two are counted as they begin; the others wait in line.
		expect(passwords.computed).toBe(3);
		expect(await Promise.all(tries)).toEqual(Array.from({ length: 50 }, (_, index) => index % 2 === 1));
		expect(passwords.computed).toBe(51);
	});

	test('a password is the same however its letters were put together', async () => {
		const passwords = new Passwords(CHEAP);
		expect(await passwords.isRight('Zu\u0308rich', await passwords.hash('Z\u00fcrich'))).toBe(true);
	});

	test('a stored text that is none is a fault, not a wrong password', async () => {
		await expect(new Passwords(CHEAP).isRight('x', 'bcrypt$1$2')).rejects.toThrow('not readable');
	});
});
