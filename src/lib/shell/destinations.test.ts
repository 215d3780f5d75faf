import { describe, expect, it } from 'vitest';
import type { Role } from '#domain/role.ts';
import { destinationOf, destinationsFor } from './destinations.ts';
import type { PersonSession } from './session.ts';

it('knows to which destination a page belongs, the most exact one', () => {
	expect(
		[
			'/wall',
			'/data',
			'/data/import',
			'/data/import/7',
			'/stations/A-1',
			'/streets/320205',
			'/admin/people/7',
			'/no'
		].map(destinationOf)
	).toEqual(['wall', 'data', 'import', 'import', 'districts', 'districts', 'people', null]);
	expect(destinationOf('/database')).toBeNull();
});

describe('offered is what may be opened', () => {
	const session = (...roles: Role[]): PersonSession => ({
		kind: 'person',
		id: '1',
		userName: 'li.na',
		displayName: '李娜',
		roles,
		grants: roles.map((column) => ({ column, scope: { level: 'city' }, lines: null })),
		home: 'city',
		scopes: ['city'],
		need: null,
		idleAt: 0,
		endsAt: 0,
		isSample: false
	});
	const ids = (...roles: Role[]) => destinationsFor(session(...roles)).map(({ id }) => id);

	it('to those who look at the city', () => {
		expect(ids('leader')).toEqual(['wall', 'map', 'districts', 'data']);
		expect(ids('keeper')).toEqual(['wall', 'map', 'districts', 'import']);
	});

	it('to a keeper of one station: its page by its own name, and no wall', () => {
		const own = destinationsFor({ ...session('keeper'), home: 'station:WX-1', scopes: ['station:WX-1'] });
		expect(own.map(({ id }) => id)).toEqual(['map', 'districts', 'import']);
		expect(own[1]?.label()).toBe('我的驿站');
	});

	it('to those who care for people and machines', () => {
		expect(ids('system_admin')).toEqual(['data', 'people', 'screens', 'sources']);
		expect(ids('security_admin')).toEqual(['people', 'screens', 'sources', 'audit']);
		expect(ids('auditor')).toEqual(['wall', 'map', 'districts', 'data', 'people', 'screens', 'sources', 'audit']);
		expect(ids('district_admin')).toContain('grants');
	});

	it('to nobody, to a screen and before the second factor: nothing', () => {
		expect(destinationsFor(null)).toEqual([]);
		const screen = { id: '3', name: '门厅', grants: [], home: 'city', scopes: ['city'], layout: 'overview' } as const;
		expect(destinationsFor({ kind: 'screen', ...screen })).toEqual([]);
		expect(destinationsFor({ ...session('leader'), grants: [], need: 'second_factor' })).toEqual([]);
	});
});
