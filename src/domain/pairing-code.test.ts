import { describe, expect, it } from 'vitest';
import { faultOfPairingCode, PAIRING_ALPHABET, readPairingCode, showPairingCode } from './pairing-code.ts';

describe('the code of a screen', () => {
	it('[SC1] is read whatever its case, blanks, dashes and width', () => {
		for (const typed of [
			'KJ7M-4RXT',
			'kj7m4rxt',
			' kj7m 4rxt ',
			'ＫＪ７Ｍ－４ＲＸＴ',
			'KJ7M–4RXT',
			'K.J.7.M.4.R.X.T'
		]) {
			expect(readPairingCode(typed)).toBe('KJ7M4RXT');
		}
	});

	it('[SC1] is none with a character that the screen never shows, or of another length', () => {
		for (const typed of ['', 'KJ7M', 'KJ7M-4RXTT', 'KJ7M-4RX0', 'KJ7M-4RXO', '驿站驿站驿站驿站']) {
			expect(readPairingCode(typed)).toBeNull();
		}
	});

	it('[SC1] tells what is wrong with one that is none', () => {
		expect(faultOfPairingCode('kj7m-4rxt')).toBeNull();
		expect(faultOfPairingCode(' - ')).toEqual({ kind: 'empty' });
		expect(faultOfPairingCode('KJ7M-4RX')).toEqual({ kind: 'length', length: 7 });
		expect(faultOfPairingCode('kj7m-0ro0')).toEqual({ kind: 'signs', signs: '0 O' });
		expect(faultOfPairingCode('O')).toEqual({ kind: 'signs', signs: 'O' });
	});

	it('[SC1] is made of characters of which no two look alike', () => {
		for (const alike of ['0OQD', '1IL', '2Z', '5S', '8B', 'CG', 'AEIOU']) {
			expect([...alike].filter((character) => PAIRING_ALPHABET.includes(character)).length).toBeLessThan(2);
		}
		expect(new Set(PAIRING_ALPHABET).size).toBe(PAIRING_ALPHABET.length);
	});

	it('is shown in two groups', () => {
		expect(showPairingCode('KJ7M4RXT')).toBe('KJ7M-4RXT');
		expect(readPairingCode(showPairingCode('KJ7M4RXT'))).toBe('KJ7M4RXT');
	});
});
