import { describe, expect, it } from 'vitest';
import { readAddress, shownStep, writeAddress } from './steps.ts';

describe('the address of an import', () => {
	it('carries the upload and the step, both ways', () => {
		const query = new URLSearchParams(writeAddress('a-1', 'preview'));
		expect(readAddress(query)).toEqual({ session: 'a-1', step: 'preview' });
	});

	it('is plain before a file is there', () => {
		expect([writeAddress(null, 'columns'), writeAddress('a-1', 'file')]).toEqual(['', '']);
	});

	it('begins at the first step where it names none or a wrong one', () => {
		expect(readAddress(new URLSearchParams('?session=a&step=apply')).step).toBe('file');
	});
});

it('no step is shown before it can be', () => {
	expect(shownStep('preview', 'columns')).toBe('columns');
	expect(shownStep('columns', 'done')).toBe('columns');
});
