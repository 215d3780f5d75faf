/** `GET /api/refused` and `POST /api/refused/resend`: what was not taken, and sending it again once mended. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { REFUSAL_CODES } from '#domain/refusal.ts';
import { formatScope, type Places, type Scope } from '#domain/scope.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import { ableAnywhere, refusal, verdictOf } from '#server/access/rule.ts';
import { ViewLog } from '#server/access/view-log.ts';
import { readBody } from '#server/http/body.ts';
import { sendJson, sendProblem, type Routes } from '#server/http/route.ts';
import { MAX_BODY_BYTES, type EventDoor } from '#server/ingest/event-door.ts';
import { REJECTED_STREAM } from '#server/stream/names.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import { readerOf, scopeOfEvent, type Reader } from './reader.ts';
import { resendRefused, type ResendOptions, type ResendResult } from './resend.ts';
import { ResentLog, type Resent } from './resent.ts';
import { searchRefused, type RefusedEntry, type Search } from './search.ts';

export interface RefusedOptions {
	readonly redis: Redis;
	readonly door: Pick<EventDoor, 'append'>;
	readonly now: () => number;
	readonly places: Places;
	readonly audit: Audit;
}

/** What `GET /api/refused` answers, newest first. */
export interface RefusedList {
	/** entries kept, whatever was searched for; null = not told to who sees only some of them */
	readonly total: number | null;
	readonly entries: readonly (Omit<RefusedEntry, 'payload'> & {
		/** as it came; null = not shown to who may not mend it: it may hold what no source should have sent */
		readonly payload: string | null;
		/** null = not sent again yet */
		readonly resent: Resent | null;
	})[];
	/** `before` of the next request, also when this one found nothing in its part; null = nothing older is there */
	readonly next: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_TEXT = 200;
const ENTRY_ID = /^\d{1,15}-\d{1,15}$/;

export function refusedRoutes(options: RefusedOptions): Routes {
	const resent = new ResentLog(options.redis);
	const looks = new ViewLog(options);
	return new Map([
		[
			'GET /api/refused',
			{
				rule: ableAnywhere('intake', 'read'),
				answer: (_, response, url, caller) =>
					sendList({ ...options, resent, looks }, { response, query: url.searchParams, caller })
			}
		],
		[
			RESEND,
			{
				rule: ableAnywhere('intake', 'write'),
				answer: (request, response, _, caller) => takeBack({ ...options, resent }, { request, response, caller })
			}
		]
	]);
}

const RESEND = 'POST /api/refused/resend';

interface Asked {
	readonly response: ServerResponse;
	readonly caller: Caller;
}

type ListParts = RefusedOptions & { readonly resent: ResentLog; readonly looks: ViewLog };

async function sendList(
	parts: ListParts,
	{ response, query, caller }: Asked & { query: URLSearchParams }
): Promise<void> {
	const { redis, resent, looks, places } = parts;
	const reader = readerOf(caller, places);
	const search = readSearch(query, reader);
	if (typeof search === 'string') return sendProblem(response, 400, 'bad_query', search);
	const [found, kept] = await Promise.all([searchRefused(redis, search), redis.xLen(REJECTED_STREAM)]);
	const known = await resent.of(found.entries.map(({ id }) => id));
	const entries = found.entries.map((entry) => ({
		...entry,
		payload: reader.sightOf(entry.payload) === 'payload' ? entry.payload : null,
		resent: known.get(entry.id) ?? null
	}));
	if (entries.some(({ payload }) => payload !== null))
		await looks.viewed(caller, { action: 'refused.viewed', object: 'GET /api/refused', scope: reader.mends });
	const total = reader.seesAll ? kept : null;
	sendJson(response, 200, { total, entries, next: found.next } satisfies RefusedList);
}

/** The search, or a sentence on what cannot be asked. */
function readSearch(query: URLSearchParams, reader: Reader): Search | string {
	const text = query.get('q')?.trim() ?? '';
	const reason = query.get('reason') || null;
	const before = query.get('before') || null;
	const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
	if (text.length > MAX_TEXT) return `Search for at most ${MAX_TEXT} characters.`;
	if (reason !== null && !REFUSAL_CODES.some((code) => code === reason))
		return `Use one of these reasons: ${REFUSAL_CODES.join(', ')}.`;
	if (before !== null && !ENTRY_ID.test(before)) return 'Use the `next` of an earlier answer as `before`.';
	if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) return `Use a limit from 1 to ${MAX_LIMIT}.`;
	return { text, reader, reason, before, limit };
}

/** `{ id, event }` → 202 with what it was sent as. */
async function takeBack(
	options: RefusedOptions & ResendOptions,
	{ request, response, caller }: Asked & { request: IncomingMessage }
): Promise<void> {
	const { places, audit } = options;
	const body = await readBody(request, MAX_BODY_BYTES);
	if (body === null) {
		response.setHeader('connection', 'close');
		return sendProblem(response, 413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
	}
	const asked = readResend(body);
	if (!asked) {
		const message = 'Send JSON: { "id": id of the refused entry, "event": the mended CloudEvent as an object }.';
		return sendProblem(response, 400, 'bad_body', message);
	}
	const verdictIn = (scope: Scope) => verdictOf(caller, { object: 'intake', right: 'write', scope }, places);
	const result = await resendRefused(options, asked.id, asked.event, (scope) => verdictIn(scope).isAllowed);
	const actor = actorOf(caller);
	if (result.kind === 'outside') {
		const scope = formatScope(result.scope);
		audit.refused({ actor, action: 'door.refused', object: RESEND, scope, detail: { code: 'out_of_scope' } });
		const { status, code, message } = refusal('out_of_scope');
		return sendProblem(response, status, code, message);
	}
	if (result.kind === 'sent') {
		const scope = formatScope(scopeOfEvent(asked.event, places));
		const detail = { id: asked.id, stream: result.resent.stream, entry: result.resent.entry };
		await audit.record({ actor, action: 'event.resent', object: `refused:${asked.id}`, scope, result: 'ok', detail });
	}
	sendResult(response, asked.id, result);
}

function readResend(body: string): { id: string; event: object } | null {
	try {
		const { id, event } = JSON.parse(body) as { id?: unknown; event?: unknown };
		const isEvent = typeof event === 'object' && event !== null;
		return typeof id === 'string' && ENTRY_ID.test(id) && isEvent ? { id, event } : null;
	} catch {
		// Not JSON, or null: the answer says what to send.
		return null;
	}
}

function sendResult(response: ServerResponse, id: string, result: Exclude<ResendResult, { kind: 'outside' }>): void {
	switch (result.kind) {
		case 'sent':
			return sendJson(response, 202, { id, resent: result.resent });
		case 'already': {
			const message = 'This entry was sent again before. Look at what became of it; it is not sent twice.';
			return sendJson(response, 409, { code: 'already_resent', message, id, resent: result.resent });
		}
		case 'refused':
			return sendJson(response, 400, { ...result.refusal, id });
		case 'unknown':
			return sendProblem(response, 404, 'unknown_entry', 'No refused entry has this id; it may be too old to be kept.');
	}
}
