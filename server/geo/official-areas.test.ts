import { describe, expect, it } from 'vitest';
import type { CodedArea } from '#server/store/geo-store.ts';
import { officialAreas } from './official-areas.ts';

const area = (code: string, name: string, level: CodedArea['level'], gbCode: string | null): CodedArea => ({
	code,
	name,
	level,
	parentCode: level === 'city' ? null : 'city',
	gbCode
});
const AREAS = [
	area('city', '无锡市', 'city', '320200'),
	area('d1', '锡山区', 'district', '320205'),
	area('d2', '滨湖区', 'district', '320211'),
	area('d3', '经开区', 'district', null),
	area('s1', '东亭街道', 'street', '320205001'),
	area('s2', '城南街道', 'street', null),
	area('s3', '城南街道', 'street', null)
];
const square = (x = 120, y = 31) => [
	[
		[x, y],
		[x, y + 0.1],
		[x + 0.1, y + 0.1],
		[x + 0.1, y],
		[x, y]
	]
];
const feature = (properties: object, coordinates: unknown = square(), type = 'Polygon') => ({
	type: 'Feature',
	properties,
	geometry: { type, coordinates }
});
const file = (...features: object[]) => ({
	name: 'a.geojson',
	text: JSON.stringify({ type: 'FeatureCollection', features })
});
const codes = (found: { districts: readonly { properties: { code: string } }[] }) =>
	found.districts.map(({ properties }) => properties.code);

describe('polygons of a deployer', () => {
	it.each([
		['gb with the country before it', { gb: '156320205' }],
		['gb without it', { gb: '320205' }],
		['adcode as a number', { adcode: 320205 }],
		['a code of ours', { code: 'd1' }],
		['a name', { name: '锡山区' }],
		['a name beside a code nobody knows', { adcode: '999999', name: '锡山区' }]
	])('fit an area by %s', (_, properties) => {
		expect(codes(officialAreas([file(feature(properties))], AREAS))).toEqual(['d1']);
	});

	it('fit streets by the twelve digits of the statistics, and keep the name of the registry', () => {
		const { streets } = officialAreas([file(feature({ code: '320205001000', name: 'Dongting' }))], AREAS);
		expect(streets.map(({ properties }) => properties)).toEqual([{ code: 's1', name: '东亭街道' }]);
	});

	it('fit nothing by a name that two areas have, and say so', () => {
		const { streets, problems } = officialAreas(
			[file(feature({ name: '城南街道' }), feature({ gb: '156320205' }))],
			AREAS
		);
		expect(streets).toEqual([]);
		expect(problems.find(({ code }) => code === 'unmatched_features')?.message).toBe(
			'a.geojson: 1 of 2 polygons fit no area of the registry (城南街道). Give them the gb or adcode, or the name, of an area, or leave them out of the file.'
		);
	});

	it('name the districts that stay without one', () => {
		const { problems } = officialAreas([file(feature({ adcode: '320205' }))], AREAS);
		expect(problems).toEqual([
			{
				code: 'areas_without_polygon',
				file: '',
				message: 'Districts without a polygon (2): 滨湖区, 经开区. The map shows them without an area.'
			}
		]);
	});

	it('of one area in several features or files become one, each outside counterclockwise', () => {
		const second = { ...file(feature({ adcode: '320205' }, [square(121)], 'MultiPolygon')), name: 'b.json' };
		const { districts } = officialAreas([file(feature({ adcode: '320205' })), second], AREAS);
		expect(districts).toHaveLength(1);
		expect(districts[0]?.geometry.coordinates.map(([ring]) => ring?.[1])).toEqual([
			[120.1, 31],
			[121.1, 31]
		]);
	});

	it('take the polygon of the city without a word, and draw nothing from it', () => {
		const found = officialAreas([file(feature({ gb: '156320200' }))], AREAS);
		expect(found).toEqual({ districts: [], streets: [], problems: [] });
	});

	it.each([
		['{ "type"', /is no JSON.*; save it as GeoJSON in UTF-8/],
		['[1, 2]', /no GeoJSON with a list of features/],
		['null', /no GeoJSON with a list of features/],
		['{"type":"FeatureCollection","features":[]}', /has no polygons/],
		[
			'{"type":"FeatureCollection","features":[null,{"geometry":{"type":"Point","coordinates":[1,2]}}]}',
			/has no polygons/
		],
		[
			'{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[[1,"a"],[2,3],[4,5],[1,2]]]}}',
			/has no polygons/
		],
		[JSON.stringify(feature({}, square(500_000, 3_500_000))), /500000, 3500000, which are no degrees/]
	])('in a bad file (%s) are one problem', (text, message) => {
		const { districts, problems } = officialAreas(
			[{ name: 'x.json', text }, file(feature({ adcode: '320205' }))],
			AREAS
		);
		expect(districts).toHaveLength(1);
		expect(problems.filter(({ code }) => code === 'unreadable_file')).toEqual([
			{ code: 'unreadable_file', file: 'x.json', message: expect.stringMatching(message) as string }
		]);
	});
});
