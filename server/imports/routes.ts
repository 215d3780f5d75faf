/** The doors of the import desk: for who may write stations. */
import type { ServerResponse } from 'node:http';
import { must } from '#domain/must.ts';
import { DATUMS, type Datum } from '#domain/site.ts';
import { ableAnywhere } from '#server/access/rule.ts';
import { sendJson, type Door, type Route, type Routes } from '#server/http/route.ts';
import { headerOf, IMPORT_COLUMNS, type Column } from '#server/registry/columns.ts';
import { RegistryMoved, type ImportRecord } from '#server/store/import-store.ts';
import type { UndoResult } from '#server/store/undo-store.ts';
import type { Desk, SessionView } from './desk.ts';
import { ImportProblem } from './problem.ts';
import { PAGE_KINDS, type Mapping } from './protocol.ts';
import { plainFileName, readJsonBody, saveBody } from './upload.ts';

export interface ImportRoutesOptions {
	readonly desk: Desk;
	readonly list: (limit: number) => Promise<readonly ImportRecord[]>;
	readonly undo: (importId: number) => Promise<UndoResult>;
	readonly onRegistryChanged: () => Promise<void>;
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

export function importRoutes(options: ImportRoutesOptions): Routes {
	const { desk } = options;
	const rule = ableAnywhere('station', 'write');
	const door = (route: Route): Door => ({ rule, answer: answering(route) });
	return new Map([
		[
			'POST /api/imports',
			door(async (request, response, url) => {
				const fileName = plainFileName(url.searchParams.get('name'));
				const view = await desk.open(fileName, (path) => saveBody(request, path));
				sendJson(response, view.state === 'ready' ? 201 : 202, described(view));
			})
		],
		[
			'GET /api/imports',
			door(async (_, response, url) => {
				const limit = numberOf(url, 'limit', MAX_LISTED, MAX_LISTED);
				sendJson(response, 200, { imports: await options.list(limit) });
			})
		],
		['GET /api/imports/session', door((_, response, url) => sendJson(response, 200, described(desk.view(idOf(url)))))],
		[
			'POST /api/imports/sheet',
			door(async (request, response) => {
				const body = await readJsonBody(request);
				sendJson(response, 200, described(await desk.chooseSheet(text(body, 'id'), text(body, 'sheet'))));
			})
		],
		[
			'POST /api/imports/placement',
			door(async (request, response) => {
				const body = await readJsonBody(request);
				sendJson(response, 200, await desk.place(text(body, 'id'), mappingOf(body)));
			})
		],
		[
			'POST /api/imports/preview',
			door(async (request, response) => {
				const body = await readJsonBody(request);
				const id = text(body, 'id');
				const sheet = body['sheet'] === undefined || body['sheet'] === null ? undefined : text(body, 'sheet');
				const input = { mapping: mappingOf(body), datum: datumOf(body), sheet };
				sendJson(response, 200, { id, ...(await desk.preview(id, input)) });
			})
		],
		['GET /api/imports/rows', door((_, response, url) => sendRows(desk, response, url))],
		['GET /api/imports/errors', door((_, response, url) => sendErrorList(desk, response, url))],
		[
			'POST /api/imports/apply',
			door(async (request, response) => {
				const body = await readJsonBody(request);
				sendJson(response, 200, await desk.apply(text(body, 'id'), text(body, 'previewRevision')));
			})
		],
		[
			'POST /api/imports/discard',
			door(async (request, response) => {
				await desk.discard(text(await readJsonBody(request), 'id'));
				sendJson(response, 200, { discarded: true });
			})
		],
		[
			'POST /api/imports/undo',
			door(async (request, response) => sendUndo(options, await readJsonBody(request), response))
		]
	]);
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

async function sendRows(desk: Desk, response: ServerResponse, url: URL): Promise<void> {
	const kind = PAGE_KINDS.find((one) => one === url.searchParams.get('kind'));
	if (kind === undefined) throw badQuery(`Use kind= one of ${PAGE_KINDS.join(', ')}.`);
	const after = numberOf(url, 'after', 0, Number.MAX_SAFE_INTEGER);
	const limit = Math.max(1, numberOf(url, 'limit', DEFAULT_PAGE, MAX_PAGE));
	sendJson(response, 200, { kind, ...(await desk.page(idOf(url), kind, after, limit)) });
}

async function sendErrorList(desk: Desk, response: ServerResponse, url: URL): Promise<void> {
	const id = idOf(url);
	const list = await desk.errorList(id);
	const name = `${desk.view(id).fileName.replace(/\.[^.]*$/, '')}-问题.csv`;
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
	changed_since: [409, 'Sites of this import were changed since. Undo the later import first.']
} as const;

async function sendUndo(
	{ undo, onRegistryChanged }: ImportRoutesOptions,
	body: Readonly<Record<string, unknown>>,
	response: ServerResponse
): Promise<void> {
	const { importId } = body;
	if (typeof importId !== 'number' || !Number.isInteger(importId) || importId < 1 || importId > 2 ** 31 - 1)
		throw badQuery('Use importId: the number of an import.');
	const result = await undo(importId);
	if (!result.ok) {
		const [status, message] = UNDO_REFUSALS[result.code];
		throw new ImportProblem(status, result.code, message, { sites: result.blocks });
	}
	await onRegistryChanged();
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
