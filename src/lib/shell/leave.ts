/** Leaving for the sign-in page: the page is left for good, with all that it showed. */
import { invalidateAll } from '$app/navigation';
import { resolve } from '$app/paths';
import { ask } from '#lib/panel/account/door.ts';
import type { SessionAnswer } from '#server/accounts/shapes.ts';

/** Who signs out is told so by the line too: the first reason stands. */
let isLeaving = false;

let renewal: Promise<unknown> = Promise.resolve();

/** A question whose answer brings a new token: the old one is over a moment before the new one is here. Must not reject. */
export function renewing<T>(asked: Promise<T>): Promise<T> {
	renewal = asked;
	return asked;
}

/** `why`: what the sign-in page says. `comesBack`: after signing in again one stands here. */
export async function leave(why: 'signed_out' | 'idle' | 'expired', comesBack: boolean): Promise<void> {
	isLeaving = true;
	// A server that is away has nothing to show either: the page is left in any case.
	await ask('/api/session/end', {});
	go(why, comesBack);
}

/**
 * The line says that this session is over. It may go on under a new token, as after a second factor was set up: then the page
 * stays, and the line comes back by itself. On the profile page a session that needs something is at the right place too.
 */
export async function lostSession(why: string | null): Promise<void> {
	await renewal;
	if (isLeaving) return;
	const answer = await ask<SessionAnswer>('/api/session');
	if (isLeaving) return;
	const session = answer.ok && answer.value.person !== null ? answer.value : null;
	if (session && (session.need === null || location.pathname === resolve('/profile'))) return invalidateAll();
	isLeaving = true;
	go(why ?? 'ended', true);
}

function go(why: string, comesBack: boolean): void {
	const query = new URLSearchParams({ ...(comesBack && { next: `${location.pathname}${location.search}` }), why });
	location.assign(`${resolve('/sign-in')}?${query}`);
}
