import { describe, expect, it } from 'vitest';
import { mainQuality } from './main-quality.ts';

describe('the quality mark of a figure over many stations', () => {
	it('is that of most of its records', () => {
		expect(mainQuality({ measured: 80, reported: 3, estimated: 1 })).toBe('measured');
		expect(mainQuality({ measured: 1, reported: 3, estimated: 0 })).toBe('reported');
	});

	it('is the weaker one of two that are equally many', () => {
		expect(mainQuality({ measured: 3, reported: 3, estimated: 3 })).toBe('estimated');
		expect(mainQuality({ measured: 3, reported: 3, estimated: 0 })).toBe('reported');
	});

	it('is none when nobody told', () => {
		expect(mainQuality({ measured: 0, reported: 0, estimated: 0 })).toBeNull();
	});
});
