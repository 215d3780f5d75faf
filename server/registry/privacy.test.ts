import { describe, expect, it } from 'vitest';
import { officeKeeper, officePhones, withoutPersonalNumbers } from '#server/registry/privacy.ts';

describe('phones', () => {
	it.each(['0371-55269597', '(0510)82700000', '0510-82700000-801', '82700000', '400-810-1234', '12351', '95588'])(
		'keeps the office line %s',
		(phone) => expect(officePhones(phone)).toEqual({ text: phone, dropped: 0 })
	);

	it.each([
		'187****2336',
		'13800138000',
		'138 0013 8000',
		'+86 13800138000',
		'0371-****9597',
		'微信同号',
		'1380013800'
	])('drops %s', (phone) => expect(officePhones(phone)).toEqual({ text: null, dropped: 1 }));

	it('judges each number of a cell', () => {
		expect(officePhones('0371-67956331;13800138000、0371-60223349')).toEqual({
			text: '0371-67956331;0371-60223349',
			dropped: 1
		});
		expect(officePhones('')).toEqual({ text: null, dropped: 0 });
	});
});

describe('keepers', () => {
	it.each([
		'高新区街道/社区',
		'中原区总工会',
		'银行网点',
		'张仲景大药房',
		'运营商营业厅',
		'钱桥街道办事处',
		'站长',
		'社区工作人员',
		'Street office'
	])('keeps the office %s', (keeper) => expect(officeKeeper(keeper)).toEqual({ text: keeper, dropped: 0 }));

	it.each(['张三', '王小村', '李科', '王站长', '刘主任', '欧阳小明', 'Li Lei', '13800138000'])(
		'drops the person %s',
		(keeper) => expect(officeKeeper(keeper)).toEqual({ text: null, dropped: 1 })
	);

	it('keeps the office beside a name', () => {
		expect(officeKeeper('张三（钱桥社区）')).toEqual({ text: '钱桥社区', dropped: 1 });
	});
});

describe('free text', () => {
	it('loses mobile and identity numbers and nothing else', () => {
		expect(withoutPersonalNumbers('二楼，找张工13800138000')).toEqual({ text: '二楼，找张工', dropped: 1 });
		expect(withoutPersonalNumbers('证件 320205199001011234，187****2336')).toMatchObject({ dropped: 2 });
		expect(withoutPersonalNumbers('2013年建成，电话0371-55269597')).toEqual({
			text: '2013年建成，电话0371-55269597',
			dropped: 0
		});
		expect(withoutPersonalNumbers('13800138000')).toEqual({ text: null, dropped: 1 });
	});
});
