/**
 * Requests that change something must come from a page of our own. Browsers say where a request comes from (`Origin`,
 * `Sec-Fetch-Site`) and pages cannot forge it; programs say nothing, and hold no cookies that a page could misuse.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** `allowed`: ORIGIN of the configuration, null = the host that the request itself names. */
export function isOwnPage(headers: IncomingHttpHeaders, allowed: string | null): boolean {
	const site = headers['sec-fetch-site'];
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
	return isOwnOrigin(headers, allowed);
}

/** The same for a WebSocket, whose handshake some browsers send without `Sec-Fetch-Site`. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders, allowed: string | null): boolean {
	if (origin === undefined) return true;
	if (allowed !== null && origin === allowed) return true;
	return URL.parse(origin)?.host === host;
}

/** 127.0.0.0/8 and ::1, also as IPv4 in IPv6. */
export function isLoopback(address: string): boolean {
	const plain = address.replace(/^::ffff:/i, '');
	return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1';
}
