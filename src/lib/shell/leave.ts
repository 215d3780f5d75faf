/** Signing out: the session ends on the server, and the page is left for good, with all that it showed. */
import { resolve } from '$app/paths';
import { ask } from '#lib/panel/account/door.ts';

/** `why`: what the sign-in page says. `comesBack`: after signing in again one stands here. */
export async function leave(why: 'signed_out' | 'idle' | 'expired', comesBack: boolean): Promise<void> {
	// A server that is away has nothing to show either: the page is left in any case.
	await ask('/api/session/end', {});
	const query = new URLSearchParams({ ...(comesBack && { next: `${location.pathname}${location.search}` }), why });
	location.assign(`${resolve('/sign-in')}?${query}`);
}
