import { describe, expect, test } from 'vitest';
import { FILTER_NAMES, filterQuery, isFiltered, NO_FILTERS, readFilters } from './filters.ts';

describe('the filters of the audit', () => {
	test('are in the address as they were set, and come back from it', () => {
		const filters = { ...NO_FILTERS, q: '梁溪 & 惠山', action: 'session.started', from: '2026-11-01', scope: 'city' };
		const address = new URLSearchParams(filterQuery(filters));
		expect(readFilters(address)).toEqual(filters);
		expect(address.get('actor')).toBeNull();
	});

	test('hold everything that the door understands, and nothing else of an address', () => {
		const address = new URLSearchParams('lang=en&q=x&limit=9');
		expect(filterQuery(readFilters(address))).toEqual({ q: 'x' });
		expect(Object.keys(NO_FILTERS)).toEqual([...FILTER_NAMES]);
	});

	test('of spaces alone are none', () => {
		expect(isFiltered({ ...NO_FILTERS, q: '  ' })).toBe(false);
		expect(isFiltered({ ...NO_FILTERS, result: 'ok' })).toBe(true);
	});
});
