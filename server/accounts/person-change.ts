/** What a form changes of an account. */
import type { PersonState } from '#domain/role.ts';
import type { PersonRecord } from '#server/store/people-store.ts';
import type { Form } from './body.ts';
import { isActivated } from './separation.ts';

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
	return isActivated(person) ? 'active' : 'invited';
}
