/** A grant as it is being proposed: what the form holds, and what is sent. Pure. */
import { forbiddenPair, type Role, type ServiceLine } from '#domain/role.ts';
import type { ProposeRequest } from '#server/accounts/shapes.ts';
import { levelsOf, scopeOf, usualLevel, type ScopeChoice } from './scope-choice.ts';

export interface Proposal {
	/** only where nobody was chosen before */
	readonly userName: string;
	readonly role: Role;
	readonly scope: ScopeChoice;
	/** none = all */
	readonly lines: readonly ServiceLine[];
	/** YYYY-MM-DD, a day of Asia/Shanghai; empty = for good */
	readonly until: string;
	readonly reason: string;
}

export function emptyProposal(role: Role, within: readonly string[]): Proposal {
	const level = usualLevel(role, levelsOf(role, within));
	const scope = { level, district: '', street: '', station: '' };
	return { userName: '', role, scope, lines: [], until: '', reason: '' };
}

/** The role that may not be held together with this one, of those that are held or proposed; null = none. */
export function clashOf(role: Role, held: readonly Role[]): Role | null {
	return held.find((other) => other !== role && forbiddenPair([role, other]) !== null) ?? null;
}

/** The end of a day as it is sent; null = for good. A text that is no day is sent as it is: the server says so beside the field. */
export function endOfDay(day: string): string | null {
	if (day === '') return null;
	const end = Date.parse(`${day}T23:59:59+08:00`);
	return Number.isNaN(end) ? day : new Date(end).toISOString();
}

/** null while the scope is not chosen. `personId`: null = by user name. */
export function requestOf(proposal: Proposal, personId: string | null): ProposeRequest | null {
	const scope = scopeOf(proposal.scope);
	if (scope === null) return null;
	const { userName, role, lines, until, reason } = proposal;
	return {
		...(personId === null ? { userName: userName.trim() } : { personId }),
		role,
		scope,
		lines: lines.length === 0 ? null : lines,
		reason: reason.trim() || null,
		expiresAt: endOfDay(until)
	};
}
