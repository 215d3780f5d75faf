/** A grant as it is being proposed: what the form holds, and what is sent. Pure. */
import { forbiddenPair, type Role, type ServiceLine } from '#domain/role.ts';
import type { ProposeRequest } from '#server/accounts/shapes.ts';
import { levelsOf, scopeOf, usualLevel, type ScopeChoice } from './scope-choice.ts';

export interface Proposal {
	/** only where nobody was chosen before */
	readonly userName: string;
	/** empty = not chosen yet: nobody is to get a role by not looking */
	readonly role: Role | '';
	readonly scope: ScopeChoice;
	/** none = all */
	readonly lines: readonly ServiceLine[];
	/** YYYY-MM-DD, a day of Asia/Shanghai; empty = for good */
	readonly until: string;
	readonly reason: string;
}

export const EMPTY_PROPOSAL: Proposal = {
	userName: '',
	role: '',
	scope: { level: 'city', district: '', street: '', station: '' },
	lines: [],
	until: '',
	reason: ''
};

/** With another role, at the level that this one is mostly for. */
export function withRole(proposal: Proposal, role: Role | '', within: readonly string[]): Proposal {
	if (role === '' || role === proposal.role) return { ...proposal, role };
	return { ...proposal, role, scope: { ...proposal.scope, level: usualLevel(role, levelsOf(role, within)) } };
}

/** The role that may not be held together with this one, of those that are held or proposed; null = none. */
export function clashOf(role: Role | '', held: readonly Role[]): Role | null {
	if (role === '') return null;
	return held.find((other) => other !== role && forbiddenPair([role, other]) !== null) ?? null;
}

/** The end of a day as it is sent; null = for good. A text that is no day is sent as it is: the server says so beside the field. */
export function endOfDay(day: string): string | null {
	if (day === '') return null;
	const end = Date.parse(`${day}T23:59:59+08:00`);
	return Number.isNaN(end) ? day : new Date(end).toISOString();
}

/** null while the role or the scope is not chosen. `personId`: null = by user name. */
export function requestOf(proposal: Proposal, personId: string | null): ProposeRequest | null {
	const scope = scopeOf(proposal.scope);
	const { userName, role, lines, until, reason } = proposal;
	if (scope === null || role === '') return null;
	return {
		...(personId === null ? { userName: userName.trim() } : { personId }),
		role,
		scope,
		lines: lines.length === 0 ? null : lines,
		reason: reason.trim() || null,
		expiresAt: endOfDay(until)
	};
}
