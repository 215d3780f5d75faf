/** What is searched for or exported, from a query; the same words in the address of the page. */
import { parseScope } from '#domain/scope.ts';
import { SHANGHAI_OFFSET_MS } from '#domain/shanghai.ts';
import type { AuditFilter } from '#server/store/audit-store.ts';

const MAX_TEXT = 200;
const RESULTS = ['ok', 'refused', 'failed'] as const;
const DAY_MS = 86_400_000;

export type FilterRead =
	{ readonly ok: true; readonly filter: AuditFilter } | { readonly ok: false; readonly message: string };

/** `from` and `to` are RFC 3339 moments, or days of Asia/Shanghai of which `to` is the last. */
export function readFilter(query: URLSearchParams): FilterRead {
	const text = (name: string): string | null => query.get(name)?.trim() || null;
	const [q, actor, action, object, scope] = ['q', 'actor', 'action', 'object', 'scope'].map(text);
	const result = text('result');
	const known = RESULTS.find((one) => one === result) ?? null;
	const from = momentOf(text('from'), 0);
	const to = momentOf(text('to'), DAY_MS);
	const fail = (message: string): FilterRead => ({ ok: false, message });
	if ([q, actor, action, object].some((one) => (one?.length ?? 0) > MAX_TEXT))
		return fail(`Search for at most ${MAX_TEXT} characters.`);
	if (result !== null && known === null) return fail(`Use one of these results: ${RESULTS.join(', ')}.`);
	if (scope && parseScope(scope) === null) return fail('Use scope=city, district:CODE, street:CODE or station:CODE.');
	if (from === undefined || to === undefined)
		return fail('Use days (2026-11-22) or moments (2026-11-22T09:30:00+08:00) for from and to.');
	if (from !== null && to !== null && to <= from) return fail('The end lies before the beginning: change from or to.');
	const filter = { text: plain(q), actor: plain(actor), action: plain(action), object: plain(object) };
	return { ok: true, filter: { ...filter, result: known, scope: plain(scope), from, to } };
}

/** Without NUL, which the database refuses and no record holds. */
const plain = (text: string | null | undefined): string | null => text?.replaceAll('\0', '') || null;

/** null = not asked; undefined = neither a day nor a moment. */
function momentOf(text: string | null, dayAddedMs: number): number | null | undefined {
	if (text === null) return null;
	if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
		const ms = Date.parse(`${text}T00:00:00Z`);
		const isDay = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
		return isDay ? ms - SHANGHAI_OFFSET_MS + dayAddedMs : undefined;
	}
	const ms = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
	return Number.isNaN(ms) ? undefined : ms;
}

/** What was asked, for the record of the asking. */
export function filterDetail(filter: AuditFilter): { [name: string]: string } {
	const { from, to, ...words } = filter;
	const all = { ...words, from: from === null ? null : iso(from), to: to === null ? null : iso(to) };
	return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

const iso = (ms: number): string => new Date(ms).toISOString();
