/** Who works at the import desk: a person, and the scopes in which they may write stations [PE24]. */
import { scopesFor } from '#domain/permission.ts';
import { formatScope, type Places, type Scope } from '#domain/scope.ts';
import type { Caller } from '#server/access/caller.ts';

export interface Writer {
	/** of the person: sessions belong to it */
	readonly id: string;
	readonly userName: string;
	/** the widest first */
	readonly scopes: readonly Scope[];
}

/** Only people write: the rule of every door of the desk asks for it. */
export function writerOf(caller: Caller, places: Places): Writer {
	if (caller.kind !== 'person') throw new Error('The import desk was opened to somebody who is no person.');
	const scopes = scopesFor(caller.grants, { object: 'station', right: 'write' }, places);
	return { id: caller.id, userName: caller.userName, scopes };
}

export const scopeNames = ({ scopes }: Writer): string => scopes.map(formatScope).join(' ');
