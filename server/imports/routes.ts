/** The doors of the import desk: for who may write stations. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { must } from '#domain/must.ts';
import { DATUMS, type Datum } from '#domain/site.ts';
import type { Places } from '#domain/scope.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import { ableAnywhere } from '#server/access/rule.ts';
import { sendJson, type Door, type Route, type Routes } from '#server/http/route.ts';
import { headerOf, IMPORT_COLUMNS, type Column } from '#server/registry/columns.ts';
import { RegistryMoved, type ImportRecord } from '#server/store/import-store.ts';
import type { UndoResult } from '#server/store/undo-store.ts';
import type { Desk, Seat, SessionView } from './desk.ts';
import { ImportProblem } from './problem.ts';
import { PAGE_KINDS, type Mapping } from './protocol.ts';
import { plainFileName, readJsonBody, saveBody } from './upload.ts';
import { scopeNames, writerOf, type Writer } from './writer.ts';

export interface ImportRoutesOptions {
	readonly desk: Desk;
	readonly list: (limit: number, writer: Writer) => Promise<readonly ImportRecord[]>;
	readonly undo: (importId: number, writer: Writer) => Promise<UndoResult>;
	readonly onRegistryChanged: () => Promise<void>;
	readonly places: Places;
	readonly audit: Audit;
}

const MAX_LISTED = 200;
const MAX_PAGE = 500;
const DEFAULT_PAGE = 100;

/** What a column may be: for the person who corrects the mapping. */
const FIELDS = IMPORT_COLUMNS.map((field) => ({
	field,
	label: { zh: headerOf(field, 'zh'), en: headerOf(field, 'en') },
	isRequired: field === 'name'
}));

/** What a door of the desk is given: who works, and the desk as they see it. */
interface Working {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly url: URL;
	readonly caller: Caller;
	readonly writer: Writer;
	readonly seat: Seat;
}

export function importRoutes(options: ImportRoutesOptions): Routes {
	const rule = ableAnywhere('station', 'write');
	const door = (work: (working: Working) => Promise<void> | void): Door => ({
		rule,
		answer: answering((request, response, url, caller) => {
			const writer = writerOf(caller, options.places);
			return work({ request, response, url, caller, writer, seat: options.desk.at(writer) });
		})
	});
	return new Map([
		[
			'POST /api/imports',
			door(async ({ request, response, url, seat }) => {
				const fileName = plainFileName(url.searchParams.get('name'));
				const view = await seat.open(fileName, (path) => saveBody(request, path));
				sendJson(response, view.state === 'ready' ? 201 : 202, described(view));
			})
		],
		[
			'GET /api/imports',
			door(async ({ response, url, writer }) => {
				const limit = numberOf(url, 'limit', MAX_LISTED, MAX_LISTED);
				sendJson(response, 200, { imports: await options.list(limit, writer) });
			})
		],
		[
			'GET /api/imports/session',
			door(({ response, url, seat }) => sendJson(response, 200, described(seat.view(idOf(url)))))
		],
		[
			'POST /api/imports/sheet',
			door(async ({ request, response, seat }) => {
				const body = await readJsonBody(request);
				sendJson(response, 200, described(await seat.chooseSheet(text(body, 'id'), text(body, 'sheet'))));
			})
		],
		[
			'POST /api/imports/placement',
			door(async ({ request, response, seat }) => {
				const body = await readJsonBody(request);
				sendJson(response, 200, await seat.place(text(body, 'id'), mappingOf(body)));
			})
		],
		['POST /api/imports/preview', door((working) => sendPreview(options, working))],
		['GET /api/imports/rows', door(({ response, url, seat }) => sendRows(seat, response, url))],
		['GET /api/imports/errors', door(({ response, url, seat }) => sendErrorList(seat, response, url))],
		['POST /api/imports/apply', door((working) => sendApplied(options, working))],
		[
			'POST /api/imports/discard',
			door(async ({ request, response, seat }) => {
				await seat.discard(text(await readJsonBody(request), 'id'));
				sendJson(response, 200, { discarded: true });
			})
		],
		['POST /api/imports/undo', door((working) => sendUndo(options, working))]
	]);
}

async function sendPreview({ audit }: ImportRoutesOptions, { request, response, caller, writer, seat }: Working) {
	const body = await readJsonBody(request);
	const id = text(body, 'id');
	const sheet = body['sheet'] === undefined || body['sheet'] === null ? undefined : text(body, 'sheet');
	const preview = await seat.preview(id, { mapping: mappingOf(body), datum: datumOf(body), sheet });
	const rows = preview.errorsByCode['outside_scope'];
	if (rows !== undefined) {
		const detail = { code: 'outside_scope', rows, file: seat.view(id).fileName };
		audit.refused({ ...actOf(caller, writer), action: 'import.refused', object: `file:${id}`, detail });
	}
	sendJson(response, 200, { id, ...preview });
}

async function sendApplied({ audit }: ImportRoutesOptions, { request, response, caller, writer, seat }: Working) {
	const body = await readJsonBody(request);
	const { result, isFirst, fileName, preview } = await seat.apply(text(body, 'id'), text(body, 'previewRevision'));
	if (isFirst && result.importId !== null) {
		const { added, changed, unchanged, errors } = preview;
		const act = { ...actOf(caller, writer), action: 'import.applied', object: `import:${result.importId}` };
		await audit.record({ ...act, result: 'ok', detail: { file: fileName, added, changed, unchanged, errors } });
	}
	sendJson(response, 200, result);
}

/** Who, and where they may. */
function actOf(caller: Caller, writer: Writer) {
	return { actor: actorOf(caller), scope: scopeNames(writer) };
}

