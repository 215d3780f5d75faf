import { describe, expect, test } from 'vitest';
import { deskGuard, guarded, type DeskGuardOptions } from './guard.ts';

const LOCAL: DeskGuardOptions = { host: '127.0.0.1', origin: null };
const codeOf = (options: DeskGuardOptions, headers: Record<string, string>): string =>
	deskGuard(options)({ headers })?.code ?? 'allowed';

describe('the guard of the desk', () => {
	test.each([
		['a page of the server itself', LOCAL, { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' }],
		['the name localhost', LOCAL, { host: 'localhost:3000', origin: 'http://localhost:3000' }],
		['IPv6', { host: '::1', origin: null }, { host: '[::1]:3000', origin: 'http://[::1]:3000' }],
		['a program on the machine', LOCAL, { host: '127.0.0.1:3000' }],
		[
			'the address that ORIGIN names',
			{ host: 'localhost', origin: 'http://localhost:5173' },
			{ host: 'localhost:3000', origin: 'http://localhost:5173' }
		]
	])('lets %s in', (_, options, headers) => expect(codeOf(options, headers)).toBe('allowed'));

	test.each([
		['all addresses', { host: '0.0.0.0', origin: null }],
		['all addresses of IPv6', { host: '::', origin: null }],
		['a network', { host: '10.0.0.5', origin: null }],
		['a name', { host: 'ops.example.org', origin: null }],
		['a name that begins like loopback', { host: '127.0.0.1.example.org', origin: null }],
		['loopback behind a public name', { host: '127.0.0.1', origin: 'https://ops.example.org' }]
	])('asks for a sign-in on a server that listens on %s', (_, options) => {
		expect(codeOf(options, { host: 'localhost:3000', origin: 'http://localhost:3000' })).toBe('sign_in_needed');
	});

	test('asks for a sign-in where a proxy passed the request on', () => {
		expect(codeOf(LOCAL, { host: '127.0.0.1:3000', 'x-forwarded-for': '10.1.1.1' })).toBe('sign_in_needed');
	});

	test.each([
		['another port', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:4000' }],
		['another site', { host: '127.0.0.1:3000', origin: 'https://evil.example' }],
		['a frame without an address', { host: '127.0.0.1:3000', origin: 'null' }],
		['an origin that is no address', { host: '127.0.0.1:3000', origin: 'x' }],
		['a name that was pointed at loopback', { host: 'evil.example:3000', origin: 'http://evil.example:3000' }],
		['a request without a host', {}],
		['a host that is no host', { host: 'a b' }],
		['a link on another site', { host: '127.0.0.1:3000', 'sec-fetch-site': 'cross-site' }]
	])('refuses %s', (_, headers) => expect(codeOf(LOCAL, headers)).toBe('origin_not_allowed'));

	test('a guarded door is not entered when the guard refuses', () => {
		let entered = 0;
		let status = 0;
		const response = { setHeader: () => undefined, writeHead: (code: number) => (status = code), end: () => undefined };
		const door = guarded(deskGuard(LOCAL), () => void entered++);
		const ask = (headers: object) => door({ headers } as never, response as never, new URL('http://localhost/'));
		void ask({ host: 'evil.example' });
		expect([entered, status]).toEqual([0, 403]);
		void ask({ host: 'localhost' });
		expect(entered).toBe(1);
	});
});
