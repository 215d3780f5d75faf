import { describe, expect, it } from 'vitest';
import { NEW_DRAFT, sentOf, tidyCode } from './screen-draft.ts';

describe('the form of a screen', () => {
	it('[SC1] shows a typed code as the screen does, and leaves alone what is none yet', () => {
		expect(tidyCode(' kj7m 4rxt')).toBe('KJ7M-4RXT');
		expect(tidyCode('kj7')).toBe('kj7');
	});

	it('sends addresses however they are parted, and days only where they were said', () => {
		const draft = { ...NEW_DRAFT, name: '大厅', days: '', addresses: '10.0.0.0/8\n192.168.1.5，2001:db8::/32\n\n' };
		expect(sentOf(draft)).toEqual({
			name: '大厅',
			scope: 'city',
			layout: 'overview',
			addresses: ['10.0.0.0/8', '192.168.1.5', '2001:db8::/32']
		});
	});

	it('lets the server judge days that are no number', () => {
		expect(sentOf({ ...NEW_DRAFT, days: 'many' })['days']).toBe('many');
		expect(sentOf({ ...NEW_DRAFT, days: ' 30 ' })['days']).toBe(30);
	});
});
