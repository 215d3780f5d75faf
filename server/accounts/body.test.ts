import { describe, expect, test } from 'vitest';
import { Form, localPath } from './body.ts';
import { AccountProblem } from './problem.ts';

describe('a path to go to', () => {
	test('[PP6] is one of this site, or the first page', () => {
		for (const good of ['/', '/wall', '/stations/WX-1?tab=hours#top', '/stations/%E9%A9%BF']) {
			expect([good, localPath(good)]).toEqual([good, good]);
		}
		for (const bad of [
			...[
				'',
				'wall',
				'//evil.example',
				'/\\evil.example',
				'\\\\evil.example',
				'https://evil.example',
				'javascript:alert(1)'
			],
			...['/.//evil.example', '/x/..//evil.example', '/\n/evil.example', `/${'x'.repeat(600)}`, null, undefined, 7, {}]
		]) {
			expect([bad, localPath(bad)]).toEqual([bad, '/']);
		}
	});
});

describe('a form', () => {
	test('names everything that is wrong, with the path of inner forms', () => {
		const form = new Form({ a: 7, inner: { userName: '李' }, at: '2020-01-01', later: 'soon' });
		form.text('a');
		form.text('b');
		form.within('inner').userName('userName');
		form.within('absent').displayName('displayName');
		form.future('at', Date.now());
		form.future('later', Date.now());
		expect(() => form.check()).toThrow(AccountProblem);
		try {
			form.check();
		} catch (error) {
			expect((error as AccountProblem).more.fields).toEqual({
				a: 'bad_form',
				b: 'missing',
				'inner.userName': 'bad_form',
				'absent.displayName': 'missing',
				at: 'in_the_past',
				later: 'bad_form'
			});
		}
	});

	test('takes no text that neither UTF-8 nor the database can hold', () => {
		const bad = ['a\0', '\ud83d', '\ude00a'];
		const form = new Form({ ...bad, good: '驿站 😀' });
		for (const field of Object.keys(bad)) {
			form.secret(field);
			form.text(field);
			form.optionalText(field);
			form.future(field, 0);
		}
		expect(form.secret('good')).toBe('驿站 😀');
		expect(() => form.check()).toThrow(
			expect.objectContaining({ more: { fields: { 0: 'bad_form', 1: 'bad_form', 2: 'bad_form' } } })
		);
	});

	test('tells "not sent" from "none"', () => {
		const form = new Form({ none: null, blank: ' ', text: ' x ' });
		expect(['absent', 'none', 'blank', 'text'].map((field) => form.optionalText(field))).toEqual([
			undefined,
			null,
			null,
			'x'
		]);
		expect(form.isGood).toBe(true);
	});
});
