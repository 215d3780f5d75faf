import { describe, expect, test } from 'vitest';
import { kilometresBetween, isOnWater } from './city-points.ts';
import { shareOut } from './city-sites.ts';
import { demoCity } from './city.ts';
import type { DemoSite } from './demo-site.ts';

const city = demoCity(1);
const ofKind = (kind: string) => city.sites.filter((site) => site.kind === kind);
const stations = ofKind('service_station');
const count = (sites: readonly DemoSite[], is: (site: DemoSite) => boolean) => sites.filter(is).length;

describe('the demo city', () => {
	test('is the same for the same seed and another for another', () => {
		expect(demoCity(1)).toEqual(city);
		expect(demoCity(2).sites).not.toEqual(city.sites);
	});

	test('has the published numbers of sites', () => {
		expect(stations).toHaveLength(801);
		expect(ofKind('carnation_station')).toHaveLength(384);
		expect(ofKind('nursing_room')).toHaveLength(415);
		expect(city.sites).toHaveLength(801 + 384 + 415);
	});

	test('has 83 stations with devices; three in five of the others have a keeper who reports', () => {
		expect(count(city.sites, (site) => site.telemetry === 'live')).toBe(83);
		expect(count(stations, (site) => site.telemetry === 'manual')).toBe(431);
		expect(count(stations, (site) => site.telemetry === 'none')).toBe(287);
		for (const site of city.sites) expect(site.periodSeconds).toBe(site.telemetry === 'live' ? 90 : null);
	});

	test('has 17 national and 93 provincial honours at 110 different stations', () => {
		const honoured = city.sites.filter((site) => site.honours.length > 0);
		expect(honoured).toHaveLength(110);
		expect(count(honoured, (site) => site.honours[0]?.level === 'national')).toBe(17);
		expect(count(honoured, (site) => site.honours[0]?.level === 'provincial')).toBe(93);
		expect(honoured.every((site) => site.kind === 'service_station')).toBe(true);
	});

	test('gives every site its own code and its own name', () => {
		expect(new Set(city.sites.map((site) => site.code)).size).toBe(city.sites.length);
		expect(new Set(city.sites.map((site) => site.name)).size).toBe(city.sites.length);
		for (const { code } of city.sites) expect(code).toMatch(/^WX-3202\d\d-0[123]-\d{4}$/);
	});

	test('knows the stations that the press described', () => {
		const find = (name: string) => city.sites.find((site) => site.name.startsWith(name));
		expect(find('钱桥职教园')).toMatchObject({ districtCode: '320206', floorAreaM2: 30, telemetry: 'live' });
		expect(find('张泾社区')).toMatchObject({ districtCode: '320205', streetCode: '320205105' });
		expect(find('张泾社区')?.entryMethods).toContain('face');
		expect(find('刹一脚')).toMatchObject({ districtCode: '320281', alias: '江阴印象汇驿站' });
		expect(find('崇安寺街道')).toMatchObject({ districtCode: '320213', streetCode: '320213021' });
		expect(find('欣鸿商业街')).toMatchObject({ districtCode: '320214', isOpen24h: true });
		expect(find('人民南路')).toMatchObject({ districtCode: '320282', isOpen24h: true });
		expect(find('玉泉公园')?.services).toContain('免费早餐');
		expect(find('云亭')).toMatchObject({ districtCode: '320281', streetCode: '320281005', isOpen24h: true });
	});

	test('has a city, eight districts and 71 streets, parents before children', () => {
		const level = (name: string) => city.areas.filter((area) => area.level === name);
		expect([level('city').length, level('district').length, level('street').length]).toEqual([1, 8, 71]);
		expect(city.areas.find((area) => area.name === '经开区')).toMatchObject({ code: '320200-jk', gbCode: null });
		const seen = new Set<string | null>([null]);
		for (const area of city.areas) {
			expect(seen).toContain(area.parentCode);
			seen.add(area.code);
		}
	});

	test('gives every area its federation and every site an area and a federation that exist', () => {
		const areas = new Set(city.areas.map((area) => area.code));
		const unions = new Map(city.organisations.map((organisation) => [organisation.id, organisation.name]));
		expect(unions.get('union-320200')).toBe('无锡市总工会');
		expect(unions.get('union-320281')).toBe('江阴市总工会');
		expect(unions.size).toBe(areas.size);
		for (const { areaCode, organisationId } of city.organisationAreas) {
			expect(areas).toContain(areaCode);
			expect(unions.has(organisationId)).toBe(true);
		}
		for (const site of city.sites) {
			expect(unions.has(site.organisationId)).toBe(true);
			const street = city.areas.find((area) => area.code === site.streetCode);
			expect(street?.parentCode).toBe(site.districtCode);
		}
	});

	test('reads all its posted hours, and says 24 h only where they are', () => {
		for (const site of city.sites) {
			expect(site.hours, site.hoursText).toHaveLength(7);
			expect(site.isOpen24h).toBe(site.hoursText === '24小时');
		}
	});

	test('lies on land, near its streets, with no two sites on one spot', () => {
		const { sites } = city;
		for (const [index, site] of sites.entries()) {
			expect(isOnWater(site), site.name).toBe(false);
			for (const other of sites.slice(index + 1)) {
				if (kilometresBetween(site, other) < 0.11) throw new Error(`${site.name} lies on ${other.name}`);
			}
		}
	});

	test('has no camera in a nursing room', () => {
		for (const room of ofKind('nursing_room')) expect(room.facilities).not.toContain('监控');
	});
});

test('shares add up, whatever the weights', () => {
	expect(shareOut(10, [1, 1, 1])).toEqual([4, 3, 3]);
	expect(shareOut(7, [100, 1, 1])).toEqual([5, 1, 1]);
	expect(
		shareOut(
			801,
			Array.from({ length: 71 }, (_, i) => i + 1)
		).reduce((a, b) => a + b)
	).toBe(801);
});
