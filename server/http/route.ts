/** What a door of the HTTP server is: an exact path, a rule on who may pass, a handler, and a way to answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '#server/access/caller.ts';
import type { DoorRule } from '#server/access/rule.ts';

/** `url` has the query; the path is the one the route was registered for. The caller has passed the door's rule. */
export type Route = (
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	caller: Caller
) => Promise<void> | void;

export interface Door {
	readonly rule: DoorRule;
	readonly answer: Route;
}

/** By method and path, such as `GET /api/state`. */
export type Routes = ReadonlyMap<string, Door>;

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
