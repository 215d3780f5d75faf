/**
 * The doors that programs use; everything else is a page. One request, one caller, one rule, one answer: a request that
 * may not pass is refused here, and audited, before any handler sees it.
 */
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { decide } from '#domain/permission.ts';
import { parseScope } from '#domain/scope.ts';
import { SITE_KINDS, type SiteKind } from '#domain/site.ts';
import { stateView } from '#domain/view.ts';
import type { Access } from '#server/access/access.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import type { Client } from '#server/access/client-address.ts';
import { isLoopback, isOwnPage } from '#server/access/origin.ts';
import { ableInScope, everyone, judge, refusal } from '#server/access/rule.ts';
import type { Hub } from '#server/hub/hub.ts';
import type { EventDoor } from '#server/ingest/event-door.ts';
import { readyForPages } from './page-address.ts';
import { readinessProblems, type ReadinessChecks } from './readiness.ts';
import { sendJson, sendProblem, type Door, type Routes } from './route.ts';

export interface AppOptions extends ReadinessChecks {
	readonly hub: Hub;
	readonly door: EventDoor;
	readonly metrics: Registry;
	readonly build: string;
	readonly now: () => number;
	readonly pages: RequestListener;
	readonly access: Access;
	readonly audit: Audit;
	/** ORIGIN: the address that browsers use; null = the one that a request names */
	readonly origin: string | null;
	/** doors of other rooms */
	readonly routes: Routes;
	readonly onError: (error: Error) => void;
}

/** What answers every request, and the table of doors that it knows. */
export interface App {
	readonly answer: RequestListener;
	readonly doors: Routes;
}

export function createApp(options: AppOptions): App {
	const routes = doorsOf(options);
	const answer: RequestListener = (request, response) => {
		const url = pathOf(request.url ?? '/');
		if (!url) return sendJson(response, 400, { code: 'bad_query', message: 'The path of the request is no path.' });
		const name = `${request.method === 'HEAD' ? 'GET' : request.method} ${url.pathname}`;
		const door = routes.get(name);
		if (!door) {
			if (isDoor(routes, url.pathname)) return sendWrongMethod(routes, response, url.pathname);
			return showPage(options, request, response);
		}
		enter(options, { name, door, request, response, url }).catch((error: Error) => {
			options.onError(error);
			if (response.headersSent) response.destroy();
			else
				sendJson(response, 500, { code: 'internal', message: 'Something failed here. It is in the log; try again.' });
		});
	};
	return { answer, doors: routes };
}

function showPage({ access, pages }: AppOptions, request: IncomingMessage, response: ServerResponse): void {
	if (readyForPages(request, response, access.clientOf(request))) return pages(request, response);
	sendProblem(response, 400, 'bad_host', 'The request names no host that a page could be of.');
}

/** Every door of the product, the ones of this file first: the table that the permission test walks over. */
function doorsOf(options: AppOptions): Map<string, Door> {
	const watch = everyone('a watcher of the process has no account, and learns nothing of the city');
	return new Map<string, Door>([
		['GET /healthz', { rule: watch, answer: (_, response) => sendHealth(options, response) }],
		['GET /readyz', { rule: watch, answer: (_, response) => sendReadiness(options, response) }],
		[
			'GET /metrics',
			{
				rule: everyone('asked by Prometheus on the machine itself; from elsewhere the handler refuses'),
				answer: (request, response, _, caller) => sendMetrics(options, request, response, caller)
			}
		],
		[
			'GET /api/state',
			{
				rule: ableInScope('figures', 'see'),
				answer: (_, response, url, caller) => sendState(options, response, url, caller)
			}
		],
		[
			'POST /api/events',
			{
				rule: everyone('a source shows its key, which the door checks'),
				answer: (request, response) => sendIngest(options, request, response)
			}
		],
		...options.routes
	]);
}

interface Entering {
	/** method and path */
	readonly name: string;
	readonly door: Door;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly url: URL;
}

async function enter({ access, audit, origin }: AppOptions, entering: Entering): Promise<void> {
	const { name, door, request, response, url } = entering;
	const caller = await access.callerOf(request);
	const scope = url.searchParams.get('scope');
	const verdict = isForeign(request, origin, access.clientOf(request))
		? FOREIGN
		: judge(door.rule, caller, scope, access.places);
	if (verdict.isAllowed) {
		// The rule looked at the first: a second one would be another question.
		if (url.searchParams.getAll('scope').length > 1) return sendProblem(response, 400, 'bad_query', 'Say one scope.');
		if (request.method !== 'GET' && request.method !== 'HEAD') access.moved(caller);
		return door.answer(request, response, url, caller);
	}
	const { status, code, message } = verdict;
	audit.refused({ actor: actorOf(caller), action: 'door.refused', object: name, scope, detail: { code } });
	// What a refused sender still has to say is not read.
	if (request.method !== 'GET' && request.method !== 'HEAD') response.setHeader('connection', 'close');
	sendProblem(response, status, code, message);
}

