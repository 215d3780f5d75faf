import { describe, expect, it } from 'vitest';
import { PAIRING_ALPHABET, readPairingCode, showPairingCode } from './pairing-code.ts';

describe('the code of a screen', () => {
	it('[SC1] is read whatever its case, blanks, dashes and width', () => {
		for (const typed of [
			'KJ7M-4RXA',
			'kj7m4rxa',
			' kj7m 4rxa ',
			'ＫＪ７Ｍ－４ＲＸＡ',
			'KJ7M–4RXA',
			'K.J.7.M.4.R.X.A'
		]) {
			expect(readPairingCode(typed)).toBe('KJ7M4RXA');
		}
	});

	it('[SC1] is none with a character that the screen never shows, or of another length', () => {
		for (const typed of ['', 'KJ7M', 'KJ7M-4RXAA', 'KJ7M-4RX0', 'KJ7M-4RXO', '驿站驿站驿站驿站']) {
			expect(readPairingCode(typed)).toBeNull();
		}
	});

	it('[SC1] is made of characters of which no two look alike', () => {
		for (const alike of ['0OQD', '1IL', '2Z', '5S', '8B', 'CG', 'UV']) {
			expect([...alike].filter((character) => PAIRING_ALPHABET.includes(character)).length).toBeLessThan(2);
		}
		expect(new Set(PAIRING_ALPHABET).size).toBe(PAIRING_ALPHABET.length);
	});

	it('is shown in two groups', () => {
		expect(showPairingCode('KJ7M4RXA')).toBe('KJ7M-4RXA');
		expect(readPairingCode(showPairingCode('KJ7M4RXA'))).toBe('KJ7M4RXA');
	});
});
