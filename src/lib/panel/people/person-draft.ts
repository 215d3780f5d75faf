/** An account as it is being filled in, and what is sent of it. Pure. */
import { dateText } from '#domain/shanghai.ts';
import type { ChangePersonRequest, NewPersonRequest, PersonRow } from '#server/accounts/shapes.ts';
import { endOfDay } from './proposal.ts';

export interface PersonDraft {
	readonly userName: string;
	readonly displayName: string;
	/** as the federation's own sign-in knows them; empty = not at all */
	readonly externalName: string;
	/** YYYY-MM-DD, a day of Asia/Shanghai; empty = for good */
	readonly until: string;
	/** signs in through the federation alone, without a password here */
	readonly isExternalOnly: boolean;
}

export const EMPTY_DRAFT: PersonDraft = {
	userName: '',
	displayName: '',
	externalName: '',
	until: '',
	isExternalOnly: false
};

export function draftOf({ userName, displayName, externalName, expiresAt, hasPassword }: PersonRow): PersonDraft {
	const until = expiresAt === null ? '' : dateText(Date.parse(expiresAt));
	return { userName, displayName, externalName: externalName ?? '', until, isExternalOnly: !hasPassword };
}

export function newPersonOf(draft: PersonDraft): NewPersonRequest {
	const externalName = draft.externalName.trim() || null;
	return {
		userName: draft.userName.trim(),
		displayName: draft.displayName.trim(),
		externalName,
		expiresAt: endOfDay(draft.until),
		withoutPassword: draft.isExternalOnly && externalName !== null
	};
}

/** Only what was changed: somebody else may have changed the rest. */
export function changeOf(person: PersonRow, draft: PersonDraft): ChangePersonRequest {
	const before = draftOf(person);
	return {
		id: person.id,
		...(draft.displayName !== before.displayName && { displayName: draft.displayName.trim() }),
		...(draft.externalName !== before.externalName && { externalName: draft.externalName.trim() || null }),
		...(draft.until !== before.until && { expiresAt: endOfDay(draft.until) })
	};
}
