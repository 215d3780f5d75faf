import { expect, test } from 'vitest';
import { completePolicy } from './page-policy.ts';

const page = (policy: string | null) =>
	new Headers({
		'content-type': 'text/html; charset=utf-8',
		...(policy !== null && { 'content-security-policy': policy })
	});

const policyOf = (headers: Headers) => headers.get('content-security-policy');

test('[WE2] the hosts of map tiles are added to the pictures of a page, and to nothing else', () => {
	const headers = page("default-src 'none'; img-src 'self' data:; connect-src 'self'");
	completePolicy(headers, ['https://t0.example.org', 'http://10.1.2.3:8080']);
	expect(policyOf(headers)).toBe(
		"default-src 'none'; img-src 'self' data: https://t0.example.org http://10.1.2.3:8080; connect-src 'self'"
	);
});

test('[WE2] what is no origin does not get into the policy', () => {
	const headers = page("img-src 'self'; script-src 'self'");
	completePolicy(headers, ["https://a.example; script-src 'unsafe-inline'", '*', "'unsafe-inline'", 'https://a b']);
	expect(policyOf(headers)).toBe("img-src 'self'; script-src 'self'");
});

test('[WE2] a page without a policy is left to the one of the server', () => {
	const headers = page(null);
	completePolicy(headers, ['https://t0.example.org']);
	expect(policyOf(headers)).toBeNull();
});

test('[WE3] a page is kept nowhere; what is no page is left as it is', () => {
	const html = page(null);
	completePolicy(html, []);
	expect(html.get('cache-control')).toBe('no-store');
	const json = new Headers({ 'content-type': 'application/json' });
	completePolicy(json, []);
	expect([...json.keys()]).toEqual(['content-type']);
});
