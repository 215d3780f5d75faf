import { describe, expect, test } from 'vitest';
import type { Area } from '#domain/site.ts';
import { draftOf, emptyDraft, grantsOf } from './grant-draft.ts';

const AREAS: readonly Area[] = [
	{ code: 'c', name: '无锡市', level: 'city', parentCode: null },
	{ code: 'd1', name: '梁溪区', level: 'district', parentCode: 'c' },
	{ code: 'd2', name: '惠山区', level: 'district', parentCode: 'c' },
	{ code: 's1', name: '崇安寺街道', level: 'street', parentCode: 'd1' },
	{ code: 's2', name: '钱桥街道', level: 'street', parentCode: 'd2' }
];

describe('what is filled in about the rights of a source', () => {
	test('begins with everything, and with places to choose from', () => {
		const draft = emptyDraft(AREAS);
		expect(grantsOf(draft)).toEqual({ types: null, sources: null, scope: 'city' });
		expect([draft.district, draft.street]).toEqual(['d1', 's1']);
	});

	test.each([
		{ types: null, sources: null, scope: 'city' },
		{ types: ['env.read'], sources: ['a', 'b/驿站'], scope: 'district:d2' },
		{ types: null, sources: null, scope: 'street:s2' },
		{ types: [], sources: [], scope: 'station:WX-1' }
	])('comes back as it was given: %o', (grants) => expect(grantsOf(draftOf(grants, AREAS))).toEqual(grants));

	test('takes values of source with any sign between, and a code with blanks around it', () => {
		const draft = {
			...emptyDraft(AREAS),
			sources: 'some',
			sourceList: ' a，b、 c;\nd ',
			level: 'station',
			station: ' X-1 '
		} as const;
		expect(grantsOf(draft)).toEqual({ types: null, sources: ['a', 'b', 'c', 'd'], scope: 'station:X-1' });
	});
});
