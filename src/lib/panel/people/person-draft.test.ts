import { expect, it } from 'vitest';
import { changeOf, draftOf, EMPTY_DRAFT, newPersonOf } from './person-draft.ts';

const person = {
	id: 'p1',
	userName: 'li.na',
	displayName: '李娜',
	state: 'active',
	isSample: false,
	hasPassword: true,
	hasSecondFactor: false,
	externalName: 'lina@wx',
	isExternalBound: false,
	lockedUntil: null,
	expiresAt: '2026-12-31T15:59:59.000Z',
	lastSignInAt: null,
	createdAt: '2026-01-01T00:00:00.000Z',
	createdBy: { id: 'setup', name: 'setup' },
	sessions: 0,
	linkUntil: null,
	grants: []
} as const;

it('sends only what was changed', () => {
	const draft = draftOf(person);
	expect(draft.until).toBe('2026-12-31');
	expect(changeOf(person, draft)).toEqual({ id: 'p1' });
	expect(changeOf(person, { ...draft, externalName: ' ', until: '' })).toEqual({
		id: 'p1',
		externalName: null,
		expiresAt: null
	});
});

it('makes nobody without a password who is not known elsewhere', () => {
	const draft = { ...EMPTY_DRAFT, userName: ' li.na ', displayName: '李娜', isExternalOnly: true };
	expect(newPersonOf(draft)).toMatchObject({ userName: 'li.na', withoutPassword: false, externalName: null });
	expect(newPersonOf({ ...draft, externalName: 'lina@wx' })).toMatchObject({ withoutPassword: true });
});
