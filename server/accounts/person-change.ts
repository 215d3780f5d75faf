/** What a form changes of an account, and what must not be changed away. */
import { SEPARATE_ROLES, type PersonState, type Role } from '#domain/role.ts';
import { hasOtherHolder, listGrants } from '#server/store/grant-store.ts';
import type { PersonRecord, Tx } from '#server/store/people-store.ts';
import type { Form } from './body.ts';
import { AccountProblem } from './problem.ts';
import { rolesInForce } from './rows.ts';

export interface Change {
	readonly displayName?: string;
	readonly externalName?: string | null;
	readonly expiresAt?: number | null;
	readonly isDisabled?: boolean;
	readonly isUnlocked?: true;
}

export function readChange(form: Form, now: number): Change {
	const externalName = form.optionalText('externalName');
	const expiresAt = form.future('expiresAt', now);
	const isDisabled = form.value('isDisabled');
	if (isDisabled !== undefined && typeof isDisabled !== 'boolean') form.refuse('isDisabled', 'bad_form');
	const read = {
		...(form.has('displayName') ? { displayName: form.displayName('displayName') } : {}),
		...(externalName === undefined ? {} : { externalName }),
		...(expiresAt === undefined ? {} : { expiresAt }),
		...(typeof isDisabled === 'boolean' ? { isDisabled } : {}),
		...(form.value('unlock') === true ? { isUnlocked: true as const } : {})
	};
	form.check();
	return read;
}

/** null = as it was. Who comes back without a password has to set one first. */
export function stateAfter(person: PersonRecord, isDisabled: boolean | undefined): PersonState | null {
	if (isDisabled === undefined || isDisabled === (person.state === 'disabled')) return null;
	if (isDisabled) return 'disabled';
	return person.passwordHash !== null || person.externalSubject !== null ? 'active' : 'invited';
}

/** Throws when nobody else could do the work of an administrator that this person does. */
export async function keepLast(tx: Tx, person: PersonRecord, now: number): Promise<void> {
	const roles: readonly Role[] = rolesInForce(await listGrants(tx, [person.id]), now);
	for (const role of SEPARATE_ROLES.filter((separate) => roles.includes(separate))) {
		if (!(await hasOtherHolder(tx, role, person.id, now))) throw new AccountProblem('last_administrator');
	}
}
