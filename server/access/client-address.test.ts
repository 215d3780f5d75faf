import { expect, test } from 'vitest';
import { clientOf, proxyProblem, proxyTrust } from './client-address.ts';

const trust = proxyTrust(['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'], null);

const asked = (remoteAddress: string | undefined, headers: Record<string, string | string[]> = {}) => ({
	headers,
	socket: { remoteAddress }
});

const addressOf = (peer: string, forwarded: string | string[]) =>
	clientOf(asked(peer, { 'x-forwarded-for': forwarded }), trust).address;

test('[WE6] what an untrusted peer forwards is not read', () => {
	const forged = {
		host: 'ops.example.org',
		'x-forwarded-for': '203.0.113.7',
		'x-forwarded-proto': 'https',
		'x-forwarded-host': 'evil.example'
	};
	const client = { address: '198.51.100.4', isHttps: false, host: 'ops.example.org' };
	expect(clientOf(asked('198.51.100.4', forged), trust)).toEqual(client);
	expect(clientOf(asked('127.0.0.1', forged), proxyTrust([], null)).address).toBe('127.0.0.1');
});

test('[WE6] a trusted peer says who asks, how and for which host', () => {
	const forwarded = {
		host: '127.0.0.1:3000',
		'x-forwarded-for': '203.0.113.7',
		'x-forwarded-proto': 'https',
		'x-forwarded-host': 'ops.example.org:8443'
	};
	const client = { address: '203.0.113.7', isHttps: true, host: 'ops.example.org:8443' };
	expect(clientOf(asked('127.0.0.1', forwarded), trust)).toEqual(client);
});

test.each([
	['a client cannot put an address before its own', '10.0.0.1', '192.0.2.66, 203.0.113.7', '203.0.113.7'],
	['proxies of ours are stepped over', '10.0.0.1', '203.0.113.7, 10.2.3.4, 2001:db8::9', '203.0.113.7'],
	['a client among our own machines is found', '127.0.0.1', '10.0.0.5', '10.0.0.5'],
	['a hop that is no address ends the way', '10.0.0.1', '203.0.113.7, unknown, 10.0.0.2', '10.0.0.2'],
	['nothing forwarded is the proxy itself', '10.0.0.1', '', '10.0.0.1'],
	['empty parts do not count', '10.0.0.1', '203.0.113.7, ,', '203.0.113.7'],
	['ports are left out', '10.0.0.1', '203.0.113.7:51234', '203.0.113.7'],
	['brackets and ports of IPv6 are left out', '10.0.0.1', '[2606:4700::1]:443', '2606:4700::1'],
	['a mapped peer is its IPv4 address', '::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
	['a mapped client too, however it is spelt', '10.0.0.1', '::ffff:cb00:7107', '203.0.113.7'],
	['IPv6 has one spelling', '10.0.0.1', '2606:4700:0:0:0:0:0:0001', '2606:4700::1'],
	['a peer with a zone is an address', 'fe80::1%eth0', '203.0.113.7', 'fe80::1']
])('[WE6] %s', (_, peer, forwarded, address) => {
	expect(addressOf(peer, forwarded)).toBe(address);
});

test('[WE6] several header lines are one list, in order', () => {
	expect(addressOf('10.0.0.1', ['192.0.2.66', '203.0.113.7'])).toBe('203.0.113.7');
});

test('[WE6] of several schemes and hosts the nearest proxy has the last word', () => {
	const { isHttps, host } = clientOf(
		asked('10.0.0.1', { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'evil.example, ops.example.org' }),
		trust
	);
	expect({ isHttps, host }).toEqual({ isHttps: false, host: 'ops.example.org' });
});

test('[WE6] an ORIGIN of https is https, unless a trusted proxy says otherwise', () => {
	const secure = proxyTrust(['10.0.0.1'], 'https://ops.example.org');
	expect(clientOf(asked('198.51.100.4'), secure).isHttps).toBe(true);
	expect(clientOf(asked('10.0.0.1'), secure).isHttps).toBe(true);
	expect(clientOf(asked('10.0.0.1', { 'x-forwarded-proto': 'http' }), secure).isHttps).toBe(false);
});

test('a line that is gone has no address, and is trusted by nobody', () => {
	const client = clientOf(
		asked(undefined, { 'x-forwarded-for': '203.0.113.7' }),
		proxyTrust(['0.0.0.0/0', '::/0'], null)
	);
	expect(client).toEqual({ address: 'unknown', isHttps: false, host: null });
});

test.each(['evil.example/path', 'evil.example?x', 'user@evil.example', 'a b', 'x:99999999', '[::1', ''])(
	'[WE5] %j is no host',
	(host) => {
		expect(clientOf(asked('198.51.100.4', { host }), trust).host).toBeNull();
	}
);

test.each(['ops.example.org', 'localhost:3000', '127.0.0.1', '[::1]:3000', 'xn--fiq228c.example'])(
	'%s is a host',
	(host) => {
		expect(clientOf(asked('198.51.100.4', { host }), trust).host).toBe(host);
	}
);

test.each([
	['::ffff:10.0.0.0/104', '10.9.9.9', true],
	['::ffff:192.0.2.1', '192.0.2.1', true],
	['::ffff:192.0.2.1', '192.0.2.2', false],
	['0.0.0.0/0', '203.0.113.7', true],
	['10.1.2.3/8', '10.9.9.9', true],
	['2001:db8::/32', '2001:db9::1', false]
])('%s and the peer %s', (proxy, peer, isTrusted) => {
	expect(proxyTrust([proxy], null).isTrusted(peer)).toBe(isTrusted);
});

test.each(['nginx', '10.0.0.256', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/8/8', 'fe80::1%eth0', '10.0.0.0/-1'])(
	'%s is no proxy to trust',
	(proxy) => {
		expect(proxyProblem(proxy)).toMatch(/^is no /);
		expect(() => proxyTrust([proxy], null)).toThrow(proxy);
	}
);
