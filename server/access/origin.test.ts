import { expect, test } from 'vitest';
import { isOwnOrigin, isOwnPage } from './origin.ts';

const http = { isHttps: false, host: 'ops.example.org:3000' };
const https = { isHttps: true, host: 'ops.example.org' };

test.each([
	['the page of this very address', 'http://ops.example.org:3000', http, null, true],
	['the same behind TLS, without the port', 'https://ops.example.org', https, null, true],
	[
		'ORIGIN, whatever host the proxy passes',
		'https://ops.example.org',
		{ isHttps: true, host: '127.0.0.1:3000' },
		'https://ops.example.org',
		true
	],
	['a program, which names no page', undefined, https, null, true],
	['another host', 'https://evil.example', https, null, false],
	['another port', 'http://ops.example.org:3001', http, null, false],
	[
		'our name without TLS, which anybody on the line can write',
		'http://ops.example.org',
		https,
		'https://ops.example.org',
		false
	],
	['a page without an address', 'null', https, null, false],
	['our address as the beginning of another', 'https://ops.example.org.evil.example', https, null, false],
	['any page, while no host is known', 'http://null', { isHttps: false, host: null }, null, false]
])('[WE7] a change from %s', (_, origin, client, allowed, isOwn) => {
	expect(isOwnOrigin({ ...(origin !== undefined && { origin }) }, allowed, client)).toBe(isOwn);
});

test.each([
	['same-origin', true],
	['none', true],
	['same-site', false],
	['cross-site', false]
])('[WE7] what the browser calls %s', (site, isOwn) => {
	expect(isOwnPage({ 'sec-fetch-site': site }, null, http)).toBe(isOwn);
});
