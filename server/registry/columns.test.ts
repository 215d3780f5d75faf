import { describe, expect, it } from 'vitest';
import { mapColumns } from '#server/registry/columns.ts';

const mapped = (...headers: string[]) => [...mapColumns(headers).places.keys()];

describe('finding columns', () => {
	it('knows Chinese headers', () => {
		expect(
			mapped('编号', '站点名称', '区县', '街道/镇', '地址', '经度', '纬度', '开放时间', '24小时', '服务设施')
		).toEqual([
			...['code', 'name', 'district', 'street', 'address', 'lng', 'lat', 'hoursText', 'isOpen24h', 'facilities']
		]);
	});

	it('knows English headers in any case and spelling of spaces', () => {
		expect(
			mapped('Station ID', 'NAME', 'District', 'Longitude', 'lat', 'Opening-Hours', 'contact_phone', 'isOpen24h')
		).toEqual([...['code', 'name', 'district', 'lng', 'lat', 'hoursText', 'phone', 'isOpen24h']]);
	});

	it('does not mind stars, units and remarks in brackets', () => {
		expect(mapped('*名称', '面积（㎡）', '经度(GCJ-02)', '容纳人数 (人)')).toEqual([
			'name',
			'floorAreaM2',
			'lng',
			'capacity'
		]);
	});

	it('takes the first of two columns that say the same and names what it does not use', () => {
		const { places, ignored } = mapColumns(['名称', 'name', 'verified', '']);
		expect(places.get('name')).toBe(0);
		expect(ignored).toEqual(['name', 'verified']);
	});
});
