import { describe, expect, it } from 'vitest';
import { OCCUPATIONS } from '#domain/occupation.ts';
import { occupationSplit } from './occupation-split.ts';

function counts(by: Partial<Record<(typeof OCCUPATIONS)[number], number>>): number[] {
	return OCCUPATIONS.map((occupation) => by[occupation] ?? 0);
}

describe('the occupation split', () => {
	it('puts the most first and what nobody told apart', () => {
		const split = occupationSplit(counts({ courier: 30, rider: 60, unknown: 10, trucker: 10 }), 6);
		expect(split?.known.map(({ occupation, visits }) => [occupation, visits])).toEqual([
			['rider', 60],
			['courier', 30],
			['trucker', 10]
		]);
		expect(split?.known.map(({ share }) => share)).toEqual([0.6, 0.3, 0.1]);
		expect(split?.unknown).toEqual({ occupation: 'unknown', visits: 10, share: 10 / 110 });
	});

	it('adds up to all visits, whatever is shown', () => {
		const all = counts({ courier: 100, rider: 50, trucker: 20, security: 9, other: 7, mall_staff: 2, unknown: 30 });
		for (const limit of [0, 1, 2, 6]) {
			const split = occupationSplit(all, limit)!;
			const parts = [...split.known, ...(split.unknown ? [split.unknown] : [])];
			expect(parts.reduce((sum, { visits }) => sum + visits, 0)).toBe(218);
			expect(split.total).toBe(218);
		}
	});

	it('names no group so small that it is somebody', () => {
		const split = occupationSplit(counts({ courier: 40, police_aux: 4, mall_staff: 1 }), 10);
		expect(split?.known.map(({ occupation, visits }) => [occupation, visits])).toEqual([
			['courier', 40],
			['other', 5]
		]);
	});

	it('[PE20] names what may not be told, and counts it nowhere', () => {
		const all = OCCUPATIONS.map((occupation) => (occupation === 'courier' || occupation === 'unknown' ? null : 10));
		const split = occupationSplit(all, 20)!;
		expect(split.hidden).toEqual(['courier', 'unknown']);
		expect(split.total).toBe(140);
		expect(split.known.some(({ occupation }) => occupation === 'courier')).toBe(false);
		expect(split.unknown).toBeNull();
	});

	it('is nothing when nobody has told, and shares of nothing are not drawn', () => {
		expect(occupationSplit(null, 6)).toBeNull();
		expect(occupationSplit(counts({}), 6)).toEqual({ known: [], unknown: null, total: 0, hidden: [] });
		expect(occupationSplit(counts({ unknown: 3 }), 6)).toMatchObject({ known: [], unknown: { share: 1 } });
	});
});
