import { describe, expect, it } from 'vitest';
import type { Area } from '#domain/site.ts';
import { openAreaBook } from '#server/registry/areas.ts';

const AREAS: Area[] = [
	{ code: '320200', name: '无锡市', level: 'city', parentCode: null },
	{ code: '320206', name: '惠山区', level: 'district', parentCode: '320200' },
	{ code: '320281', name: '江阴市', level: 'district', parentCode: '320200' },
	{ code: 'WX-JK', name: '经开区', level: 'district', parentCode: '320200' },
	{ code: '320206001', name: '钱桥街道', level: 'street', parentCode: '320206' },
	{ code: '320281101', name: '钱桥镇', level: 'street', parentCode: '320281' },
	{ code: '320206002', name: '洛社镇', level: 'street', parentCode: '320206' }
];

const named = (name: string) => ({ code: null, name });

describe('finding areas', () => {
	it.each(['惠山区', '惠山', '无锡市惠山区', ' 惠 山 区', '320206'])('knows the district %s', (name) => {
		const book = openAreaBook(AREAS);
		expect(book.district(named(name), 2)).toBe('320206');
		expect(book.newAreas).toEqual([]);
	});

	it('knows a district by its code whatever its name', () => {
		expect(openAreaBook(AREAS).district({ code: '320281', name: '暨阳' }, 2)).toBe('320281');
	});

	it('makes one new area of an unknown district, with one warning, and the same code every time', () => {
		const book = openAreaBook(AREAS);
		const code = book.district(named('高新区'), 5);
		expect(book.district(named('高新区'), 9)).toBe(code);
		expect(book.newAreas).toEqual([{ code, name: '高新区', level: 'district', parentCode: '320200', gbCode: null }]);
		expect(book.warnings).toMatchObject([{ line: 5, code: 'district_new' }]);
		expect(openAreaBook(AREAS).district(named('高新区'), 5)).toBe(code);
	});

	it('gives a new district the code that the file states', () => {
		const book = openAreaBook(AREAS);
		expect(book.district({ code: '320205', name: '锡山区' }, 2)).toBe('320205');
		expect(book.newAreas[0]).toMatchObject({ name: '锡山区', gbCode: '320205' });
	});

	it('looks for a street in its district', () => {
		const book = openAreaBook(AREAS);
		expect(book.street(named('钱桥'), '320206', 2)).toEqual({ code: '320206001', districtCode: '320206' });
		expect(book.street(named('钱桥'), '320281', 2)).toEqual({ code: '320281101', districtCode: '320281' });
		expect(book.newAreas).toEqual([]);
	});

	it('finds the district of a street that only one district has', () => {
		const book = openAreaBook(AREAS);
		expect(book.street(named('洛社镇'), null, 2)).toEqual({ code: '320206002', districtCode: '320206' });
		expect(book.street(named('钱桥'), null, 3)).toBeNull();
		expect(book.warnings).toMatchObject([{ line: 3, code: 'street_without_district' }]);
	});

	it('adds an unknown street below its district', () => {
		const book = openAreaBook(AREAS);
		const street = book.street(named('堰桥街道'), '320206', 2);
		expect(book.newAreas).toEqual([
			{ code: street?.code, name: '堰桥街道', level: 'street', parentCode: '320206', gbCode: null }
		]);
	});
});
