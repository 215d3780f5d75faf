import { describe, expect, test } from 'vitest';
import { enrolmentOf, newRecoveryCodes, newSecret, recoveryHash, stepOf } from './totp.ts';

/** `12345678901234567890` of RFC 6238, appendix B, in Base32; its codes cut to six digits. */
const RFC = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('the second factor', () => {
	test('[PP8] has the codes of RFC 6238', () => {
		for (const [seconds, code] of [
			[59, '287082'],
			[1_111_111_109, '081804'],
			[1_234_567_890, '005924'],
			[2_000_000_000, '279037']
		] as const) {
			expect(stepOf(RFC, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
		}
	});

	test('[PP8] takes the step before and after, and names the step that a code is of', () => {
		const step = Math.floor(1_234_567_890 / 30);
		const at = step * 30_000;
		expect(stepOf(RFC, '005924', at - 30_000)).toBe(step);
		expect(stepOf(RFC, '005924', at + 30_000)).toBe(step);
		expect(stepOf(RFC, '005924', at - 60_001)).toBeNull();
		expect(stepOf(RFC, '005924', at + 60_000)).toBeNull();
		expect(stepOf(RFC, '5924', at)).toBeNull();
	});

	test('[PP8] is told in three ways that say the same', () => {
		const secret = newSecret();
		expect(secret).toMatch(/^[A-Z2-7]{32}$/);
		const { uri, secret: typed, qr } = enrolmentOf(secret, 'li.na');
		expect(typed).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
		expect(new URL(uri).searchParams.get('secret')).toBe(secret);
		expect(decodeURIComponent(uri)).toContain('驿站 Yizhan:li.na');
		// The finder pattern of the first corner lies inside the quiet zone of four.
		expect(qr.path).toMatch(/^M4 4h7v1H4z/);
		expect(qr.size).toBeGreaterThan(29);
	});

	test('[PP8] has ten recovery codes, read in whatever way they are written', () => {
		const codes = newRecoveryCodes();
		expect(new Set(codes).size).toBe(10);
		for (const code of codes) {
			expect(code).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/);
			expect(recoveryHash(` ${code.toUpperCase().replace('-', '  ')}`)).toBe(recoveryHash(code));
		}
	});
});
