import { describe, expect, test } from 'vitest';
import { ALWAYS_OPEN } from '#domain/hours.ts';
import { problemFor, registryProblems, type ExaminedSite } from './problems.ts';

const areas = ['A', 'B'].map((code) => ({ code, name: `区${code}`, level: 'district' as const, parentCode: null }));

/** A site without a problem, metres east and north of a corner of Wuxi. */
function site(code: string, east: number, north: number, more: Partial<ExaminedSite> = {}): ExaminedSite {
	return {
		...{
			code,
			name: `驿站 ${code}`,
			kind: 'service_station',
			address: `路 ${code}`,
			districtCode: 'A',
			datum: 'wgs84'
		},
		...{ lng: 120 + east / (111_195 * Math.cos((31.5 * Math.PI) / 180)), lat: 31.5 + north / 111_195 },
		...{ lifecycle: 'open', hours: ALWAYS_OPEN, hoursText: '24小时', hoursExceptions: [], telemetry: 'live' },
		...more
	};
}
const town = (district: string, east: number) =>
	Array.from({ length: 12 }, (_, i) =>
		site(`${district}${i}`, east + (i % 4) * 400, Math.floor(i / 4) * 400, { districtCode: district })
	);
const found = (sites: readonly ExaminedSite[]) =>
	registryProblems(sites, areas).map(({ kind, code, detail, others }) => [kind, code, detail || others.join(', ')]);

describe('problems of the registry', () => {
	test('a registry in order has none', () => expect(found([...town('A', 0), ...town('B', 20_000)])).toEqual([]));

	test('names what a site lacks, with what it says', () => {
		expect(found([site('x', 0, 0, { lng: null, lat: null })])).toEqual([['no_coordinates', 'x', '路 x']]);
		expect(found([site('x', 0, 0, { datum: 'unknown' })])).toEqual([['datum_unknown', 'x', '']]);
		expect(found([site('x', 0, 0, { districtCode: null })])).toEqual([['no_district', 'x', '路 x']]);
		expect(found([site('x', 0, 0, { hours: null, hoursText: null })])).toEqual([['no_hours', 'x', '']]);
		expect(found([site('x', 0, 0, { hours: null, hoursText: '工作日' })])).toEqual([
			['unreadable_hours', 'x', '工作日']
		]);
		expect(found([site('x', 0, 0, { telemetry: 'none' })])).toEqual([['no_telemetry', 'x', '']]);
		const exception = { date: '2026-06-01', intervals: [] };
		expect(found([site('x', 0, 0, { hours: null, hoursText: ' ', hoursExceptions: [exception] })])).toEqual([]);
	});

	test('says which districts surround a site that stands outside its own', () => {
		const sites = [...town('A', 0), ...town('B', 20_000), site('lost', 20_500, 500)];
		expect(registryProblems(sites, areas)).toEqual([
			{ kind: 'outside_area', code: 'lost', name: '驿站 lost', district: 'A', detail: '区B', others: [], elsewhere: 0 }
		]);
	});

	test('says who else stands on the same spot', () => {
		const pile = ['x', 'y', 'z'].map((code) => site(code, 5000, 0));
		expect(found([...town('A', 0), ...pile])).toEqual([
			['same_spot', 'x', 'y, z'],
			['same_spot', 'y', 'x, z'],
			['same_spot', 'z', 'x, y']
		]);
	});

	test('[PE27] names to a scope the sites inside of it, and counts the others', () => {
		const [problem] = registryProblems(
			['x', 'y', 'z'].map((code) => site(code, 5000, 0)),
			areas
		);
		const inside = (...codes: string[]) => {
			const { others, elsewhere, detail } = problemFor(problem!, new Set(codes));
			return { others, elsewhere, detail };
		};
		expect(problem).toMatchObject({ kind: 'same_spot', code: 'x' });
		expect(inside('x', 'y', 'z')).toEqual({ others: ['y', 'z'], elsewhere: 0, detail: '' });
		expect(inside('x', 'z')).toEqual({ others: ['z'], elsewhere: 1, detail: '' });
		expect(inside('x')).toEqual({ others: [], elsewhere: 2, detail: '' });
	});

	test('knows a site that was entered twice: one kind, one name, one place', () => {
		const name = { name: '东亭驿站' };
		const twins = [site('a', 0, 0, name), site('b', 30, 20, { name: '东亭 驿站·' })];
		expect(found(twins)).toEqual([
			['duplicate', 'a', 'b'],
			['duplicate', 'b', 'a']
		]);
		expect(found([site('a', 0, 0, name), site('b', 200, 0, name)])).toEqual([]);
		expect(found([site('a', 0, 0, name), site('b', 0, 0, { ...name, kind: 'nursing_room' })])).toEqual([]);
		expect(found([site('a', 0, 0, name), site('b', 0, 0, { ...name, lifecycle: 'merged' })])).toEqual([]);
	});

	test('without coordinates the address tells, and without an address the district', () => {
		const nowhere = { name: '站', lng: null, lat: null };
		const kinds = (sites: readonly ExaminedSite[]) => found(sites).filter(([kind]) => kind === 'duplicate');
		expect(
			kinds([
				site('a', 0, 0, { name: '站', address: '人民路1号' }),
				site('b', 0, 0, { ...nowhere, address: '人民路 1号' })
			])
		).toHaveLength(2);
		expect(
			kinds([site('a', 0, 0, { ...nowhere, address: null }), site('b', 0, 0, { ...nowhere, address: null })])
		).toHaveLength(2);
		expect(
			kinds([site('a', 0, 0, { ...nowhere, address: 'x' }), site('b', 0, 0, { ...nowhere, address: 'y' })])
		).toEqual([]);
	});

	test('thousands of one name at one place are told without comparing each with each', () => {
		const many = Array.from({ length: 20_000 }, (_, i) =>
			site(`n${i}`, 0, 0, { name: '工会驿站', lng: null, lat: null, address: null })
		);
		const here = Array.from({ length: 20_000 }, (_, i) => site(`h${i}`, 0, 0, { name: '工会驿站', address: 'x' }));
		const duplicates = registryProblems([...many, ...here], areas).filter(({ kind }) => kind === 'duplicate');
		expect(duplicates).toHaveLength(40_000);
		expect(Math.max(...duplicates.map(({ others }) => others.length))).toBe(8);
	});

	test('a site that was closed is left alone', () => {
		expect(found([site('x', 0, 0, { lng: null, lat: null, lifecycle: 'closed' })])).toEqual([]);
	});
});
