/** Asks the doors of people: an answer or a problem with its code, never an exception. */
import type { FieldCode } from '#server/accounts/shapes.ts';

/** What a door answered instead of what was asked. */
export interface DoorProblem {
	/** 0 = the server was not reached */
	readonly status: number;
	readonly code: string;
	/** in the server's words; empty where it had none */
	readonly message: string;
	/** what is wrong beside which field of the form */
	readonly fields: Readonly<Record<string, FieldCode>>;
	/** until the next try is taken; null = at once */
	readonly retryAfterSeconds: number | null;
}

export type Answer<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: DoorProblem };

const TIMEOUT_MS = 20_000;

/** A GET without `body`, a POST of JSON with one. */
export async function ask<T>(url: string, body?: object): Promise<Answer<T>> {
	const sent = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
	try {
		const response = await fetch(url, { ...sent, signal: AbortSignal.timeout(TIMEOUT_MS) });
		return answerOf<T>(response, await response.text());
	} catch (cause) {
		const message = cause instanceof Error ? cause.message : '';
		return { ok: false, problem: { status: 0, code: 'unreachable', message, fields: {}, retryAfterSeconds: null } };
	}
}

function answerOf<T>({ ok, status }: Response, text: string): Answer<T> {
	const value = parsed(text);
	if (ok && value !== null) return { ok: true, value: value as T };
	const {
		code = 'unknown',
		message = '',
		fields = {},
		retryAfterSeconds = null
	} = (value ?? {}) as Partial<DoorProblem>;
	return { ok: false, problem: { status, code, message, fields, retryAfterSeconds } };
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
