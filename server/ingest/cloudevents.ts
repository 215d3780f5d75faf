/**
 * CloudEvents 1.0 over HTTP: structured, batch and binary mode, to plain JSON values. What the values mean is checked
 * afterwards, one by one (`server/stream/parse.ts`).
 */
import type { IncomingHttpHeaders } from 'node:http';
import { jsonProblem } from '#server/stream/json-problem.ts';

export type Decoded =
	| { readonly ok: true; readonly events: readonly unknown[]; readonly isSingle: boolean }
	| { readonly ok: false; readonly status: 400 | 415; readonly code: string; readonly message: string };

export const MAX_BATCH = 1000;

export function decodeCloudEvents(headers: IncomingHttpHeaders, body: string): Decoded {
	const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	if (headers['ce-specversion'] !== undefined) return decodeBinary(headers, body);
	if (mediaType === 'application/cloudevents+json') return decodeJson(body, true, (value) => [value]);
	if (mediaType === 'application/cloudevents-batch+json') return decodeJson(body, false, batchOf);
	return {
		ok: false,
		status: 415,
		code: 'unsupported_media_type',
		message:
			'Send application/cloudevents+json, application/cloudevents-batch+json, or the binary mode with ce- headers.'
	};
}

function decodeJson(body: string, isSingle: boolean, read: (value: unknown) => readonly unknown[] | null): Decoded {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch (error) {
		return {
			ok: false,
			status: 400,
			code: 'malformed_json',
			message: `The body is not JSON: ${jsonProblem(error)}.`
		};
	}
	const events = read(value);
	if (events) return { ok: true, events, isSingle };
	return {
		ok: false,
		status: 400,
		code: 'bad_batch',
		message: `A batch is a JSON array of at most ${MAX_BATCH} events.`
	};
}

const batchOf = (value: unknown): readonly unknown[] | null =>
	Array.isArray(value) && value.length <= MAX_BATCH ? value : null;

/** Attributes in `ce-` headers (percent-encoded where not ASCII), the body as `data`. */
function decodeBinary(headers: IncomingHttpHeaders, body: string): Decoded {
	const event: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (name.startsWith('ce-') && typeof value === 'string') event[name.slice(3)] = decodeHeader(value);
	}
	return decodeJson(body === '' ? '{}' : body, true, (data) => [{ ...event, data }]);
}

function decodeHeader(value: string): string {
	try {
		return decodeURIComponent(value);
	} catch {
		// Not percent-encoded after all: the bytes stand for themselves.
		return value;
	}
}
