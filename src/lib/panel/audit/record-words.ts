/** A record of the audit, as it is written on the page. */
import { clockText } from '#lib/panel/figure-text.ts';
import { dateText } from '#domain/shanghai.ts';
import { m } from '#lib/paraglide/messages.js';
import type { AuditRecord } from '#server/audit/chain.ts';
import type { ChainProblem } from '#server/audit/verify.ts';

const KIND: Readonly<Record<AuditRecord['actorKind'], () => string>> = {
	person: m.audit_kind_person,
	screen: m.audit_kind_screen,
	source: m.audit_kind_source,
	operator: m.audit_kind_operator,
	system: m.audit_kind_system,
	nobody: m.audit_kind_nobody
};

/** A record that was forged may hold any text. */
export const kindText = (kind: string): string =>
	Object.hasOwn(KIND, kind) ? KIND[kind as AuditRecord['actorKind']]() : kind;

/** Name of who did it; for who has none, what it was. */
export function actorText({ actorKind, actorName, actorId }: AuditRecord): string {
	if (actorKind === 'operator' || actorKind === 'system') return kindText(actorKind);
	return actorName ?? actorId ?? kindText(actorKind);
}

/** What kind of actor, where the name does not say it. */
export function actorNote({ actorKind, actorName, actorId }: AuditRecord): string {
	const isPlain = actorKind === 'person' || actorKind === 'operator' || actorKind === 'system';
	return isPlain || (actorName ?? actorId) === null ? '' : kindText(actorKind);
}

export function resultText(result: string): string {
	switch (result) {
		case 'ok':
			return m.audit_result_ok();
		case 'refused':
			return m.audit_result_refused();
		case 'failed':
			return m.audit_result_failed();
		default:
			return result;
	}
}

/** Day and time of day in Asia/Shanghai. */
export function whenOf({ at }: Pick<AuditRecord, 'at'>): { day: string; time: string } {
	const ms = Date.parse(at);
	return Number.isNaN(ms) ? { day: at, time: '' } : { day: dateText(ms), time: clockText(ms) };
}

export const scopeText = (scope: string): string => (scope === 'city' ? m.audit_scope_city() : scope);

/** How often it happened, where one record stands for many. */
export function timesOf({ detail }: Pick<AuditRecord, 'detail'>): number | null {
	const times = fieldsOf(detail)?.['times'];
	return typeof times === 'number' ? times : null;
}

/** A text in the detail by its name; null = none. */
export function detailText(detail: string, name: string): string | null {
	const fields = fieldsOf(detail);
	const text = fields && Object.hasOwn(fields, name) ? fields[name] : null;
	return typeof text === 'string' && text !== '' ? text : null;
}

/** Lines of the detail; as it stands where it is no JSON. Empty = nothing in it. */
export function detailLines(detail: string): readonly (readonly [name: string, text: string])[] {
	const fields = fieldsOf(detail);
	if (!fields) return [['', detail]];
	return Object.entries(fields).map(([name, value]) => [
		name,
		typeof value === 'string' ? value : JSON.stringify(value, null, 1)
	]);
}

function fieldsOf(detail: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(detail);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
	} catch {
		// A forged record: it is shown as it is.
		return null;
	}
}

const PROBLEM: Readonly<Record<ChainProblem['kind'], (of: { seq: number }) => string>> = {
	changed: m.audit_problem_changed,
	unlinked: m.audit_problem_unlinked,
	missing: m.audit_problem_missing,
	inserted: m.audit_problem_inserted,
	cut: m.audit_problem_cut,
	head: m.audit_problem_head,
	rewritten: m.audit_problem_rewritten
};

export const chainProblemText = ({ kind, seq }: ChainProblem): string => PROBLEM[kind]({ seq });

/** Why a door of the audit said no. */
export function doorProblemText({ code, status }: { readonly code: string; readonly status: number }): string {
	if (status === 0) return m.audit_problem_unreachable();
	if (status === 401) return m.audit_problem_signed_out();
	if (status === 403) return m.audit_problem_no_right();
	if (code === 'busy') return m.audit_problem_busy();
	return code === 'bad_query' ? m.audit_problem_bad_query() : m.audit_problem_other();
}
