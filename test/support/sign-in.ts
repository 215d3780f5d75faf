/**
 * People for tests of a running product, on the way that real ones take: the operator makes the account, its one-time link
 * sets a password, an authenticator's code is shown where a role asks for one.
 */
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Role } from '#domain/role.ts';
import { readConfig } from '#server/config.ts';
import { openOperator } from '#server/control/operator.ts';

export interface SignedIn {
	readonly userName: string;
	readonly password: string;
	/** what a request sends */
	readonly headers: { readonly cookie: string };
	/** the same for Playwright's `context.addCookies` */
	readonly cookies: { name: string; value: string; url: string }[];
}

/** As much of a product as says where it is. */
export interface Where {
	readonly url: string;
	readonly dataDir: string;
	/** when the product has one of its own */
	readonly databaseUrl?: string;
}

/** Somebody new with this role in this scope, signed in. */
export async function signIn(product: Where, role: Role = 'department_head', scope = 'city'): Promise<SignedIn> {
	const userName = `t.${randomUUID().slice(0, 8)}`;
	const password = `Long enough ${randomUUID()}`;
	const path = await linkFor(product, userName, role, scope);
	const used = await post(product, '/api/link', { token: path.split('/').at(-1), password });
	let { cookie } = used;
	if (used.body['need'] === 'enrol_second_factor') cookie = await enrol(product, cookie);
	const [name = '', value = ''] = cookie.split(/=(.*)/su);
	return { userName, password, headers: { cookie }, cookies: [{ name, value, url: product.url }] };
}

async function linkFor({ dataDir, databaseUrl }: Where, userName: string, role: Role, scope: string): Promise<string> {
	const read = readConfig({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl });
	if (!read.ok) throw new Error(read.problems.join('\n'));
	const operator = await openOperator(read.config);
	try {
		return (await operator.run('createUser', { userName, displayName: null, role, scope, lines: null })).path;
	} finally {
		await operator.close();
	}
}

async function enrol(product: Where, cookie: string): Promise<string> {
	const { body } = await post(product, '/api/profile/second-factor/start', {}, cookie);
	const secret = Secret.fromBase32(String(body['secret']).replaceAll(' ', ''));
	const code = new TOTP({ secret, algorithm: 'SHA1', digits: 6, period: 30 }).generate();
	return (await post(product, '/api/profile/second-factor/confirm', { code }, cookie)).cookie;
}

interface Answered {
	readonly body: Readonly<Record<string, unknown>>;
	/** the newest one: the answer's, else the one that was sent */
	readonly cookie: string;
}

async function post({ url }: Where, path: string, body: object, cookie = ''): Promise<Answered> {
	const response = await fetch(`${url}${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', cookie },
		body: JSON.stringify(body)
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
	const set = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
	return { body: JSON.parse(text) as Answered['body'], cookie: set.find((one) => one.includes('session=')) ?? cookie };
}
