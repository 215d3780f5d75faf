import { expect, it } from 'vitest';
import type { SiteBrief } from '#domain/view.ts';
import { SiteIndex, type SearchFacts } from './search.ts';

const site = (code: string, name: string, lifecycle: SiteBrief['lifecycle'] = 'open'): SiteBrief => ({
	code,
	name,
	kind: 'service_station',
	district: null,
	street: null,
	lng: null,
	lat: null,
	lifecycle,
	telemetry: 'none',
	periodSeconds: null
});

const SITES = [
	site('WX-001', '张泾社区工会驿站'),
	site('WX-002', '长安街道工会驿站'),
	site('WX-003', '张泾旧站', 'closed'),
	site('WX-004', '顺丰 A 座驿站')
];

const FACTS = new Map<string, SearchFacts>([
	[
		'WX-001',
		{ initials: 'zjsqghyz', pinyin: 'zhangjingshequgonghuiyizhan', alias: '暖心屋', address: '锡北镇张泾路 1 号' }
	],
	[
		'WX-002',
		{ initials: 'cajdghyz zajdghyz', pinyin: 'changanjiedaogonghuiyizhan', alias: null, address: '张泾路 9 号' }
	]
]);

const index = new SiteIndex(SITES, FACTS);
const codes = (text: string): string[] => index.find(text).map(({ row }) => SITES[row]!.code);

it('finds by name, alias, initials, whole pinyin, code and address', () => {
	expect(codes('社区')).toEqual(['WX-001']);
	expect(codes('暖心')).toEqual(['WX-001']);
	expect(codes('zjsq')).toEqual(['WX-001']);
	expect(codes('ZhangJing')).toEqual(['WX-001']);
	expect(codes('wx-002')).toEqual(['WX-002']);
	expect(codes('9号')).toEqual(['WX-002']);
});

it('knows other readings of a name', () => {
	expect(codes('zajd')).toEqual(['WX-002']);
	expect(codes('cajd')).toEqual(['WX-002']);
});

it('puts a name that begins so before an address that holds it, and leaves out what is closed', () => {
	expect(index.find('张泾')).toEqual([
		{ row: 0, field: 'name' },
		{ row: 1, field: 'address' }
	]);
});

it('does not mind spaces, width and case; an empty text finds nothing', () => {
	expect(codes('顺丰Ａ座')).toEqual(['WX-004']);
	expect(codes('   ')).toEqual([]);
	expect(codes('没有的')).toEqual([]);
});

it('finds names and codes without the registry', () => {
	expect(new SiteIndex(SITES, null).find('zjsq')).toEqual([]);
	expect(new SiteIndex(SITES, null).find('张泾').map(({ row }) => row)).toEqual([0]);
});
