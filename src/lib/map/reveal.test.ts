import { expect, it } from 'vitest';
import { panToReveal } from './reveal.ts';

const SIZE = { x: 800, y: 500 };

it('a point below a card is moved out of it, mark and all, and no further', () => {
	expect(panToReveal({ x: 700, y: 100 }, SIZE, { right: 400 })).toEqual({ x: 318, y: 0 });
	expect(panToReveal({ x: 390, y: 100 }, SIZE, { right: 400 })).toEqual({ x: 8, y: 0 });
	expect(panToReveal({ x: 100, y: 490 }, SIZE, { bottom: 90 })).toEqual({ x: 0, y: 98 });
});

it('a point that is not covered stays, at the edge too', () => {
	expect(panToReveal({ x: 382, y: 499 }, SIZE, { right: 400 })).toEqual({ x: 0, y: 0 });
	expect(panToReveal({ x: 799, y: 499 }, SIZE, {})).toEqual({ x: 0, y: 0 });
});

it('a point out of view does not move it, nor one on a map that is covered whole', () => {
	expect(panToReveal({ x: 900, y: 100 }, SIZE, { right: 400 })).toEqual({ x: 0, y: 0 });
	expect(panToReveal({ x: 700, y: 100 }, SIZE, { right: 780 })).toEqual({ x: 0, y: 0 });
});
