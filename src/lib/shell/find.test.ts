import { describe, expect, it } from 'vitest';
import { find, findables, type Findable } from './find.ts';

const station = (code: string, name: string, readings: string): Findable => ({
	kind: 'station',
	code,
	name,
	hint: '',
	readings
});

const items: Findable[] = [
	station('WX-0001', '南禅寺工会驿站', 'ncsghyz nanchansigonghuiyizhan 向阳路1号'),
	station('WX-0012', '梁溪广场驿站', 'lxgcyz liangxiguangchangyizhan'),
	{ kind: 'district', code: '320213', name: '梁溪区', hint: '无锡市', readings: '' },
	station('WX-0120', '新梁溪驿站', 'xlxyz xinliangxiyizhan')
];
const codes = (text: string) => find(items, text, 10).items.map(({ code }) => code);

describe('the command palette', () => {
	it('finds by name, the beginning first and the wider place before the narrower', () => {
		expect(codes('梁溪')).toEqual(['320213', 'WX-0012', 'WX-0120']);
	});

	it('finds by pinyin initials and by pinyin, in any case', () => {
		expect(codes('NCS')).toEqual(['WX-0001']);
		expect(codes('nanchan')).toEqual(['WX-0001']);
		expect(codes('lxgc')).toEqual(['WX-0012']);
	});

	it('finds by code, the exact one first', () => {
		expect(codes('wx-0012')[0]).toBe('WX-0012');
		expect(codes('320213')).toEqual(['320213']);
	});

	it('wants every word, and finds by address', () => {
		expect(codes('梁溪 广场')).toEqual(['WX-0012']);
		expect(codes('向阳路')).toEqual(['WX-0001']);
		expect(codes('梁溪 xyz')).toEqual(['WX-0120']);
	});

	it('finds nothing when nothing is asked, and says how much it leaves out', () => {
		expect(codes('  ')).toEqual([]);
		expect(find(items, '驿站', 2)).toMatchObject({ more: 1 });
	});

	it('offers only places whose pages are for who looks', () => {
		const areas = [
			{ code: '320213', name: '梁溪区', level: 'district', parentCode: '3202' },
			{ code: '320205', name: '锡山区', level: 'district', parentCode: '3202' }
		] as unknown as Parameters<typeof findables>[1];
		const own = findables([], areas, new Map(), (scope) => scope.level === 'district' && scope.code === '320213');
		expect(own.map(({ code }) => code)).toEqual(['320213']);
	});
});
