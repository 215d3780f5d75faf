/** A refused payload in a line and as a text that people can mend. Pure; payloads may be anything. */

const HEAD_LENGTH = 80;

/** `type · subject` of an event; of anything else its beginning. */
export function headOf(payload: string): string {
	const event = objectOf(payload);
	const { type, subject } = (event ?? {}) as { type?: unknown; subject?: unknown };
	const said = [type, subject].filter((part) => typeof part === 'string' && part !== '');
	const text = said.length > 0 ? said.join(' · ') : payload;
	return text.length > HEAD_LENGTH ? `${text.slice(0, HEAD_LENGTH)}…` : text;
}

/** With line breaks and indents; as it came where it is no JSON. */
export function prettyPayload(payload: string): string {
	try {
		return JSON.stringify(JSON.parse(payload), null, 2);
	} catch {
		// What is broken is mended as it came.
		return payload;
	}
}

export type Mended =
	| { readonly ok: true; readonly event: object }
	/** `reason` in the browser's words; null = it is JSON, but no object */
	| { readonly ok: false; readonly reason: string | null };

export function readMended(text: string): Mended {
	try {
		const value: unknown = JSON.parse(text);
		const isEvent = typeof value === 'object' && value !== null && !Array.isArray(value);
		return isEvent ? { ok: true, event: value } : { ok: false, reason: null };
	} catch (cause) {
		return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) };
	}
}

function objectOf(text: string): object | null {
	const read = readMended(text);
	return read.ok ? read.event : null;
}
