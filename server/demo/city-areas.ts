/**
 * Areas and organisations of the demo city: Wuxi, its eight districts as its federation counts them, its streets.
 * Streets come from `wuxi-towns.csv` (codes and names: GB/T 2260 and statistics codes; centres set by hand, WGS-84).
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { AreaLevel } from '#domain/site.ts';

export interface DemoArea {
	readonly code: string;
	readonly name: string;
	readonly level: AreaLevel;
	readonly parentCode: string | null;
	readonly gbCode: string | null;
	readonly sort: number;
}

export interface DemoOrganisation {
	readonly id: string;
	readonly name: string;
	readonly level: string;
	readonly parentId: string | null;
	/** Always null: a made-up credit code could be somebody's real one */
	readonly creditCode: null;
}

export interface DemoOrganisationArea {
	readonly organisationId: string;
	readonly areaCode: string;
}

/** One street with the centre around which its sites lie. */
export interface Street {
	readonly code: string;
	readonly name: string;
	/** District of the federation */
	readonly districtCode: string;
	/** District of GB/T 2260: part of the codes of sites */
	readonly gbDistrictCode: string;
	readonly lng: number;
	readonly lat: number;
}

export interface District {
	readonly code: string;
	readonly name: string;
	readonly gbCode: string | null;
	/** Share of the city's sites, by its size and working people (estimated) */
	readonly weight: number;
}

export const CITY_CODE = '320200';
/** 经开区 has its own federation but no GB/T 2260 code. */
const ECONOMIC_ZONE = '320200-jk';

export const DISTRICTS: readonly District[] = [
	{ code: '320213', name: '梁溪区', gbCode: '320213', weight: 98 },
	{ code: '320205', name: '锡山区', gbCode: '320205', weight: 92 },
	{ code: '320206', name: '惠山区', gbCode: '320206', weight: 96 },
	{ code: '320211', name: '滨湖区', gbCode: '320211', weight: 72 },
	{ code: '320214', name: '新吴区', gbCode: '320214', weight: 90 },
	{ code: ECONOMIC_ZONE, name: '经开区', gbCode: null, weight: 38 },
	{ code: '320281', name: '江阴市', gbCode: '320281', weight: 176 },
	{ code: '320282', name: '宜兴市', gbCode: '320282', weight: 139 }
];

/**
 * 太湖街道 and 华庄街道 lie in 滨湖区 by the state's codes, but are run by 经开区 and belong to its federation. Areas are
 * the federation's own, so both are streets of 经开区 here and keep their state codes in `gbCode`.
 */
const STREETS_OF_ECONOMIC_ZONE: ReadonlySet<string> = new Set(['320211006', '320211007']);

interface TownRow {
	readonly street_code: string;
	readonly street: string;
	readonly district_code: string;
	readonly lng: string;
	readonly lat: string;
}

/** The streets in the order of their codes. */
export function readStreets(): Street[] {
	const text = readFileSync(new URL('./wuxi-towns.csv', import.meta.url), 'utf8');
	const rows: TownRow[] = parse(text, { columns: true, skip_empty_lines: true });
	return rows.map((row) => ({
		code: row.street_code,
		name: row.street,
		districtCode: STREETS_OF_ECONOMIC_ZONE.has(row.street_code) ? ECONOMIC_ZONE : row.district_code,
		gbDistrictCode: row.district_code,
		lng: Number(row.lng),
		lat: Number(row.lat)
	}));
}

/** City, districts, streets: parents before children. */
export function areasOf(streets: readonly Street[]): DemoArea[] {
	const city: DemoArea = {
		code: CITY_CODE,
		name: '无锡市',
		level: 'city',
		parentCode: null,
		gbCode: CITY_CODE,
		sort: 0
	};
	const districts = DISTRICTS.map(({ code, name, gbCode }, index): DemoArea => {
		return { code, name, level: 'district', parentCode: CITY_CODE, gbCode, sort: index + 1 };
	});
	const streetAreas = streets.map(({ code, name, districtCode }, index): DemoArea => {
		return { code, name, level: 'street', parentCode: districtCode, gbCode: code, sort: index + 1 };
	});
	return [city, ...districts, ...streetAreas];
}

export const organisationId = (areaCode: string): string => `union-${areaCode}`;

/** One federation per area: the union's tree follows the areas here, as it does in most of Wuxi. */
export function organisationsOf(areas: readonly DemoArea[]): DemoOrganisation[] {
	return areas.map((area) => ({
		id: organisationId(area.code),
		name: `${area.level === 'city' ? '' : cityPrefix(area)}${area.name}总工会`,
		level: area.level,
		parentId: area.parentCode === null ? null : organisationId(area.parentCode),
		creditCode: null
	}));
}

function cityPrefix(area: DemoArea): string {
	const isOwnCity = area.level === 'district' && area.name.endsWith('市');
	return area.level === 'district' && !isOwnCity ? '无锡市' : '';
}
