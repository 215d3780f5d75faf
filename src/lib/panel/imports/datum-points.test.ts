import { expect, it } from 'vitest';
import { STATUS } from '#domain/table.ts';
import { datumPoints } from './datum-points.ts';

it('draws each point of a file at its place, by what is thought of it', () => {
	const placement = {
		datum: 'gcj02',
		points: [
			[120.1, 31.1, 2, 0],
			[120.2, 31.2, 3, 1],
			[120.3, 31.3, 7, 2]
		],
		mismatches: 1,
		checked: 2,
		share: 0.5
	} as const;
	const { sites, columns } = datumPoints(placement, 0, (line) => `line ${line}`);
	expect(sites.map(({ name, lng, lat }) => [name, lng, lat])).toEqual([
		['line 2', 120.1, 31.1],
		['line 3', 120.2, 31.2],
		['line 7', 120.3, 31.3]
	]);
	expect([...columns.status]).toEqual([STATUS.closed_unplanned, STATUS.open, STATUS.unknown]);
});
