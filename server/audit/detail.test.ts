import { describe, expect, test } from 'vitest';
import { detailText, fieldText, WITHHELD } from './detail.ts';

const kept = (detail: { [name: string]: unknown }): unknown => JSON.parse(detailText(detail));

describe('[AU5] a detail of the audit', () => {
	test.each([
		...['password', 'newPassword', 'old_password', 'PASSWORD', 'userpassword', 'token', 'accessToken', 'sessiontoken'],
		...[
			'secret',
			'clientSecret',
			'apiKey',
			'api-key',
			'apikey',
			'key',
			'keys',
			'cookie',
			'set-cookie',
			'Authorization'
		],
		...['recoveryCodes', 'second_factor_code', 'otp', 'totpSeed', 'pin', 'passwordHash', 'tokenHash', 'credentials']
	])('keeps no value called %s', (name) => {
		for (const value of ['hunter2', 123456, ['a', 'b'], { deep: 'x' }])
			expect(kept({ [name]: value })).toEqual({ [name]: WITHHELD });
	});

	test('keeps what is said about a secret, and whether there was one', () => {
		const said = {
			keyId: 7,
			keyName: 'gateway',
			tokenCount: 2,
			passwordChangedAt: '2026-11-22',
			token: null,
			otp: true
		};
		expect(kept(said)).toEqual(said);
	});

	test('looks into what is inside, and stops at a depth', () => {
		const inner = { fields: { password: 'hunter2', name: 'li' }, list: [{ code: '123456' }] };
		expect(kept(inner)).toEqual({ fields: { password: WITHHELD, name: 'li' }, list: [{ code: WITHHELD }] });
		expect(kept({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({ a: { b: { c: { d: '…' } } } });
	});

	test('keeps the code of a problem and no code that opens something', () => {
		expect(kept({ code: 'out_of_scope' })).toEqual({ code: 'out_of_scope' });
		expect(kept({ code: 'expired' })).toEqual({ code: 'expired' });
		for (const code of ['123456', 123456, 'ABCD-EFGH', 'abcdefgh', 'k3f9_a1'])
			expect(kept({ code })).toEqual({ code: WITHHELD });
	});

	test('finds keys and tokens in the middle of a text', () => {
		const token = `yz_${'a1B2-'.repeat(8)}`;
		expect(kept({ note: `sent ${token} twice` })).toEqual({ note: `sent ${WITHHELD} twice` });
		expect(fieldText('Authorization: Bearer abcdefgh12345', 200)).toBe(`Authorization: ${WITHHELD}`);
		expect(fieldText('topic:district:320214', 200)).toBe('topic:district:320214');
	});

	test('is small, whatever it was made of', () => {
		const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 'x'.repeat(1000)]));
		expect(detailText(many).length).toBeLessThan(2100);
		expect(detailText({ list: Array.from({ length: 1000 }, (_, index) => index) }).length).toBeLessThan(200);
		expect(kept({ text: 'x'.repeat(1000) })).toEqual({ text: `${'x'.repeat(239)}…` });
		expect(kept({ list: Array(30).fill(1) })).toEqual({ list: [...Array<number>(24).fill(1), '… 6'] });
	});

	test('is the same text whenever it is written', () => {
		expect(detailText(undefined)).toBe('{}');
		expect(detailText({ at: new Date(0), none: undefined })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
		expect(() => detailText({ big: 1n })).toThrow();
	});

	test('cuts no character in two', () => expect(fieldText('🏠🏠🏠', 4)).toBe('🏠\ufffd…'));
});
