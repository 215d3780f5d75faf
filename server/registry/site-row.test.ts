import { describe, expect, it } from 'vitest';
import type { Datum } from '#domain/site.ts';
import { mapColumns } from '#server/registry/columns.ts';
import { readSite } from '#server/registry/site-row.ts';

/** Reads one row given as header → cell. */
function read(cells: Record<string, unknown>, datum: Datum = 'wgs84') {
	const reading = readSite({ line: 7, cells: Object.values(cells) }, mapColumns(Object.keys(cells)), datum);
	return {
		draft: reading.draft,
		values: reading.draft?.values,
		errors: reading.errors.map(({ line, column, code }) => `${line} ${column ?? ''} ${code}`),
		warnings: reading.warnings.map(({ column, code }) => `${column ?? ''} ${code}`)
	};
}

const AT = { 经度: '120.2345', 纬度: '31.6789' };

describe('reading a row', () => {
	it('takes a full Chinese row', () => {
		const { draft, warnings, errors } = read({
			编号: 'WX-320206-01-0001',
			名称: '钱桥职教园工会驿站',
			类型: '工会驿站',
			区县: '惠山区',
			街道: '钱桥街道',
			地址: '钱藕路1号',
			...AT,
			开放时间: '周一至周五 08:30-12:00,13:00-17:30',
			进入方式: '人脸、身份证;二维码，后台呼叫',
			设施: '饮水机 微波炉 空调',
			服务: ['就餐', '休息', '就餐'],
			荣誉: '全国最美工会户外劳动者服务站点(2023)、江苏省最美驿站',
			星级: '五星',
			容纳人数: '约12人',
			面积: '30㎡',
			启用日期: '2024年5月1日',
			状态: '正常运营',
			遥测: '智能',
			电话: '0510-83200000',
			管理人: '钱桥街道总工会'
		});
		expect([...warnings, ...errors]).toEqual([]);
		expect(draft).toMatchObject({
			line: 7,
			code: 'WX-320206-01-0001',
			district: { code: null, name: '惠山区' },
			street: { code: null, name: '钱桥街道' },
			values: {
				name: '钱桥职教园工会驿站',
				kind: 'service_station',
				lifecycle: 'open',
				telemetry: 'live',
				lng: 120.2345,
				originalLng: 120.2345,
				datum: 'wgs84',
				hoursText: '周一至周五 08:30-12:00,13:00-17:30',
				isOpen24h: false,
				entryMethods: ['face', 'id_card', 'qr', 'remote'],
				facilities: ['饮水机', '微波炉', '空调'],
				services: ['就餐', '休息'],
				honours: [
					{ level: 'national', year: 2023, title: '全国最美工会户外劳动者服务站点(2023)' },
					{ level: 'provincial', title: '江苏省最美驿站' }
				],
				star: 5,
				capacity: 12,
				floorAreaM2: 30,
				openedOn: '2024-05-01',
				phone: '0510-83200000',
				keeperRole: '钱桥街道总工会'
			}
		});
	});

	it('keeps the original pair and datum beside WGS-84', () => {
		const { values } = read({ name: 'a', lng: 120.3018, lat: 31.5747 }, 'gcj02');
		expect(values).toMatchObject({ originalLng: 120.3018, originalLat: 31.5747, datum: 'gcj02' });
		expect(Math.abs((values?.lng ?? 0) - 120.3018)).toBeGreaterThan(0.003);
		expect(read({ name: 'a', ...AT, 坐标系: '百度' }, 'gcj02').values?.datum).toBe('bd09');
		expect(read({ name: 'a', 坐标: '120.3018,31.5747' }).values).toMatchObject({ lng: 120.3018, lat: 31.5747 });
	});

	it('says nothing of a field whose cell says nothing', () => {
		const { values } = read({ name: 'a', ...AT, 地址: '-', 电话: '无', 容纳人数: '', 开放时间: null, 类型: undefined });
		expect(values).toEqual({
			name: 'a',
			lng: 120.2345,
			lat: 31.6789,
			originalLng: 120.2345,
			originalLat: 31.6789,
			datum: 'wgs84'
		});
	});

	it.each([
		[{ name: '', ...AT }, '7 name name_missing'],
		[{ name: 'a', lng: 0, lat: 0 }, '7 lng coordinates_zero'],
		[{ name: 'a', lng: '东亭', lat: '锡山' }, '7 lng coordinates_no_number'],
		[{ name: 'a', lng: '120°18′06″', lat: '31°34′29″' }, '7 lng coordinates_no_number'],
		[{ name: 'a', lng: 220, lat: 31 }, '7 lng coordinates_out_of_range'],
		[{ name: 'a', lng: 120 }, '7 lng coordinates_incomplete']
	])('refuses %j', (cells, error) => expect(read(cells)).toMatchObject({ draft: null, errors: [error] }));

	it.each([
		[{ name: 'a', lng: '', lat: null }, 'lng coordinates_missing'],
		[{ name: 'a', lng: 31.6789, lat: 120.2345 }, 'lng coordinates_swapped'],
		[{ name: 'a', ...AT, 区县: '' }, '区县 district_missing'],
		[{ name: 'a', ...AT, 类型: '加油站' }, '类型 kind_unknown'],
		[{ name: 'a', ...AT, 状态: '待定' }, '状态 lifecycle_unknown'],
		[{ name: 'a', ...AT, 遥测: '也许' }, '遥测 telemetry_unknown'],
		[{ name: 'a', ...AT, 进入方式: '敲门' }, '进入方式 entry_method_unknown'],
		[{ name: 'a', ...AT, 荣誉: '最美驿站' }, '荣誉 honour_level_unknown'],
		[{ name: 'a', ...AT, 容纳人数: '很多' }, '容纳人数 number_unreadable'],
		[{ name: 'a', ...AT, 容纳人数: '-3' }, '容纳人数 number_unreadable'],
		[{ name: 'a', ...AT, 启用日期: '2024年2月30日' }, '启用日期 date_unreadable'],
		[{ name: 'a', ...AT, 开放时间: '工作日开放' }, '开放时间 hours_unknown'],
		[{ name: 'a', ...AT, 开放时间: '8:00-20:00', '24小时': '是' }, '24小时 hours_contradict'],
		[{ name: 'a', ...AT, 电话: '187****2336' }, '电话 phone_personal'],
		[{ name: 'a', ...AT, 负责人: '张三' }, '负责人 keeper_personal'],
		[{ name: 'a', ...AT, 备注: '找张工13800138000' }, '备注 personal_number_dropped'],
		[{ name: 'a', ...AT, 坐标系: '西安80' }, '坐标系 datum_unknown']
	])('takes %j with a warning', (cells, warning) => {
		expect(read(cells)).toMatchObject({ errors: [], warnings: [warning] });
		expect(read(cells).draft).not.toBeNull();
	});

	it('never repeats a dropped number or name', () => {
		const cells = {
			name: 'a',
			...AT,
			电话: '13800138000',
			负责人: '张三',
			备注: '电话13800138000',
			地址: '一楼187****2336'
		};
		const { draft, warnings } = readSite(
			{ line: 1, cells: Object.values(cells) },
			mapColumns(Object.keys(cells)),
			'wgs84'
		);
		expect(JSON.stringify([draft, warnings])).not.toMatch(/138|187|张三/);
	});

	it('opens always where a column says so and no hours are given', () => {
		const { values } = read({ name: 'a', ...AT, 是否24小时: '是' });
		expect(values).toMatchObject({ isOpen24h: true });
		expect(values?.hours?.[6]).toEqual([{ from: 0, to: 1440 }]);
	});

	it('keeps hours it cannot read as text', () => {
		expect(read({ name: 'a', ...AT, hours: '工作日开放' }).values).toMatchObject({
			hoursText: '工作日开放',
			hours: null
		});
	});
});
