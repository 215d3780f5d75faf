/**
 * Cookies that carry secrets: never readable by scripts, never sent by another site's requests that change something, and
 * bound to this host alone (`__Host-`) when the browser came over https.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export const SESSION_COOKIE = 'yizhan-session';
export const SCREEN_COOKIE = 'yizhan-screen';

/** Which of a cookie's two names is in force. */
const nameFor = (name: string, isSecure: boolean): string => (isSecure ? `__Host-${name}` : name);

/** null = not sent. Over https only the `__Host-` name counts: the other could be planted by a neighbouring host. */
export function readCookie(request: Pick<IncomingMessage, 'headers'>, name: string, isSecure: boolean): string | null {
	const wanted = nameFor(name, isSecure);
	for (const pair of (request.headers.cookie ?? '').split(';')) {
		const at = pair.indexOf('=');
		if (at > 0 && pair.slice(0, at).trim() === wanted) return pair.slice(at + 1).trim() || null;
	}
	return null;
}

/** `maxAgeSeconds` null = until the browser closes. Beside other cookies that the answer sets already. */
export function setCookie(
	response: ServerResponse,
	cookie: { name: string; value: string; isSecure: boolean; maxAgeSeconds: number | null }
): void {
	const { name, value, isSecure, maxAgeSeconds } = cookie;
	const age = maxAgeSeconds === null ? '' : `; Max-Age=${Math.floor(maxAgeSeconds)}`;
	const secure = isSecure ? '; Secure' : '';
	response.appendHeader(
		'set-cookie',
		`${nameFor(name, isSecure)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`
	);
}

export function clearCookie(response: ServerResponse, name: string, isSecure: boolean): void {
	setCookie(response, { name, value: '', isSecure, maxAgeSeconds: 0 });
}
