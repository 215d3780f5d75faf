import { expect, it } from 'vitest';
import { destinationOf } from './destinations.ts';

it('knows to which destination a page belongs, the most exact one', () => {
	expect(
		['/wall', '/data', '/data/import', '/data/import/7', '/stations/A-1', '/streets/320205', '/nowhere'].map(
			destinationOf
		)
	).toEqual(['wall', 'data', 'import', 'import', 'districts', 'districts', null]);
	expect(destinationOf('/database')).toBeNull();
});
