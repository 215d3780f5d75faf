/** Asks the doors of screens for a page that people sit before: done, or why not, never an exception. */
import type { ScreenProblem } from '#lib/panel/screens/screen-words.ts';

const TIMEOUT_MS = 15_000;

/** Null = done. */
export async function askScreens(action: 'pair' | 'change' | 'revoke', body: object): Promise<ScreenProblem | null> {
	try {
		const response = await fetch(`/api/screens/${action}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(TIMEOUT_MS)
		});
		if (response.ok) return null;
		const { code = String(response.status), message = '', fields = {}, address = null } = await problemOf(response);
		return { code, message, fields, address };
	} catch (cause) {
		const message = cause instanceof Error ? cause.message : String(cause);
		return { code: 'unreachable', message, fields: {}, address: null };
	}
}

async function problemOf(response: Response): Promise<Partial<ScreenProblem>> {
	try {
		return (await response.json()) as Partial<ScreenProblem>;
	} catch {
		// A proxy's page, or nothing: the status says what there is to say.
		return {};
	}
}
