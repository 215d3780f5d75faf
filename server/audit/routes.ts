/**
 * The doors of the audit: search it, take it away, check its chain. Each of them is recorded before it answers: who looks
 * over others is looked over too [AU7].
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { dateText } from '#domain/shanghai.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import { ableAnywhere } from '#server/access/rule.ts';
import { readBody } from '#server/http/body.ts';
import { sendJson, sendProblem, type Routes } from '#server/http/route.ts';
import { auditHead, searchAudit } from '#server/store/audit-store.ts';
import type { Database } from '#server/store/query.ts';
import type { AuditHead, AuditRecord } from './chain.ts';
import {
	EXPORT_FORMATS,
	EXPORT_TYPES,
	exportPiece,
	type ExportFormat,
	type ExportPosition,
	type Taken
} from './export-file.ts';
import { filterDetail, readFilter } from './filter.ts';
import { headText, readHead, verifyAudit } from './verify.ts';

export interface AuditRoutesOptions {
	readonly db: Database;
	readonly audit: Audit;
	/** ms since 1970 */
	readonly now: () => number;
}

/** What `GET /api/audit` answers. */
export interface AuditList {
	/** newest first */
	readonly records: readonly AuditRecord[];
	/** `before` of the next request, also when this one found nothing in its part; null = there is nothing older */
	readonly next: number | null;
	/** the end of the chain: its number is how many records there are */
	readonly head: AuditHead;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_BODY_BYTES = 4096;
const RETRY_SECONDS = 5;
/** The audit is not cut by scope: who may read it reads it for the city. */
const SCOPE = 'city';

export function auditRoutes(options: AuditRoutesOptions): Routes {
	const check = checker(options);
	return new Map([
		[
			'GET /api/audit',
			{
				rule: ableAnywhere('audit', 'read'),
				answer: (_, response, url, caller) => sendList(options, response, url.searchParams, caller)
			}
		],
		[
			'GET /api/audit/export',
			{
				rule: ableAnywhere('audit', 'write'),
				answer: (_, response, url, caller) => sendExport(options, response, url.searchParams, caller)
			}
		],
		[
			'POST /api/audit/verify',
			{
				rule: ableAnywhere('audit', 'read'),
				async answer(request, response, _, caller) {
					const expect = readExpected(await readBody(request, MAX_BODY_BYTES));
					await (expect === undefined ? sendBadBody(response) : check(response, expect, caller));
				}
			}
		]
	]);
}

async function sendList(
	{ db, audit }: AuditRoutesOptions,
	response: ServerResponse,
	query: URLSearchParams,
	caller: Caller
): Promise<void> {
	const read = readFilter(query);
	if (!read.ok) return sendProblem(response, 400, 'bad_query', read.message);
	const limit = Number(query.get('limit') || DEFAULT_LIMIT);
	const before = query.get('before') ? Number(query.get('before')) : null;
	if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
		return sendProblem(response, 400, 'bad_query', `Use a limit from 1 to ${MAX_LIMIT}.`);
	if (before !== null && (!Number.isSafeInteger(before) || before < 1))
		return sendProblem(response, 400, 'bad_query', 'Use the `next` of an earlier answer as `before`.');
	const found = await searchAudit(db, read.filter, { before, limit });
	const head = await auditHead(db);
	const detail = { ...filterDetail(read.filter), ...(before !== null && { before }), found: found.records.length };
	await audit.record({ actor: actorOf(caller), action: 'audit.searched', object: 'audit', result: 'ok', detail });
	sendJson(response, 200, { ...found, head } satisfies AuditList);
}

async function sendExport(
	{ db, audit, now }: AuditRoutesOptions,
	response: ServerResponse,
	query: URLSearchParams,
	caller: Caller
): Promise<void> {
	const read = readFilter(query);
	const format = EXPORT_FORMATS.find((known) => known === (query.get('format') ?? 'csv'));
	if (!read.ok) return sendProblem(response, 400, 'bad_query', read.message);
	if (!format) return sendProblem(response, 400, 'bad_query', `Use format= one of ${EXPORT_FORMATS.join(', ')}.`);
	const at = now();
	const head = await auditHead(db);
	const detail = { format, ...filterDetail(read.filter), upTo: head.seq };
	const entry = { actor: actorOf(caller), action: 'audit.exported', object: 'audit', scope: SCOPE, detail };
	await audit.record({ ...entry, result: 'ok' });
	response.writeHead(200, {
		'content-type': EXPORT_TYPES[format],
		'content-disposition': `attachment; filename="audit-${dateText(at)}.${format}"`,
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff'
	});
	const taken: Taken = { by: nameOf(caller), at, scope: SCOPE, filter: read.filter, head };
	await stream(db, format, taken, response);
}

async function stream(db: Database, format: ExportFormat, taken: Taken, response: ServerResponse): Promise<void> {
	let position: ExportPosition | null = { after: 0, count: 0 };
	// Whoever has gone takes nothing more; the record of the export stays.
	while (position && !response.destroyed) {
		const { text, next } = await exportPiece(db, format, taken, position);
		position = next;
		if (!response.write(text)) await drained(response);
	}
	response.end();
}

/** Until there is room again, or nobody there any more. */
async function drained(response: ServerResponse): Promise<void> {
	if (response.destroyed) return;
	const over = new AbortController();
	try {
		await Promise.race(['drain', 'close'].map((name) => once(response, name, { signal: over.signal })));
	} finally {
		over.abort();
	}
}

const nameOf = (caller: Caller): string =>
	caller.kind === 'person' ? `${caller.displayName} (${caller.userName})` : caller.kind;

/** One walk at a time in a process: each reads every record. */
function checker({ db, audit }: AuditRoutesOptions) {
	let isWalking = false;
	return async (response: ServerResponse, expect: AuditHead | null, caller: Caller): Promise<void> => {
		if (isWalking) {
			response.setHeader('retry-after', RETRY_SECONDS);
			return sendProblem(response, 503, 'busy', 'The chain is being checked already. Wait a moment, then try again.');
		}
		isWalking = true;
		try {
			const report = await verifyAudit(db, expect);
			const { ok, records, head, found } = report;
			const detail = { records, head: headText(head), problems: found, ...(expect && { expected: headText(expect) }) };
			const entry = { actor: actorOf(caller), action: 'audit.verified', object: 'audit', detail };
			await audit.record({ ...entry, result: ok ? 'ok' : 'failed' }).catch((error: Error) => {
				// A chain without its head takes no record; who looks for the damage must still be told.
				if (ok) throw error;
			});
			sendJson(response, 200, report);
		} finally {
			isWalking = false;
		}
	};
}

/** The head that was written down; null = none was sent; undefined = not to be read. */
function readExpected(body: string | null): AuditHead | null | undefined {
	if (body === null) return undefined;
	if (body.trim() === '') return null;
	try {
		const { expect } = JSON.parse(body) as { expect?: unknown };
		if (expect === undefined || expect === null || expect === '') return null;
		return typeof expect === 'string' ? (readHead(expect) ?? undefined) : undefined;
	} catch {
		// Not JSON, or null: the answer says what to send.
		return undefined;
	}
}

async function sendBadBody(response: ServerResponse): Promise<void> {
	const message = 'Send nothing, or JSON: { "expect": "SEQ:HASH" } with a head as it was written down.';
	sendProblem(response, 400, 'bad_body', message);
}
