import { describe, expect, it } from 'vitest';
import { figureLabelsOf, labelsOf, type LabelInput } from './map-labels.ts';

const SIZES = { nameSize: 18, placeSize: 13 };
const HIGH = { isStreets: false, isLowWorst: false };
const area = (code: string, name: string) => ({ code, name, members: [0], x: 1, y: 1 });
const input: LabelInput = {
	zoom: 11,
	districts: [area('D1', '宜兴市')],
	streets: [area('S1', '宜城街道')],
	places: [
		{ name: '宜兴', nameEn: 'Yixing', lng: 119.8, lat: 31.3 },
		{ name: '常州', nameEn: 'Changzhou', lng: 119.9, lat: 31.8 }
	],
	isEnglish: false,
	figured: null,
	hasGlyphs: false
};
const names = (over: Partial<LabelInput> = {}): string[] =>
	labelsOf({ ...input, ...over }, SIZES).map(({ lines }) => lines.join(' '));

describe('which names are written', () => {
	it('districts first, then places that are no district', () => {
		expect(names()).toEqual(['宜兴市', '常州']);
	});

	it('streets from near', () => {
		expect(names({ zoom: 13 })).toEqual(['宜兴市', '宜城街道', '常州']);
	});

	it('places in the language of the page', () => {
		expect(names({ isEnglish: true })).toContain('Changzhou');
	});

	it('no districts where numbers carry their names', () => {
		expect(names({ zoom: 8, hasGlyphs: true })).toEqual(['常州']);
	});

	it('no areas twice where they carry figures', () => {
		expect(names({ figured: 'district' })).toEqual(['常州']);
		expect(names({ figured: 'street', zoom: 13 })).toEqual(['宜兴市', '常州']);
	});

	it('with the figure below the name where areas are shaded', () => {
		const figure = { code: 'D1', name: '宜兴市', shade: 1, value: 12, rate: null } as const;
		const labels = figureLabelsOf(input.districts, [figure], () => ({ full: '12 · 8%', short: '12' }), HIGH, SIZES);
		expect(labels.map(({ lines, shorter }) => [lines, shorter])).toEqual([
			[
				['宜兴市', '12 · 8%'],
				['宜兴市', '12']
			]
		]);
	});

	it('with figures, the worst class first, then the most crowded, and what is not known last', () => {
		const crowded = (code: string, count: number) => ({ ...area(code, code), members: Array<number>(count).fill(0) });
		const areas = [crowded('unknown', 9), crowded('low', 8), crowded('high', 1), crowded('higher', 2)];
		const shades = { unknown: 'unknown', low: 0, high: 3, higher: 3 } as const;
		const figures = Object.entries(shades).map(([code, shade]) => ({ code, name: code, shade, value: 1, rate: null }));
		const order = (isLowWorst: boolean): (string | undefined)[] =>
			figureLabelsOf(areas, figures, () => ({ full: '1', short: '1' }), { isStreets: false, isLowWorst }, SIZES).map(
				({ lines }) => lines[0]
			);
		expect(order(false)).toEqual(['higher', 'high', 'low', 'unknown']);
		expect(order(true)).toEqual(['low', 'higher', 'high', 'unknown']);
	});
});
