import { describe, expect, test } from 'vitest';
import { meantBy, suggestionsFor } from './suggestions.ts';

const OPTIONS = [
	{ value: 'WX-1', label: '南禅寺驿站' },
	{ value: 'WX-2', label: '东亭驿站' },
	{ value: 'WX-12', label: '南长驿站' },
	{ value: 'WX-20', label: '东亭驿站' }
];
const values = (typed: string, most = 10) => suggestionsFor(OPTIONS, typed, most).map(({ value }) => value);

describe('a field suggests', () => {
	test('what has the typed text in its name or code, the beginnings first', () => {
		expect(values('南')).toEqual(['WX-1', 'WX-12']);
		expect(values(' wx-2')).toEqual(['WX-2', 'WX-20']);
		expect(values('2')).toEqual(['WX-2', 'WX-12', 'WX-20']);
		expect(values('亭', 1)).toEqual(['WX-2']);
		expect(values('寺')).toEqual(['WX-1']);
		expect(values('北')).toEqual([]);
		expect(values('', 2)).toEqual(['WX-1', 'WX-2']);
	});

	test('and takes a typed code or a name that only one has for what was meant', () => {
		expect(meantBy(OPTIONS, ' WX-1 ')?.value).toBe('WX-1');
		expect(meantBy(OPTIONS, '南长驿站')?.value).toBe('WX-12');
		expect(meantBy(OPTIONS, '东亭驿站')).toBeNull();
		expect(meantBy(OPTIONS, '南')).toBeNull();
		expect(meantBy(OPTIONS, '')).toBeNull();
	});
});
