import { describe, expect, it } from 'vitest';
import { placeLabels, type Label } from './place-labels.ts';

const view = { scale: 1, left: 0, top: 0, width: 1_000, height: 1_000, beyondX: 0, beyondY: 0 };
const label = (name: string, over: Partial<Label> = {}): Label => ({
	lines: [name],
	x: 500,
	y: 500,
	size: 20,
	spacing: 0.2,
	kind: 'district',
	isLoud: false,
	...over
});

function crowd(count: number) {
	const x = Float64Array.from({ length: count }, (_, i) => 490 + (i % 20));
	const y = Float64Array.from({ length: count }, (_, i) => 490 + Math.floor(i / 20));
	return { x, y, looks: new Uint8Array(count) };
}

describe('names on the map', () => {
	it('stand beside a crowd of points, not on it', () => {
		const [placed] = placeLabels([label('梁溪区')], crowd(400), view);
		expect(Math.abs((placed?.y ?? 500) - 500)).toBeGreaterThan(20);
	});

	it('stand on their place where the points there are hidden', () => {
		const hidden = crowd(400);
		hidden.looks.fill(255);
		expect(placeLabels([label('梁溪区')], hidden, view)[0]).toMatchObject({ x: 500, y: 500 });
	});

	it('that carry a figure stay at their place, over the points', () => {
		const [placed] = placeLabels([label('梁溪区', { isLoud: true })], crowd(400), view);
		expect(placed).toMatchObject({ x: 500, y: 500 });
	});

	it('do not stand on each other', () => {
		const [one, other] = placeLabels([label('梁溪区'), label('滨湖区')], null, view);
		expect(Math.hypot((one?.x ?? 0) - (other?.x ?? 0), (one?.y ?? 0) - (other?.y ?? 0))).toBeGreaterThan(20);
	});

	it('that carry a figure shift to a free place near by; without one they say less, and then nothing', () => {
		const figure = (name: string, y: number): Label =>
			label(name, { lines: [name, '1,234 · 站均 12.3'], shorter: [name, '1,234'], x: 100, y, isLoud: true });
		const write = (size: { width: number; height: number }) =>
			placeLabels([figure('新吴区', 100), figure('经开区', 110), figure('梁溪区', 105)], null, { ...view, ...size });
		const wide = write({ width: 1_000, height: 1_000 });
		expect(wide.map(({ label: { lines } }) => lines[1])).toEqual(Array(3).fill('1,234 · 站均 12.3'));
		for (const [i, one] of wide.entries()) {
			for (const other of wide.slice(i + 1)) {
				expect(Math.abs(one.x - other.x) > 150 || Math.abs(one.y - other.y) >= 48).toBe(true);
			}
		}
		const long = (name: string, x: number): Label =>
			label(name, { lines: [name, '1'.repeat(40)], shorter: [name, '1'], x, isLoud: true });
		const crowded = placeLabels([...'一二三四'].map((name) => long(name, 500)).concat(long('五', 750)), null, view);
		expect(crowded.map(({ label: { lines } }) => [lines[0], lines[1]?.length])).toEqual([
			['一', 40],
			['二', 40],
			['三', 40],
			['五', 1]
		]);
	});

	it('of districts are always written, of places only where there is room', () => {
		const place = label('钱桥', { kind: 'place', x: 500 });
		const small = { ...view, width: 120, height: 40 };
		const labels = [label('梁溪区', { x: 60, y: 20 }), label('滨湖区', { x: 60, y: 20 }), { ...place, x: 60, y: 20 }];
		expect(placeLabels(labels, null, small).map((one) => one.label.lines[0])).toEqual(['梁溪区', '滨湖区']);
		expect(placeLabels([place], crowd(400), view)[0]?.y).not.toBe(500);
	});

	it('of places out of view are not drawn in', () => {
		expect(placeLabels([label('苏州', { kind: 'place', x: 1_200 })], null, view)).toEqual([]);
	});
});
