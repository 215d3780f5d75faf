/** What a door of the HTTP server is: an exact path, a handler, and a way to answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** `url` has the query; the path is the one the route was registered for. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** By method and path, such as `GET /api/state`. */
export type Routes = ReadonlyMap<string, Route>;

/** Answers with JSON that nobody keeps. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff'
	});
	response.end(JSON.stringify(body));
}

/** A refusal: a code for programs, a sentence that says what to do for people. */
export function sendProblem(response: ServerResponse, status: number, code: string, message: string): void {
	sendJson(response, status, { code, message });
}
