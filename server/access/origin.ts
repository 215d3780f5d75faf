/**
 * Requests that change something must come from a page of our own. Browsers say where a request comes from (`Origin`,
 * `Sec-Fetch-Site`) and pages cannot forge it; programs say nothing, and hold no cookies that a page could misuse.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { Client } from './client-address.ts';

/** What the browser asked for, as trusted proxies tell it */
type Addressed = Pick<Client, 'isHttps' | 'host'>;

/** `allowed`: ORIGIN of the configuration, null = the address that the request itself names. */
export function isOwnPage(headers: IncomingHttpHeaders, allowed: string | null, client: Addressed): boolean {
	const site = headers['sec-fetch-site'];
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
	return isOwnOrigin(headers, allowed, client);
}

/** The same for a WebSocket, whose handshake some browsers send without `Sec-Fetch-Site`. */
export function isOwnOrigin(
	{ origin }: IncomingHttpHeaders,
	allowed: string | null,
	{ isHttps, host }: Addressed
): boolean {
	if (origin === undefined || (allowed !== null && origin === allowed)) return true;
	// The scheme too: a page that came over http under our name may have been written by whoever sits on the line.
	return host !== null && origin === URL.parse(`${isHttps ? 'https' : 'http'}://${host}`)?.origin;
}

/** 127.0.0.0/8 and ::1, also as IPv4 in IPv6. */
export function isLoopback(address: string): boolean {
	const plain = address.replace(/^::ffff:/i, '');
	return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1';
}
