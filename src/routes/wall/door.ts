/** Asks a door of this server on behalf of a page that nobody looks after: every way to fail is an answer. */

/**
 * away: nobody answers · between: somebody else does (a proxy that leads to its own sign-in) · busy: too many wait ·
 * failed: the server says that it could not
 */
export type DoorTrouble = 'away' | 'between' | 'busy' | 'failed';
export type DoorAnswer<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: DoorTrouble };

const TIMEOUT_MS = 10_000;

export async function askDoor<T>(path: string, method: 'GET' | 'POST' = 'GET'): Promise<DoorAnswer<T>> {
	try {
		// A redirect is never ours: followed, it would end in a page of somebody else.
		const response = await fetch(path, {
			method,
			redirect: 'manual',
			cache: 'no-store',
			signal: AbortSignal.timeout(TIMEOUT_MS)
		});
		const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
		if (!isJson) return { ok: false, trouble: response.status >= 500 ? 'away' : 'between' };
		if (response.ok) return { ok: true, value: (await response.json()) as T };
		return { ok: false, trouble: response.status === 429 ? 'busy' : 'failed' };
	} catch {
		// No line, no answer in time, or one that broke off.
		return { ok: false, trouble: 'away' };
	}
}
