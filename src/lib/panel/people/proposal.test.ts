import { describe, expect, it } from 'vitest';
import { clashOf, EMPTY_PROPOSAL, endOfDay, requestOf, withRole } from './proposal.ts';

describe('a grant is proposed', () => {
	it('with the scope the role is mostly for, for good, for all service lines', () => {
		const proposal = { ...withRole(EMPTY_PROPOSAL, 'leader', ['city']), reason: ' 新任 ' };
		expect(requestOf(proposal, 'p1')).toEqual({
			personId: 'p1',
			role: 'leader',
			scope: 'city',
			lines: null,
			reason: '新任',
			expiresAt: null
		});
	});

	it('by user name where there is no list of people, and not without a scope', () => {
		const proposal = { ...withRole(EMPTY_PROPOSAL, 'keeper', ['district:320213']), userName: ' zhao.si ' };
		expect(requestOf(proposal, null)).toBeNull();
		const chosen = { ...proposal, scope: { ...proposal.scope, station: 'WX-1' }, lines: ['stations' as const] };
		expect(requestOf(chosen, null)).toMatchObject({ userName: 'zhao.si', scope: 'station:WX-1', lines: ['stations'] });
	});

	it('with no role until one is chosen', () => {
		expect(requestOf(EMPTY_PROPOSAL, 'p1')).toBeNull();
		expect(clashOf('', ['auditor'])).toBeNull();
	});

	it('until the end of a day in Asia/Shanghai', () => {
		expect(endOfDay('2026-12-31')).toBe('2026-12-31T15:59:59.000Z');
		expect(endOfDay('')).toBeNull();
	});

	it('with a word about the three administrators who are never one person', () => {
		expect(clashOf('auditor', ['leader', 'system_admin'])).toBe('system_admin');
		expect(clashOf('auditor', ['auditor', 'leader'])).toBeNull();
		expect(clashOf('leader', ['system_admin'])).toBeNull();
	});
});