const FOREIGN = {
	isAllowed: false,
	status: 403,
	code: 'origin_not_allowed',
	message: 'The request comes from a page of another address. Open the page of this server itself.'
} as const;

/** Shows a key or a token, and has no cookie that a page could misuse. */
const isProgram = ({ authorization, cookie }: IncomingHttpHeaders): boolean =>
	/^Bearer \S/.test(authorization ?? '') && cookie === undefined;

/** Something that changes, asked by a page that is not ours. Who shows a key in a header is a program. */
function isForeign({ method, headers }: IncomingMessage, origin: string | null, client: Client): boolean {
	if (method === 'GET' || method === 'HEAD' || isProgram(headers)) return false;
	return !isOwnPage(headers, origin, client);
}

/**
 * null for what is no path: `//` is one to HTTP and none to URL, and whatever becomes `//host` once it is read (`/.//host`,
 * `/\\host`, a whole address) would be another place in a redirect of a page.
 */
function pathOf(target: string): URL | null {
	const url = target.startsWith('//') ? null : URL.parse(target, OWN);
	return url?.origin === OWN && !url.pathname.startsWith('//') ? url : null;
}

/** Only the path and the query of a request are read; its host is not asked. */
const OWN = 'http://localhost';

const isDoor = (routes: ReadonlyMap<string, Door>, path: string): boolean =>
	['GET', 'POST'].some((method) => routes.has(`${method} ${path}`));

function sendWrongMethod(routes: ReadonlyMap<string, Door>, response: ServerResponse, path: string): void {
	const allowed = ['GET', 'POST'].filter((method) => routes.has(`${method} ${path}`)).join(', ');
	response.setHeader('allow', allowed);
	sendJson(response, 405, { code: 'method_not_allowed', message: `Use ${allowed} here.` });
}

function sendHealth({ build }: AppOptions, response: ServerResponse): void {
	sendJson(response, 200, { status: 'ok', build, uptimeSeconds: Math.round(process.uptime()) });
}

async function sendReadiness(options: AppOptions, response: ServerResponse): Promise<void> {
	const reasons = await readinessProblems(options);
	sendJson(response, reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
}

/** Loads and counts help an attacker too: for the machine itself, and for who looks after the system. */
async function sendMetrics(
	{ metrics, access }: AppOptions,
	request: IncomingMessage,
	response: ServerResponse,
	caller: Caller
): Promise<void> {
	const isHere = isLoopback(caller.address) && request.headers['x-forwarded-for'] === undefined;
	if (!isHere && !decide(caller.grants, { object: 'source', right: 'read', scope: null }, access.places).isAllowed) {
		const { status, code, message } = refusal(caller.kind === 'nobody' ? 'sign_in_needed' : 'no_right');
		return sendProblem(response, status, code, message);
	}
	const text = await metrics.metrics();
	response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
	response.end(text);
}

/** `?scope=` city (when absent), district:CODE, street:CODE, station:CODE · `?kind=` service_station (when absent), another kind, all */
function sendState({ hub, now, access }: AppOptions, response: ServerResponse, url: URL, caller: Caller): void {
	const scope = parseScope(url.searchParams.get('scope') ?? 'city');
	const kind = parseKind(url.searchParams.get('kind'), scope?.level === 'station');
	if (!scope || kind === undefined) {
		const message = `Use scope=city, district:CODE, street:CODE or station:CODE, and kind=all or one of ${SITE_KINDS.join(', ')}.`;
		return sendJson(response, 400, { code: 'bad_query', message });
	}
	const state = stateView(hub.board.view(), scope, kind, now());
	if (state.stations.length === 0 && scope.level !== 'city') {
		return sendJson(response, 404, { code: 'unknown_scope', message: 'Nothing of the registry lies in this scope.' });
	}
	const topic = hub.board.topic(state.scope) ?? hub.board.topic('city');
	// Who sees sums alone gets no records of stations [PE3].
	const isReader = decide(caller.grants, { object: 'figures', right: 'read', scope }, access.places).isAllowed;
	const stations = isReader ? state.stations : [];
	sendJson(response, 200, { ...state, stations, epoch: topic?.epoch ?? '', seq: topic?.seq ?? 0 });
}

/** null = all kinds; undefined = no kind of ours. A station asked for by its code is shown whatever its kind. */
function parseKind(text: string | null, isStation: boolean): SiteKind | null | undefined {
	if (text === 'all' || (text === null && isStation)) return null;
	return SITE_KINDS.find((kind) => kind === (text ?? 'service_station'));
}

async function sendIngest({ door }: AppOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { status, body, headers = {} } = await door.answer(request);
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	if (status === 413) response.setHeader('connection', 'close');
	sendJson(response, status, body);
}
