import { describe, expect, it } from 'vitest';
import { checkPlacement, type PlacedSite } from '#server/registry/placement.ts';

/** Metres east and north of a corner of Wuxi. */
function site(name: string, district: string, east: number, north: number, more: Partial<PlacedSite> = {}): PlacedSite {
	const lat = 31.5 + north / 111_195;
	const lng = 120 + east / (111_195 * Math.cos((31.5 * Math.PI) / 180));
	return { line: 1, name, kind: 'service_station', address: name, district, lng, lat, ...more };
}

/** A town of n sites, 400 m apart. */
const town = (district: string, east: number, north: number, count = 12) =>
	Array.from({ length: count }, (_, index) =>
		site(`${district}${index}`, district, east + (index % 4) * 400, north + Math.floor(index / 4) * 400)
	);

const findings = (sites: PlacedSite[]) =>
	checkPlacement(sites, (code) => code).map(({ code, message }) => [code, message.split('"')[1]]);

describe('doubts about where a site stands', () => {
	it('has none about two towns, nor about those who live on the border', () => {
		expect(findings([...town('A', 0, 0), ...town('B', 1600, 0)])).toEqual([]);
		expect(findings([...town('A', 0, 0), ...town('B', 1600, 0), site('edge', 'A', 2400, 200)])).toEqual([]);
	});

	it('has some about a site of one district that stands in the middle of another', () => {
		const sites = [...town('A', 0, 0), ...town('B', 20_000, 0), site('lost', 'A', 20_500, 500)];
		expect(findings(sites)).toEqual([['placement_other_district', 'lost']]);
	});

	it('has none about a remote village', () => {
		expect(findings([...town('A', 0, 0), ...town('B', 9_000, 0), site('remote', 'A', 12_000, 12_000)])).toEqual([]);
	});

	it('has some about the only site of a district when others of one district surround it', () => {
		expect(findings([...town('B', 0, 0), site('only', 'C', 500, 500)])).toEqual([['placement_other_district', 'only']]);
		expect(findings([...town('B', 0, 0), site('only', 'C', 9_000, 9_000)])).toEqual([]);
	});

	it('has some about three sites of one kind on one spot under different addresses', () => {
		const pile = ['x', 'y', 'z'].map((name) => site(name, 'A', 5, 5));
		expect(findings([...town('A', 2000, 0), ...pile]).map(([code]) => code)).toEqual(
			Array(3).fill('placement_same_spot')
		);
	});

	it('has none about several kinds in one house', () => {
		const house = ['service_station', 'nursing_room', 'carnation_station'].map((kind) =>
			site(kind, 'A', 5, 5, { kind })
		);
		expect(findings([...town('A', 2000, 0), ...house])).toEqual([]);
	});

	it('does not report sites that are only neighbours, or that state no district', () => {
		const lost = site('lost', 'A', 20_500, 500, { line: null });
		const nowhere = site('nowhere', 'A', 20_600, 600, { district: null });
		expect(findings([...town('A', 0, 0), ...town('B', 20_000, 0), lost, nowhere])).toEqual([]);
	});
});
