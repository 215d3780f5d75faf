import { expect, test } from 'vitest';
import { readingsOf } from './pinyin.ts';

test.each([
	['张泾社区', 'zjsq', 'zhangjingshequ'],
	['24小时KFC驿站', '24xskfcyz', '24xiaoshikfcyizhan'],
	['ＡＢ站（无锡 东站）', 'abzwxdz', 'abzhanwuxidongzhan'],
	['吕女', 'ln', 'lvnv'],
	['𠮷田站', 'tz', 'tianzhan'],
	['·—（）', '', ''],
	['', '', '']
])('"%s" is found by %s and %s', (name, initials, pinyin) => expect(readingsOf(name)).toEqual({ initials, pinyin }));

test('a character that names read in two ways is found by both, the likelier first', () => {
	expect(readingsOf('长安街道')).toEqual({ initials: 'cajd zajd', pinyin: 'changanjiedao' });
	expect(readingsOf('重庆路').initials).toBe('cql zql');
	expect(readingsOf('重量').initials.split(' ')[0]).toBe('zl');
	expect(readingsOf('长重乐朝行曾查单').initials.split(' ')).toHaveLength(4);
});

test('a site is found by its alias too', () => {
	expect(readingsOf('朝阳路驿站', '印象汇')).toEqual({
		initials: 'cylyz zylyz yxh',
		pinyin: 'chaoyangluyizhan yinxianghui'
	});
	expect(readingsOf('印象汇', '印象汇').initials).toBe('yxh');
	expect(readingsOf('印象汇', '').initials).toBe('yxh');
});
