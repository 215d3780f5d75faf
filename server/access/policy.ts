/** What a session's record means now: which need stands before the grants, when it ends, what it may. */
import type { Grant } from '#domain/permission.ts';
import { SECOND_FACTOR_ROLES, type Role } from '#domain/role.ts';
import { parseScope } from '#domain/scope.ts';
import type { GrantRecord, SessionRecord } from '#server/store/session-store.ts';
import type { LostReason, Need } from './caller.ts';

/** Times in ms. */
export interface SessionPolicy {
	/** a desk that nobody touches */
	readonly idleMs: number;
	/** the seat of a duty officer or chief: a shift */
	readonly dutyIdleMs: number;
	/** however busy */
	readonly sessionMs: number;
	/** 0 = passwords do not grow old */
	readonly passwordMaxAgeMs: number;
}

const DUTY_ROLES: readonly Role[] = ['duty_officer', 'duty_chief'];
const WITH_SECOND_FACTOR: readonly Role[] = SECOND_FACTOR_ROLES;

export const rolesOf = (record: SessionRecord): Role[] => [...new Set(record.grants.map(({ role }) => role))];

/** ms: when the session ends if no hand moves. */
export function idleAt(
	record: Pick<SessionRecord, 'activeAt'> & { readonly grants: readonly Pick<GrantRecord, 'role'>[] },
	policy: SessionPolicy
): number {
	const isDuty = record.grants.some(({ role }) => DUTY_ROLES.includes(role));
	return record.activeAt + (isDuty ? policy.dutyIdleMs : policy.idleMs);
}

/** Why a session is worth nothing (any more); null = it is. */
export function lostBy(record: SessionRecord, policy: SessionPolicy, now: number): LostReason | null {
	const { person } = record;
	if (record.endReason !== null) return record.endReason;
	if (person.state !== 'active' || (person.expiresAt !== null && person.expiresAt <= now)) return 'disabled';
	if (now >= record.endsAt) return 'expired';
	return now >= idleAt(record, policy) ? 'idle' : null;
}

/** ms: the first date at which something of this ends by itself. */
export const changesAt = ({ endsAt, person, grants }: SessionRecord): number =>
	Math.min(endsAt, person.expiresAt ?? Infinity, ...grants.map(({ expiresAt }) => expiresAt ?? Infinity));

export function needOf(record: SessionRecord, policy: SessionPolicy, now: number): Need | null {
	if (record.method === 'sample') return null;
	const { person } = record;
	if (person.hasTotp && !record.hasSecondFactor) return 'second_factor';
	if (!person.hasTotp && record.grants.some(({ role }) => WITH_SECOND_FACTOR.includes(role)))
		return 'enrol_second_factor';
	const age = person.passwordSetAt === null ? 0 : now - person.passwordSetAt;
	const isOld = policy.passwordMaxAgeMs > 0 && age > policy.passwordMaxAgeMs;
	return record.method === 'password' && isOld ? 'new_password' : null;
}

/** A scope that cannot be read grants nothing. */
export function grantsOf(records: readonly GrantRecord[]): Grant[] {
	return records.flatMap(({ role, scope, lines }) => {
		const parsed = parseScope(scope);
		return parsed ? [{ column: role, scope: parsed, lines }] : [];
	});
}
