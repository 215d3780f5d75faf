import { expect, it } from 'vitest';
import type { Grant } from '#domain/permission.ts';
import { mayReadContact } from './contact.ts';

const station = { code: 'S-1', district: 'D', street: 'T' };
const grant = (column: Grant['column'], scope: Grant['scope']): Grant => ({ column, scope, lines: null });

it('[PE22] the button is offered to who may read the contact of this very station', () => {
	const may = (grants: readonly Grant[]) => mayReadContact(grants, station);
	expect(may([])).toBe(false);
	expect(may([grant('leader', { level: 'city' })])).toBe(false);
	expect(may([grant('auditor', { level: 'city' })])).toBe(false);
	expect(may([grant('department_head', { level: 'city' })])).toBe(true);
	expect(may([grant('district_admin', { level: 'district', code: 'D' })])).toBe(true);
	expect(may([grant('district_admin', { level: 'district', code: 'E' })])).toBe(false);
	expect(may([grant('street_admin', { level: 'street', code: 'T' })])).toBe(true);
	expect(may([grant('keeper', { level: 'station', code: 'S-1' })])).toBe(true);
	expect(may([grant('keeper', { level: 'station', code: 'S-2' })])).toBe(false);
	expect(may([{ column: 'department_head', scope: { level: 'city' }, lines: ['law'] }])).toBe(false);
});
