import { expect, test } from 'vitest';
import { emptyColumns } from '#domain/table.ts';
import type { TopicState } from '#domain/frame.ts';
import { stationPath } from './station-figures.ts';

test('the way to a station goes down from the city, in whatever order its areas came', () => {
	const site = { code: 'S', district: 'D', street: 'T' };
	const areas = [
		{ code: 'T', name: 'street', level: 'street', parentCode: 'D' },
		{ code: 'D', name: 'district', level: 'district', parentCode: 'C' },
		{ code: 'E', name: 'another', level: 'district', parentCode: 'C' },
		{ code: 'C', name: 'city', level: 'city', parentCode: null }
	];
	const state = { directory: { sites: [site], areas }, columns: emptyColumns(1) } as unknown as TopicState;
	expect(stationPath(state, 'S').map(({ level }) => level)).toEqual(['city', 'district', 'street']);
	expect(stationPath(state, 'X')).toEqual([]);
});
