import { describe, expect, test } from 'vitest';
import { EVENT_TYPES, eventSchema } from './event.ts';
import {
	holdsPersonalNumber,
	isIdentityName,
	maskPersonalNumbers,
	redacted,
	shapeOf,
	withoutIdentity
} from './identity.ts';

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
		['32021119900307883X', '******************'],
		['phone13812345671', 'phone***********'],
		['Tel.13812345671', 'Tel.***********'],
		['no.138 123 45671,', 'no.*** *** *****,'],
		['13812345671a', '***********a'],
		['1.13812345671', '1.***********'],
		['138.1234.5671', '***.****.****'],
		['138. 1234. 5671', '***. ****. ****'],
		['1381 234 5671', '**** *** ****'],
		['138 12 34 56 71', '*** ** ** ** **'],
		['(138)12345671', '(***)********'],
		['（+86）138·1234·5671', '(+**)***·****·****'],
		['008613812345671', '***************'],
		['0086-138-1234-5671', '****-***-****-****'],
		['013812345671', '************'],
		['00 86 138 1234 5671', '** ** *** **** ****'],
		['00-8613812345671', '**-*************'],
		['１３８１２３４５６７１', '***********'],
		['138\u200b1234\u200b5671', '***\u200b****\u200b****'],
		['138–1234—5671', '***–****—****'],
		['①③⑧①②③④⑤⑥⑦①', '***********'],
		['192.168.10.101 13812345671', '192.168.10.101 ***********'],
		['a320206201001011234', 'a******************'],
		['320206201001011234x', '******************x'],
		['奶粉 320206 2010 0101 1234', '奶粉 ****** **** **** ****'],
		['320 206 20100101 123Ｘ', '*** *** ******** ****']
	])('[PR4] %s is masked', (text, masked) => expect(maskPersonalNumbers(text)).toBe(masked));

	test.each([
		'1795421417000',
		'1780272000000-5',
		'0510-82700000',
		'2026-06-01T08:00:00.000Z',
		'2026-06-01 15:30:45 13:00',
		'9f1c2b3a-1834-4e5f-9012-18345678901f',
		'9f1c2b3a-1834-4e5f-9012-13812345671f/door',
		'00f067aa0ba902b7',
		'a13812345671b0c9',
		'da39a3ee5e6b4b0d3255bfef13812345671afd80',
		'WX-320205-01-0003',
		'WX-320205-20260601-0001',
		'400-810-1234',
		'123456789012345678',
		'192.168.10.101',
		'139.123.100.10:8080',
		'0.13812345671',
		'170.25 133.253',
		'150 1 2 3 4 5 6 7 8',
		'Ｗｉ－Ｆｉ：２．４ＧＨｚ',
		'门磁离线，请检查供电，已持续九十分钟'
	])('%s is none', (text) => expect(maskPersonalNumbers(text)).toBe(text));

	/** Of a seed: xorshift, 32 bits. */
	function randomOf(seed: number): () => number {
		let state = seed;
		return () => {
			state ^= state << 13;
			state ^= state >>> 17;
			state ^= state << 5;
			return state >>> 0;
		};
	}

	test('no UUID, hash or moment is taken for one', () => {
		const random = randomOf(20_260_601);
		const hex = (length: number): string =>
			Array.from({ length: Math.ceil(length / 8) }, () => random().toString(16).padStart(8, '0'))
				.join('')
				.slice(0, length);
		for (let i = 0; i < 20_000; i++) {
			const at = Date.UTC(2020, 0, 1) + random() * 100;
			const iso = new Date(at).toISOString();
			const digest = hex(64);
			const names = [
				`${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
				...[hex(16), hex(32), hex(40), digest, `sha256:${digest}`, `x_${hex(24)}`],
				...[iso, iso.slice(0, 19), `${iso.slice(0, 19)}+08:00`, `${at}`, `gw-7-${at}`, `${Math.floor(at / 1000)}`],
				...[`${at}-${i}`, `${at * 1000}`, `WX-320205-01-0003-${at}`]
			];
			expect(names.filter(holdsPersonalNumber)).toEqual([]);
		}
	});

	test('[PR4] every number is found, wherever it stands and however its groups are parted', () => {
		const random = randomOf(7);
		const gaps = ['', ' ', '-', '.', '·', '–', '\u200b', '\u00a0', ' - ', '‑', '\ufeff'];
		const around = ['', 'phone', '电话：', 'no.', '(', 'x_', 'Tel ', '\u200b', '<', '。'];
		for (let i = 0; i < 5000; i++) {
			const digits = `1${3 + (random() % 7)}${`${random()}`.padStart(10, '0').slice(-9)}`;
			const gap = gaps[random() % gaps.length] ?? '';
			const country = ['', '+86', '86', '0086', '+86 ', '(86)'][random() % 6];
			const number = [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)].join(gap);
			const text = `${around[random() % around.length]}${country}${number}${around[random() % around.length]}`;
			expect([text, /\d/.test(maskPersonalNumbers(text).normalize('NFKC'))]).toEqual([text, false]);
		}
	});

	test('a long text is looked through once, whatever is in it', () => {
		const length = 200_000;
		for (const part of [
			'138 ',
			'138          ',
			' ',
			'86',
			'13812345671 ',
			'1.',
			'320206 ',
			'+',
			'00',
			'a1',
			'\u200b'
		]) {
			const text = part.repeat(length / part.length);
			expect(maskPersonalNumbers(text)).toHaveLength(text.length);
		}
	});

	test('[PR3] nor does a field carry one in its name', () => {
		const sent = { x13812345671: 1, 'phone 13812345671': 2, data: { '320206201001011234': { count: 1 } } };
		expect(redacted(sent, new Set())).toEqual({
			value: { 'x***********': 1, 'phone ***********': '…', data: { '******************': { count: 1 } } },
			dropped: ['phone ***********']
		});
		expect(withoutIdentity({ phone13812345671: 1 })).toEqual({ value: {}, dropped: ['phone***********'] });
		expect(shapeOf('{"a13812345671":1,')).toBe('18 characters: {"a***********":…,');
	});
});

describe('a text that is no JSON', () => {
	test('[PR3] keeps its length and shape, and no value', () => {
		expect(shapeOf('{"id":"1","name":"张三 13912345678", "x":12,')).toBe('42 characters: {"id":…,"name":…, "x":…,');
		expect(shapeOf('Zhang San 13912345678')).toBe('21 characters: … … …');
		expect(shapeOf('{"张三":1}')).toBe('8 characters: {…:…}');
		expect(shapeOf(`{"a":"${'x'.repeat(1000)}`)).toBe('1006 characters: {"a":……');
	});
});
