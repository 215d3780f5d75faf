import { expect, it } from 'vitest';
import { cardSide } from './card-side.ts';

const EXTENT = { west: 120, east: 121, south: 31, north: 32 };

it('the card lies over the right edge, and over the left where it would hide what was chosen', () => {
	expect(cardSide(120.2, EXTENT, 80)).toBe('end');
	expect(cardSide(120.9, EXTENT, 80)).toBe('start');
});

it('a narrow map, a site out of sight and one without coordinates leave it where it is', () => {
	expect(cardSide(120.9, EXTENT, 50)).toBe('end');
	expect(cardSide(121.2, EXTENT, 80)).toBe('end');
	expect(cardSide(null, EXTENT, 80)).toBe('end');
	expect(cardSide(120.9, null, 80)).toBe('end');
});
