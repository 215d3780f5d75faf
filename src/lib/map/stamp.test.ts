import { describe, expect, it } from 'vitest';
import { STATUS } from '#domain/table.ts';
import { RANK, STALE } from './look.ts';
import { clearBox, CODES, makeStamps, paintBox, stampAt, wholeOf, type Raster, type Stamp } from './stamp.ts';

const raster = (width = 40, height = 30): Raster => ({ width, height, codes: new Uint8Array(width * height) });
const stamps = makeStamps(4);
const stampOf = (look: number): Stamp => stamps[look]!;
const insideOf = (look: number): number => RANK[look]! * 2 + 2;

describe('stamping', () => {
	it('lets the worst win at a pixel, in whatever order points come', () => {
		const looks = [STATUS.open, STATUS.closed_unplanned, STATUS.closed_planned, STATUS.unknown];
		const pictures = [looks, looks.toReversed()].map((order) => {
			const target = raster();
			order.forEach((look) => stampAt(target, stampOf(look), 20 + look, 15, wholeOf(target)));
			return target.codes;
		});
		expect(pictures[0]).toEqual(pictures[1]);
		expect(pictures[0]![15 * 40 + 20 + STATUS.closed_unplanned]).toBe(insideOf(STATUS.closed_unplanned));
	});

	it('sets a worse point apart by an edge, and lets equals run together', () => {
		const target = raster();
		stampAt(target, stampOf(STATUS.open), 15, 15, wholeOf(target));
		stampAt(target, stampOf(STATUS.open), 19, 15, wholeOf(target));
		expect([...target.codes.subarray(15 * 40 + 11, 15 * 40 + 24)].every((code) => code === insideOf(STATUS.open))).toBe(
			true
		);
		stampAt(target, stampOf(STATUS.closed_unplanned), 17, 15, wholeOf(target));
		expect([...target.codes]).toContain(insideOf(STATUS.closed_unplanned) - 1);
	});

	it('never leaves its box or the picture', () => {
		const target = raster();
		const box = { left: 10, top: 10, right: 14, bottom: 12 };
		stampAt(target, stampOf(STATUS.open), 10, 10, box);
		stampAt(target, stampOf(STATUS.open), 39, 29, wholeOf(target));
		target.codes.forEach((code, at) => {
			const [x, y] = [at % 40, Math.floor(at / 40)];
			if (x < 33 && code !== 0) expect(x >= 10 && x < 14 && y >= 10 && y < 12).toBe(true);
		});
	});

	it('draws a changed point as if everything had been drawn again', () => {
		const places = Array.from({ length: 60 }, (_, i) => ({ x: (i * 7) % 40, y: (i * 11) % 30, look: i % 8 }));
		const patched = raster();
		places.forEach(({ x, y, look }) => stampAt(patched, stampOf(look), x, y, wholeOf(patched)));
		places[7]!.look = STATUS.closed_planned + STALE;
		const whole = raster();
		places.forEach(({ x, y, look }) => stampAt(whole, stampOf(look), x, y, wholeOf(whole)));

		const { x, y } = places[7]!;
		const reach = Math.max(...stamps.map((stamp) => stamp.reach));
		const box = {
			left: Math.max(0, x - reach),
			top: Math.max(0, y - reach),
			right: Math.min(40, x + reach + 1),
			bottom: Math.min(30, y + reach + 1)
		};
		clearBox(patched, box);
		places.forEach((place) => stampAt(patched, stampOf(place.look), place.x, place.y, box));
		expect(patched.codes).toEqual(whole.codes);
	});

	it('paints a stale point in stripes, in the same stripes wherever the painted box begins', () => {
		const target = raster(12, 12);
		target.codes.fill(5);
		const palette = { pixels: new Uint32Array(CODES).fill(1), stripes: new Uint32Array(CODES).fill(2) };
		const whole = new Uint32Array(144);
		paintBox(target, wholeOf(target), palette, whole);
		expect(new Set(whole)).toEqual(new Set([1, 2]));
		const patched = whole.slice().fill(0, 12 * 3, 12 * 9);
		paintBox(target, { left: 0, top: 3, right: 12, bottom: 9 }, palette, patched);
		expect(patched).toEqual(whole);
	});
});
