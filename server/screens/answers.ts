/** What the doors of screens read and answer in more than one place. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '#server/http/body.ts';
import { sendJson, sendProblem } from '#server/http/route.ts';
import type { FieldProblems } from './screen-form.ts';

const MAX_BODY_BYTES = 16 * 1024;

/** An object of JSON; null = the body is none, or too large. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | null> {
	const text = await readBody(request, MAX_BODY_BYTES);
	if (text === null) return null;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
	} catch {
		// No JSON at all: refused like any other body that is not what was asked for.
		return null;
	}
}

export const sendBadBody = (response: ServerResponse): void =>
	sendProblem(response, 400, 'bad_body', 'Send a JSON object of up to 16 KiB.');

export const sendGone = (response: ServerResponse): void =>
	sendProblem(response, 404, 'unknown_screen', 'There is no such screen, or it was revoked. Load the list anew.');

export function sendFields(response: ServerResponse, fields: FieldProblems, more: Record<string, unknown> = {}): void {
	const message = 'Some fields are not right: see `fields`, correct them and send it again.';
	sendJson(response, 422, { code: 'bad_fields', message, fields, ...more });
}
