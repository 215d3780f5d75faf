/** Asks the server's doors: an answer or a problem with its code, never an exception. */
import type { Answer, DoorProblem } from '#lib/panel/imports/problem-text.ts';

/** A path with its query. */
export const withQuery = (path: string, query: Readonly<Record<string, string>>): string =>
	`${path}?${new URLSearchParams(query)}`;

/** A GET without `body`, a POST of JSON with one. An abort by `signal` is the code `cancelled`. */
export async function ask<T>(url: string, body?: object, signal?: AbortSignal): Promise<Answer<T>> {
	const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	try {
		const response = await fetch(url, { ...sent, ...(signal && { signal }) });
		return answerOf<T>(response.status, await response.text());
	} catch (cause) {
		return { ok: false, problem: unreachable(signal?.aborted ? 'cancelled' : 'unreachable', cause) };
	}
}

/** Sends a file as it is; `fetch` cannot tell how far it has come. `onprogress`: 0 … 1. */
export function upload<T>(
	url: string,
	file: File,
	onprogress: (part: number) => void,
	signal: AbortSignal
): Promise<Answer<T>> {
	return new Promise((settle) => {
		const request = new XMLHttpRequest();
		const fail = (code: string): void => settle({ ok: false, problem: unreachable(code, null) });
		request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? loaded / total : 0);
		request.onload = () => settle(answerOf<T>(request.status, request.responseText));
		request.onerror = () => fail('unreachable');
		request.onabort = () => fail('cancelled');
		signal.addEventListener('abort', () => request.abort(), { once: true });
		request.open('POST', url);
		request.send(file);
	});
}

function answerOf<T>(status: number, text: string): Answer<T> {
	const value = parsed(text);
	if (status >= 200 && status < 300 && value !== null) return { ok: true, value: value as T };
	const said = (value ?? {}) as Partial<DoorProblem>;
	return { ok: false, problem: { ...said, status, code: said.code ?? 'unknown', message: said.message ?? '' } };
}

function parsed(text: string): object | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' ? value : null;
	} catch {
		// A proxy's page, or nothing: the status says what there is to say.
		return null;
	}
}

const unreachable = (code: string, cause: unknown): DoorProblem => ({
	status: 0,
	code,
	message: cause instanceof Error ? cause.message : ''
});
