import { describe, expect, it } from 'vitest';
import { readMapSettings } from './map-settings.ts';

const read = (value: unknown) => readMapSettings(JSON.stringify(value));
const messages = (value: unknown) => read(value).problems.map(({ message }) => message);
const URL = 'https://t{s}.example.org/vec?T=vec_w&x={x}&y={y}&l={z}&tk=KEY';

describe('map.json', () => {
	it('need not be there', () => {
		expect(readMapSettings(null)).toEqual({
			settings: { reviewNumber: null, attribution: null, showBoundaries: null, tiles: [] },
			problems: []
		});
	});

	it('gives review number, attribution, boundaries and tiles', () => {
		const tile = {
			url: URL,
			subdomains: ['0', '1'],
			datum: 'cgcs2000',
			attribution: '天地图',
			reviewNo: 'GS(2024)0650',
			minZoom: 3,
			maxZoom: 17,
			tms: true
		};
		const settings = {
			reviewNumber: '苏S(2024)1号',
			attribution: ' 江苏省自然资源厅 ',
			showBoundaries: true,
			tiles: [tile]
		};
		expect(read(settings)).toEqual({ settings: { ...settings, attribution: '江苏省自然资源厅' }, problems: [] });
	});

	it('fills what a tile source does not say', () => {
		expect(read({ tiles: [{ url: 'http://maps.lan/{z}/{x}/{y}.png' }] }).settings.tiles).toEqual([
			{
				url: 'http://maps.lan/{z}/{x}/{y}.png',
				subdomains: [],
				datum: 'wgs84',
				attribution: null,
				reviewNo: null,
				minZoom: 0,
				maxZoom: 18,
				tms: false
			}
		]);
	});

	it('takes letters as subdomains', () => {
		expect(read({ tiles: [{ url: URL, subdomains: '01' }] }).settings.tiles[0]?.subdomains).toEqual(['0', '1']);
	});

	it('that is no object is one problem', () => {
		for (const text of ['{', '[]', '"x"', 'null']) {
			expect(readMapSettings(text).problems).toEqual([
				{ code: 'unreadable_file', file: 'map.json', message: expect.stringContaining('one JSON object') as string }
			]);
		}
	});

	it('with bad fields keeps the good ones and names each bad one once', () => {
		const { settings, problems } = read({
			reviewNumber: 7,
			attribution: '江苏省自然资源厅',
			showBoundaries: 'yes',
			tile: [],
			tiles: [{ url: 'http://maps.lan/{z}/{x}/{y}.png', minZoom: 3.5, tms: 1 }, 'http://x']
		});
		expect(settings).toMatchObject({ reviewNumber: null, attribution: '江苏省自然资源厅', showBoundaries: null });
		expect(settings.tiles).toMatchObject([{ minZoom: 0, tms: false }]);
		expect(problems.map(({ message }) => message)).toEqual([
			'tile: no such field; use reviewNumber, attribution, showBoundaries, tiles.',
			'reviewNumber: use a text of at most 300 characters.',
			'showBoundaries: use true or false, without quotes.',
			'tiles[0].minZoom: use a whole number from 0 to 22; 0 is used.',
			'tiles[0].tms: use true or false, without quotes.',
			'tiles[1]: use an object with a url. It is left out.'
		]);
	});

	it.each([
		[undefined, /use an address such as/],
		[7, /use an address such as/],
		['https://t.example.org/{z}/{x}.png', /without \{y\}; use an address/],
		['javascript:alert("{x}{y}{z}")', /use an address such as/],
		['file:///{z}/{x}/{y}.png', /use an address such as/],
		['//t.example.org/{z}/{x}/{y}.png', /use an address such as/],
		['https://{s}.example.org/{z}/{x}/{y}.png', /name the subdomains/]
	])('leaves out a source at %s', (url, problem) => {
		expect(read({ tiles: [{ url }] }).settings.tiles).toEqual([]);
		expect(messages({ tiles: [{ url }] })).toEqual([expect.stringMatching(problem)]);
	});

	it('leaves out a source of an unknown datum or without a zoom: its pictures would lie elsewhere', () => {
		const url = 'http://maps.lan/{z}/{x}/{y}.png';
		expect(messages({ tiles: [{ url, datum: 'mars' }] })).toEqual([
			'tiles[0].datum: use one of wgs84, cgcs2000, gcj02, bd09. The source is left out.'
		]);
		expect(read({ tiles: [{ url, minZoom: 9, maxZoom: 3 }] }).settings.tiles).toEqual([]);
	});

	it('of any content never throws', () => {
		for (const tiles of [null, {}, [null], [[]], [{ url: null }], [{ url: URL, subdomains: [1] }]]) {
			expect(() => read({ tiles })).not.toThrow();
		}
	});
});
