/** The doors that programs use; everything else is a page. One request, one route, one answer. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { parseScope } from '#domain/scope.ts';
import { SITE_KINDS, type SiteKind } from '#domain/site.ts';
import { stateView } from '#domain/view.ts';
import type { Hub } from '#server/hub/hub.ts';
import type { EventDoor } from '#server/ingest/event-door.ts';
import { readinessProblems, type ReadinessChecks } from './readiness.ts';
import { sendJson, type Route, type Routes } from './route.ts';

export interface AppOptions extends ReadinessChecks {
	readonly hub: Hub;
	readonly door: EventDoor;
	readonly metrics: Registry;
	readonly build: string;
	readonly now: () => number;
	readonly pages: RequestListener;
	/** doors of other rooms */
	readonly routes: Routes;
	readonly onError: (error: Error) => void;
}

export function createApp(options: AppOptions): RequestListener {
	const routes = new Map<string, Route>([
		['GET /healthz', (_, response) => sendHealth(options, response)],
		['GET /readyz', (_, response) => sendReadiness(options, response)],
		['GET /metrics', (_, response) => sendMetrics(options, response)],
		['GET /api/state', (_, response, url) => sendState(options, response, url)],
		['POST /api/events', (request, response) => sendIngest(options, request, response)],
		...options.routes
	]);
	return (request, response) => {
		const url = pathOf(request.url ?? '/');
		if (!url) return sendJson(response, 400, { code: 'bad_query', message: 'The path of the request is no path.' });
		const method = request.method === 'HEAD' ? 'GET' : request.method;
		const route = routes.get(`${method} ${url.pathname}`);
		if (!route) {
			if (isDoor(routes, url.pathname)) return sendWrongMethod(routes, response, url.pathname);
			return options.pages(request, response);
		}
		const answered = new Promise<void>((resolve) => resolve(route(request, response, url)));
		answered.catch((error: Error) => {
			options.onError(error);
			if (response.headersSent) response.destroy();
			else
				sendJson(response, 500, { code: 'internal', message: 'Something failed here. It is in the log; try again.' });
		});
	};
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

const isDoor = (routes: ReadonlyMap<string, Route>, path: string): boolean =>
	['GET', 'POST'].some((method) => routes.has(`${method} ${path}`));

function sendWrongMethod(routes: ReadonlyMap<string, Route>, response: ServerResponse, path: string): void {
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

async function sendMetrics({ metrics }: AppOptions, response: ServerResponse): Promise<void> {
	const text = await metrics.metrics();
	response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' });
	response.end(text);
}

/** `?scope=` city (when absent), district:CODE, street:CODE, station:CODE · `?kind=` service_station (when absent), another kind, all */
function sendState({ hub, now }: AppOptions, response: ServerResponse, url: URL): void {
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
	sendJson(response, 200, { ...state, epoch: topic?.epoch ?? '', seq: topic?.seq ?? 0 });
}

/** null = all kinds; undefined = no kind of ours. A station asked for by its code is shown whatever its kind. */
function parseKind(text: string | null, isStation: boolean): SiteKind | null | undefined {
	if (text === 'all' || (text === null && isStation)) return null;
	return SITE_KINDS.find((kind) => kind === (text ?? 'service_station'));
}

async function sendIngest({ door }: AppOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { status, body } = await door.answer(request);
	if (status === 413) response.setHeader('connection', 'close');
	sendJson(response, status, body);
}
