/** Roles, service lines and scopes in the words of people. */
import { CITY_ROLES, type Role, type ServiceLine } from '#domain/role.ts';
import { m } from '#lib/paraglide/messages.js';

export const ROLE_WORD: Record<Role, () => string> = {
	leader: m.account_role_leader,
	department_head: m.account_role_department_head,
	district_admin: m.account_role_district_admin,
	street_admin: m.account_role_street_admin,
	keeper: m.account_role_keeper,
	duty_officer: m.account_role_duty_officer,
	duty_chief: m.account_role_duty_chief,
	legal_officer: m.account_role_legal_officer,
	security_admin: m.account_role_security_admin,
	auditor: m.account_role_auditor,
	system_admin: m.account_role_system_admin
};

/** What a role does, in a line. */
export const ROLE_NOTE: Record<Role, () => string> = {
	leader: m.account_role_note_leader,
	department_head: m.account_role_note_department_head,
	district_admin: m.account_role_note_district_admin,
	street_admin: m.account_role_note_street_admin,
	keeper: m.account_role_note_keeper,
	duty_officer: m.account_role_note_duty_officer,
	duty_chief: m.account_role_note_duty_chief,
	legal_officer: m.account_role_note_legal_officer,
	security_admin: m.account_role_note_security_admin,
	auditor: m.account_role_note_auditor,
	system_admin: m.account_role_note_system_admin
};

export const LINE_WORD: Record<ServiceLine, () => string> = {
	stations: m.account_line_stations,
	childcare: m.account_line_childcare,
	courses: m.account_line_courses,
	activities: m.account_line_activities,
	help_desk: m.account_line_help_desk,
	law: m.account_line_law,
	welfare: m.account_line_welfare,
	skills: m.account_line_skills
};

/** `name`: of the area or site; null = not known, then its code stands there. */
export function scopeText(scope: string, name: string | null): string {
	if (scope === 'city') return m.account_scope_city();
	return name ?? scope.slice(scope.indexOf(':') + 1);
}

/** “梁溪区 · 街道管理员”, “系统管理员”: the scope is left out where the role allows only one. */
export function grantText(role: Role, scope: string, name: string | null): string {
	const isAlwaysCity = CITY_ROLES.some((one) => one === role);
	return isAlwaysCity ? ROLE_WORD[role]() : `${ROLE_WORD[role]()} · ${scopeText(scope, name)}`;
}

/** With the scope in any case: who decides on a grant reads all of it. */
export function wholeGrantText(role: Role, scope: string, name: string | null): string {
	return `${ROLE_WORD[role]()} · ${scopeText(scope, name)}`;
}

/** null = all of them */
export function linesText(lines: readonly ServiceLine[] | null): string {
	if (lines === null) return m.account_lines_all();
	return lines.map((line) => LINE_WORD[line]()).join(m.account_list_comma());
}
