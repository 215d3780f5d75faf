/**
 * The code that a wall screen shows until it is paired: read across a room, typed by hand. Eight characters of which none
 * looks like another from 6 m: 18⁸ ≈ 11 billion codes.
 */

/** Of characters that look alike one stays at most: 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, C G. No vowels: a wall spells no words. */
export const PAIRING_ALPHABET = 'CFHJKMNPRTWXY34679';
export const PAIRING_LENGTH = 8;
const GROUP = 4;

/** What was typed, without case, blanks, dashes and full width; null when that is no code. */
export function readPairingCode(text: string): string | null {
	const code = text
		.normalize('NFKC')
		.toUpperCase()
		.replaceAll(/[\s\p{Pd}_.·]/gu, '');
	if (code.length !== PAIRING_LENGTH) return null;
	return [...code].every((character) => PAIRING_ALPHABET.includes(character)) ? code : null;
}

/** In two groups, as it is shown: `KJ7M-4RXA`. */
export const showPairingCode = (code: string): string => `${code.slice(0, GROUP)}-${code.slice(GROUP)}`;
