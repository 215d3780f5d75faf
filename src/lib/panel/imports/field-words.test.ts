import { describe, expect, it } from 'vitest';
import { fieldText, valueText } from './field-words.ts';

const areaName = (code: string): string => (code === '320206' ? '惠山区' : code);
const text = (field: string, value: unknown): string => valueText(field, value, areaName);

describe('fields and values of the registry', () => {
	it('are called by their names, and by their key where nobody has named them', () => {
		expect(fieldText('capacity')).toBe('容纳人数');
		expect(fieldText('toString')).toBe('toString');
	});

	it('show what is not known as a dash, never as nothing or 0', () => {
		expect([null, undefined, '', []].map((value) => text('note', value))).toEqual(['–', '–', '–', '–']);
		expect(text('capacity', 0)).toBe('0');
	});

	it('show fixed choices in words, and an unknown one as it came', () => {
		expect(text('kind', 'nursing_room')).toBe('爱心母婴室');
		expect(text('kind', 'toString')).toBe('toString');
		expect(text('datum', 'gcj02')).toBe('GCJ-02');
		expect(text('isOpen24h', true)).toBe('是');
		expect(text('districtCode', '320206')).toBe('惠山区');
	});

	it('join lists and name honours by their title', () => {
		expect(text('facilities', ['饮水', '空调'])).toBe('饮水、空调');
		expect(text('honours', [{ level: 'national', title: '全国最美' }])).toBe('全国最美');
	});

	it('write a week with equal days together', () => {
		const day = [{ from: 510, to: 1050 }];
		expect(text('hours', [day, day, day, day, day, [], []])).toBe('周一–周五 08:30-17:30; 周六–周日 –');
	});
});
