import { describe, expect, test } from 'vitest';
import { objectText } from './object-words.ts';

const text = (object: string | null, detail = '{}'): string => objectText({ object, detail });

describe('what something was done to', () => {
	test('is said in words', () => {
		expect(text('person:li.na')).toBe('人员 li.na');
		expect(text('screen:7')).toBe('屏幕 #7');
		expect(text('screen:7', '{"name":"大厅"}')).toBe('屏幕 大厅（#7）');
		expect(text('screen:code')).toBe('配对码');
		expect(text('source:gw')).toBe('数据来源 gw');
		expect(text('file:0f0e7c52-1111-4222-8333-444444444444')).toBe('文件 0f0e7c52…');
		expect(text('file:0f0e7c52-1111-4222-8333-444444444444', '{"file":"站点.xlsx"}')).toBe('文件 站点.xlsx');
		expect(text('GET /api/audit')).toBe('审计记录');
		expect(text('POST /api/sources')).toBe('数据来源 (POST)');
	});

	test('stands as it was recorded where there are no words for it', () => {
		expect(text(null)).toBe('');
		expect(text('GET /api/nowhere')).toBe('GET /api/nowhere');
		expect(text('constructor:1')).toBe('constructor:1');
		expect(text('GET constructor')).toBe('GET constructor');
		expect(text('screen:7', 'not json')).toBe('屏幕 #7');
	});
});
