/** Reads a proposed grant: the role fits its scope, and the scope is one of the registry. */
import { CITY_ROLES, isRole, isServiceLine, type Role, type ServiceLine } from '#domain/role.ts';
import { formatScope, parseScope, type Scope } from '#domain/scope.ts';
import { placeNames } from '#server/store/grant-store.ts';
import { personById, personByName, type PersonRecord } from '#server/store/people-store.ts';
import type { Form } from './body.ts';
import type { Office } from './options.ts';
import { AccountProblem } from './problem.ts';
import type { FieldCode } from './shapes.ts';

export interface Proposal {
	readonly role: Role;
	readonly scope: string;
	readonly lines: readonly ServiceLine[] | null;
	readonly reason: string | null;
	/** ms */
	readonly expiresAt: number | null;
}

export async function readProposal({ db, now }: Office, form: Form): Promise<Proposal> {
	const role = form.value('role');
	const scope = parseScope(form.text('scope'));
	const lines = readLines(form);
	const reason = form.optionalText('reason') ?? null;
	const expiresAt = form.future('expiresAt', now()) ?? null;
	if (!isRole(role)) form.refuse('role', role === undefined ? 'missing' : 'bad_form');
	if (scope === null) form.refuse('scope', 'bad_form');
	if (isRole(role) && scope !== null) {
		const misfit = scopeMisfit(role, scope);
		if (misfit !== null) form.refuse('scope', misfit);
	}
	form.check();
	if (!isRole(role) || scope === null) throw new AccountProblem('bad_request');
	const text = formatScope(scope);
	if (text !== 'city' && !(await placeNames(db, [text])).has(text)) form.refuse('scope', 'unknown_scope');
	form.check();
	return { role, scope: text, lines, reason, expiresAt };
}

const CITY_ONLY: readonly Role[] = CITY_ROLES;

/** null = the role may be had there. */
export function scopeMisfit(role: Role, { level }: Scope): FieldCode | null {
	if (CITY_ONLY.includes(role) && level !== 'city') return 'needs_city';
	return role === 'keeper' && level !== 'station' ? 'needs_station' : null;
}

/** Sorted and without repetitions, so that the same grant is recognised; null = all lines. */
function readLines(form: Form): ServiceLine[] | null {
	const value = form.value('lines');
	if (value === undefined || value === null) return null;
	const lines: unknown[] = Array.isArray(value) ? value : [];
	if (lines.length > 0 && lines.every(isServiceLine)) return [...new Set(lines)].sort();
	form.refuse('lines', 'bad_form');
	return null;
}

/** By id or by user name; throws `unknown_person`, and refuses those who are disabled or made up. */
export async function personNamed({ db }: Office, form: Form): Promise<PersonRecord> {
	const id = form.optionalText('personId') ?? null;
	const userName = id === null ? form.text('userName') : '';
	form.check();
	const person = id === null ? await personByName(db, userName) : await personById(db, id);
	if (!person) throw new AccountProblem('unknown_person', { fields: { userName: 'wrong' } });
	if (person.isSample) throw new AccountProblem('sample_person');
	if (person.state === 'disabled') throw new AccountProblem('wrong_state');
	return person;
}
