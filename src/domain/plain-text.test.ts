import { expect, test } from 'vitest';
import { isPlainText } from './plain-text.ts';

test('a plain text has whole characters and none that cannot be seen', () => {
	for (const text of ['', '梁溪区 1号', 'a-b_c', '𠮷野']) expect([text, isPlainText(text)]).toEqual([text, true]);
	for (const text of ['a\0', 'a\nb', '\ud842', 'a\u200bb', '\u202eb', '\u007f'])
		expect([text, isPlainText(text)]).toEqual([text, false]);
});