/** Refusals of the desk become answers; anything else is a bug, for the log. */
function answering(route: Route): Route {
	return async (request, response, url, caller) => {
		try {
			await route(request, response, url, caller);
		} catch (error) {
			const problem = problemOf(error);
			if (problem === null) throw error;
			// Of a body that is refused halfway the rest is not read.
			if (problem.status === 413) response.setHeader('connection', 'close');
			if (!response.destroyed)
				sendJson(response, problem.status, { code: problem.code, message: problem.message, ...problem.details });
		}
	};
}

function problemOf(error: unknown): ImportProblem | null {
	if (error instanceof ImportProblem) return error;
	if (!(error instanceof RegistryMoved)) return null;
	const message = 'The registry was changed since the preview. Look at the preview again, then apply it.';
	return new ImportProblem(409, 'registry_moved', message);
}

function described(view: SessionView) {
	return { ...view, ...view.inspection, fields: FIELDS };
}

async function sendRows(seat: Seat, response: ServerResponse, url: URL): Promise<void> {
	const kind = PAGE_KINDS.find((one) => one === url.searchParams.get('kind'));
	if (kind === undefined) throw badQuery(`Use kind= one of ${PAGE_KINDS.join(', ')}.`);
	const after = numberOf(url, 'after', 0, Number.MAX_SAFE_INTEGER);
	const limit = Math.max(1, numberOf(url, 'limit', DEFAULT_PAGE, MAX_PAGE));
	sendJson(response, 200, { kind, ...(await seat.page(idOf(url), kind, after, limit)) });
}

async function sendErrorList(seat: Seat, response: ServerResponse, url: URL): Promise<void> {
	const id = idOf(url);
	const list = await seat.errorList(id);
	const name = `${seat.view(id).fileName.replace(/\.[^.]*$/, '')}-问题.csv`;
	sendFile(response, 'text/csv; charset=utf-8', name, Buffer.from(list, 'utf8'));
}

/** As a download, never shown by the browser itself. */
export function sendFile(response: ServerResponse, type: string, name: string, bytes: Uint8Array): void {
	const plain = name.replace(/[^\w.-]+/g, '_');
	response.writeHead(200, {
		'content-type': type,
		'content-length': bytes.length,
		'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escape)}`,
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff'
	});
	response.end(bytes);
}

const escape = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

const UNDO_REFUSALS = {
	unknown_import: [404, 'There is no such import. Reload the list.'],
	not_an_import: [409, 'This is itself an undo. Import the file again instead.'],
	already_undone: [409, 'This import has been undone already.'],
	no_images: [
		409,
		'This import keeps no images of what it changed (it is older than the undo). Correct the sites by an import.'
	],
	changed_since: [409, 'Sites of this import were changed since. Undo the later import first.'],
	outside_scope: [403, 'Sites of this import lie outside the scope of your grants. Ask who answers for all of them.']
} as const;

async function sendUndo(options: ImportRoutesOptions, { request, response, caller, writer }: Working): Promise<void> {
	const { undo, audit, onRegistryChanged } = options;
	const { importId } = await readJsonBody(request);
	if (typeof importId !== 'number' || !Number.isInteger(importId) || importId < 1 || importId > 2 ** 31 - 1)
		throw badQuery('Use importId: the number of an import.');
	const act = { ...actOf(caller, writer), object: `import:${importId}` };
	const result = await undo(importId, writer);
	if (!result.ok) {
		const { code, blocks } = result;
		if (code === 'outside_scope') audit.refused({ ...act, action: 'import.refused', detail: { code } });
		const [status, message] = UNDO_REFUSALS[code];
		throw new ImportProblem(status, code, message, { sites: blocks });
	}
	await onRegistryChanged();
	const { importId: undoId, restored, deleted, closed } = result;
	const detail = { undoId, restored, deleted, closed: closed.length };
	await audit.record({ ...act, action: 'import.undone', result: 'ok', detail });
	sendJson(response, 200, result);
}

function text(body: Readonly<Record<string, unknown>>, name: string): string {
	const value = body[name];
	if (typeof value === 'string' && value.length > 0 && value.length <= 200) return value;
	throw badQuery(`Use ${name}: a text.`);
}

function idOf(url: URL): string {
	return url.searchParams.get('id') ?? '';
}

function numberOf(url: URL, name: string, fallback: number, most: number): number {
	const said = url.searchParams.get(name);
	if (said === null) return fallback;
	const value = Number(said);
	if (/^\d{1,15}$/.test(said)) return Math.min(value, most);
	throw badQuery(`Use ${name}: a whole number.`);
}

function mappingOf(body: Readonly<Record<string, unknown>>): Mapping {
	const { mapping } = body;
	if (!Array.isArray(mapping)) throw badQuery('Use mapping: one field or null for each column of the file.');
	return mapping.map((entry: unknown): Column | null => {
		if (entry === null) return null;
		const column = IMPORT_COLUMNS.find((known) => known === entry);
		if (column !== undefined) return column;
		throw new ImportProblem(
			400,
			'bad_mapping',
			`A field of the mapping is not known. Use ${IMPORT_COLUMNS.join(', ')}.`
		);
	});
}

function datumOf({ datum }: Readonly<Record<string, unknown>>): Datum | null {
	if (datum === undefined || datum === null) return null;
	return must(DATUMS.find((known) => known === datum) ?? refuseDatum(), 'unreachable');
}

function refuseDatum(): never {
	throw badQuery(`Use datum: one of ${DATUMS.join(', ')}, or null.`);
}

function badQuery(message: string): ImportProblem {
	return new ImportProblem(400, 'bad_query', message);
}
