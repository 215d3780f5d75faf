/** States of people and grants in words; each with a shape, so that none is told by colour alone. */
import type { GrantState, PersonState } from '#domain/role.ts';
import { dayText } from '#lib/panel/figure-text.ts';
import { m } from '#lib/paraglide/messages.js';
import type { GrantRow, PersonRow, Who } from '#server/accounts/shapes.ts';

export const PERSON_STATE: Record<PersonState, () => string> = {
	invited: m.people_state_invited,
	active: m.people_state_active,
	disabled: m.people_state_disabled
};

const GRANT_STATE: Record<GrantState | 'expired', () => string> = {
	proposed: m.people_grant_proposed,
	active: m.people_grant_active,
	declined: m.people_grant_declined,
	withdrawn: m.people_grant_withdrawn,
	expired: m.people_grant_expired
};

export function grantStateText({ state, isExpired }: Pick<GrantRow, 'state' | 'isExpired'>): string {
	return GRANT_STATE[state === 'active' && isExpired ? 'expired' : state]();
}

/** “至 2026-12-31”, or for good. */
export const untilText = ({ expiresAt }: Pick<GrantRow, 'expiresAt'>): string =>
	expiresAt === null ? m.people_for_good() : m.people_until_day({ day: dayText(Date.parse(expiresAt)) });

/** In force now. */
export const isInForce = ({ state, isExpired }: Pick<GrantRow, 'state' | 'isExpired'>): boolean =>
	state === 'active' && !isExpired;

/** Locked by failed tries, at this moment. */
export const isLocked = ({ lockedUntil }: Pick<PersonRow, 'lockedUntil'>, nowMs: number): boolean =>
	lockedUntil !== null && Date.parse(lockedUntil) > nowMs;

/** The command line, the first start and the demo city have made some of it themselves. */
export function whoText({ id, name }: Who): string {
	const made: Readonly<Record<string, () => string>> = {
		operator: m.people_who_operator,
		demo: m.people_who_demo,
		setup: m.people_who_setup
	};
	return Object.hasOwn(made, id) ? (made[id]?.() ?? name) : name;
}
