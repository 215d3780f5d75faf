import { describe, expect, test } from 'vitest';
import { EVENT_TYPES, eventSchema } from './event.ts';
import { isIdentityName, maskPersonalNumbers, redacted, shapeOf, withoutIdentity } from './identity.ts';

describe('fields that name a person', () => {
	test.each([
		...['person_hash', 'personHash', 'PERSON-HASH', 'id_card', 'idCard', 'IDCardNo', 'identity_no', 'identityNumber'],
		...[
			'child_name',
			'childrenName',
			'guardian',
			'guardianPhone',
			'pick_up_person',
			'phone',
			'phone2',
			'mobile',
			'tel'
		],
		...['face', 'face_id', 'faceFeature', 'plate', 'plate_no', 'member_no', 'openid', 'openId', 'card_no', 'user_name'],
		...[
			'sfzh',
			'lxdh',
			'姓名',
			'儿童姓名',
			'身份证',
			'身份证号码',
			'手机',
			'手机号',
			'车牌号',
			'监护人',
			'会员号',
			'ｐｈｏｎｅ'
		]
	])('[PR1] "%s" is one', (name) => expect(isIdentityName(name)).toBe(true));

	test.each([
		'count',
		'method',
		'occupation',
		'device',
		'kind',
		'reason',
		'item',
		'quantity',
		'isOpenIdle',
		'passed',
		'code'
	])('"%s" is none', (name) => expect(isIdentityName(name)).toBe(false));

	test('[PR1] no type of event has such a field: nothing that is stored could be dropped by mistake', () => {
		for (const type of EVENT_TYPES) {
			const { properties } = eventSchema(type) as unknown as { properties: { data: { properties: object } } };
			const names = [...Object.keys(properties), ...Object.keys(properties.data.properties)];
			const event = Object.fromEntries(names.map((name) => [name, 1]));
			expect(withoutIdentity(event)).toEqual({ value: event, dropped: [] });
		}
	});

	test('[PR1] go at any depth, also the word "name", which no event has; the rest stays as it was', () => {
		const sent = { id: '1', data: { method: 'qr', name: '张三', visitors: [{ ID_CARD: '3', in: 1 }], list: [1, 'a'] } };
		expect(withoutIdentity(sent)).toEqual({
			value: { id: '1', data: { method: 'qr', list: [1, 'a'] } },
			dropped: ['name', 'visitors']
		});
		expect(withoutIdentity({ a: [{ b: { c: [{ phone: 1, d: 2 }] } }] })).toEqual({
			value: { a: [{ b: { c: [{ d: 2 }] } }] },
			dropped: ['phone']
		});
		const clean = { id: '1', data: { in: 1 } };
		expect(withoutIdentity(clean).value).toBe(clean);
	});

	test('[PR1] what lies too deep to be looked into goes as a whole', () => {
		let deep: unknown = { phone: '13912345678' };
		for (let i = 0; i < 100_000; i++) deep = [deep];
		expect(JSON.stringify(withoutIdentity({ deep }).value)).not.toContain('139');
		expect(JSON.stringify(redacted({ deep }, new Set()).value)).not.toContain('139');
	});

	test('[PR3] what is kept for people to read says that the field was there, and masks numbers in texts', () => {
		const reason = 'call 13912345678 or 320211199003078831';
		const sent = { phone: 1, data: { reason, at: 13912345678, in: 2, remark: 'Mr Zhang', tags: ['Li'] } };
		expect(redacted(sent, new Set(['reason']))).toEqual({
			value: {
				phone: '…',
				data: { reason: 'call *********** or ******************', at: '…', in: 2, remark: '…', tags: ['…'] }
			},
			dropped: ['phone']
		});
	});
});

describe('numbers of persons', () => {
	test.each([
		['139 1234 5678', '*** **** ****'],
		['+8613912345678', '+*************'],
		['电话139-1234-5678。', '电话***-****-****。'],
		['32021119900307883X', '******************']
	])('%s is masked', (text, masked) => expect(maskPersonalNumbers(text)).toBe(masked));

	test.each([
		'1795421417000',
		'1780272000000-5',
		'0510-82700000',
		'2026-06-01T08:00:00.000Z',
		'9f1c2b3a-1834-4e5f-9012-18345678901f',
		'WX-320205-01-0003',
		'400-810-1234',
		'123456789012345678'
	])('%s is none', (text) => expect(maskPersonalNumbers(text)).toBe(text));
});

describe('a text that is no JSON', () => {
	test('[PR3] keeps its length and shape, and no value', () => {
		expect(shapeOf('{"id":"1","name":"张三 13912345678", "x":12,')).toBe('42 characters: {"id":…,"name":…, "x":…,');
		expect(shapeOf('Zhang San 13912345678')).toBe('21 characters: … … …');
		expect(shapeOf('{"张三":1}')).toBe('8 characters: {…:…}');
		expect(shapeOf(`{"a":"${'x'.repeat(1000)}`)).toBe('1006 characters: {"a":……');
	});
});
