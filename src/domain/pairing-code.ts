/**
 * The code that a wall screen shows until it is paired: read across a room, typed by hand. Eight characters of which none
 * looks like another from 6 m: 18⁸ ≈ 11 billion codes.
 */

/** Of characters that look alike one stays at most: 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, C G. No vowels: a wall spells no words. */
export const PAIRING_ALPHABET = 'CFHJKMNPRTWXY34679';
export const PAIRING_LENGTH = 8;
const GROUP = 4;

/** Without case, blanks, dashes and full width. */
const plain = (text: string): string =>
	text
		.normalize('NFKC')
		.toUpperCase()
		.replaceAll(/[\s\p{Pd}_.·]/gu, '');

/** What was typed, as a code; null when that is none. */
export function readPairingCode(text: string): string | null {
	return faultOfPairingCode(text) === null ? plain(text) : null;
}

/** `signs`: those that no code has, each once, as they were read */
export type PairingFault =
	| { readonly kind: 'empty' }
	| { readonly kind: 'signs'; readonly signs: string }
	| { readonly kind: 'length'; readonly length: number };

/** Why what was typed is no code; null = it is one. A wrong sign is told before a wrong length: it is nearer to the mistake. */
export function faultOfPairingCode(text: string): PairingFault | null {
	const signs = [...plain(text)];
	if (signs.length === 0) return { kind: 'empty' };
	const foreign = new Set(signs.filter((sign) => !PAIRING_ALPHABET.includes(sign)));
	if (foreign.size > 0) return { kind: 'signs', signs: [...foreign].join(' ') };
	return signs.length === PAIRING_LENGTH ? null : { kind: 'length', length: signs.length };
}

/** In two groups, as it is shown: `KJ7M-4RXA`. */
export const showPairingCode = (code: string): string => `${code.slice(0, GROUP)}-${code.slice(GROUP)}`;
