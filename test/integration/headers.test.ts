/** What every answer says to a browser, and how little a broken request is told: asked as a line of text. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProduct, type Product } from '#test/support/product.ts';

interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: string;
}

const HOST = 'Host: 127.0.0.1\r\nConnection: close';
/** What a reader of an error may not learn: files, lines, libraries. */
const INSIDES = /node_modules|node:internal|\.(ts|js|svelte):\d|\bat .+\(|file:\/\//;

let product: Product;
let cookie: string;

beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	const response = await fetch(`${product.url}/api/session/sample`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ userName: 'sample.leader' })
	});
	cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
	expect(cookie).not.toBe('');
});
afterAll(async () => {
	await product.stop();
});

/** Sends bytes as they are and reads until the server hangs up. */
async function send(text: string): Promise<Answer> {
	const { hostname, port } = new URL(product.url);
	const socket = connect(Number(port), hostname);
	const chunks: Buffer[] = [];
	socket.on('data', (chunk) => chunks.push(chunk));
	socket.write(Buffer.from(text, 'latin1'));
	await once(socket, 'close');
	const answer = Buffer.concat(chunks).toString('utf8');
	const [head = '', ...rest] = answer.split('\r\n\r\n');
	const [status = '', ...lines] = head.split('\r\n');
	const headers = new Headers(
		lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
	);
	return { status: Number(status.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

const get = (path: string, more = '') => send(`GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n\r\n`);
const getSignedIn = (path: string) => get(path, `\r\nCookie: ${cookie}`);

function expectProtected({ headers }: Answer): void {
	expect(Object.fromEntries(headers)).toMatchObject({
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'same-origin',
		'cross-origin-opener-policy': 'same-origin',
		'cross-origin-resource-policy': 'same-origin'
	});
	expect(headers.get('permissions-policy')).toContain('geolocation=()');
	expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
	expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
}

describe('[WE1] every answer protects the browser', () => {
	test.each([
		['a door', '/healthz', 200],
		['a refused door', '/api/state', 401],
		['a door asked wrongly', '/api/events', 405],
		['a page', '/sign-in', 200],
		['a way to the sign-in', '/map', 303],
		['a page that is not there', '/nowhere', 404],
		['a file', '/favicon.svg', 200],
		['a file that is not there', '/_app/immutable/nothing.js', 404],
		['the live line asked as a page', '/live/?EIO=4&transport=polling', 400]
	])('%s', async (_, path, status) => {
		const answer = await get(path);
		expect(answer.status, answer.body).toBe(status);
		expectProtected(answer);
		// Over plain HTTP browsers do not heed it, and it must not be sent.
		expect(answer.headers.get('strict-transport-security')).toBeNull();
	});
});

test('[WE2] a page runs its own scripts under a nonce that is new each time, and no other', async () => {
	const [first, second] = [await getSignedIn('/wall'), await getSignedIn('/wall')];
	expect(first.status).toBe(200);
	const policyOf = ({ headers }: Answer) => headers.get('content-security-policy') ?? '';
	expect(policyOf(first)).not.toBe(policyOf(second));
	expect(policyOf(first)).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|style-src [^;]*unsafe-inline/);
	const nonce = /'nonce-([^']+)'/.exec(policyOf(first))?.[1] ?? '';
	const scripts = first.body.match(/<script\b[^>]*>/g) ?? [];
	expect(scripts.length).toBeGreaterThan(0);
	for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
});

test('[WE3] pages and doors are kept nowhere; files of the build for a year', async () => {
	const page = await getSignedIn('/wall');
	const door = await getSignedIn('/api/state');
	expect([page.headers.get('cache-control'), door.headers.get('cache-control')]).toEqual(['no-store', 'no-store']);
	expect(door.headers.get('content-security-policy')).toBe(
		"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	);
	const script = /\/(_app\/immutable\/[^"]+\.js)/.exec(page.body)?.[1] ?? '';
	expect((await get(`/${script}`)).headers.get('cache-control')).toContain('immutable');
});

describe('[WE4] a broken request is told a sentence, and nothing of the inside', () => {
	const long = 'x'.repeat(20_000);
	test.each([
		['half an escape', `GET /% HTTP/1.1\r\n${HOST}\r\n\r\n`, 400],
		['broken UTF-8 in a path', `GET /%ff%fe HTTP/1.1\r\n${HOST}\r\n\r\n`, 400],
		['broken UTF-8 in a code', `GET /stations/%c3%28 HTTP/1.1\r\n${HOST}\r\n\r\n`, 400],
		['bytes beyond ASCII', `GET /\xff\xfe HTTP/1.1\r\n${HOST}\r\n\r\n`, [400, 404]],
		['a null byte', `GET /stations/%00 HTTP/1.1\r\n${HOST}\r\n\r\n`, [303, 400, 404]],
		['an address of 20,000 characters', `GET /${long} HTTP/1.1\r\n${HOST}\r\n\r\n`, 431],
		['a header of 20,000 characters', `GET / HTTP/1.1\r\n${HOST}\r\nX-Long: ${long}\r\n\r\n`, 431],
		['no HTTP at all', 'nonsense\r\n\r\n', 400],
		['TLS on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
		['two lengths', `POST /api/events HTTP/1.1\r\n${HOST}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc`, 400],
		[
			'a length and chunks',
			`POST /api/events HTTP/1.1\r\n${HOST}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
			400
		],
		['a header that is none', `GET / HTTP/1.1\r\n${HOST}\r\nbad header\r\n\r\n`, 400],
		['no host', 'GET /wall HTTP/1.0\r\n\r\n', 400],
		['a host with a path', 'GET /wall HTTP/1.1\r\nHost: a/b?c\r\nConnection: close\r\n\r\n', 400],
		['another site’s address', `GET http://evil.example/wall HTTP/1.1\r\n${HOST}\r\n\r\n`, 400],
		['a scope that is none', `GET /api/state?scope=%ff HTTP/1.1\r\n${HOST}\r\n\r\n`, [400, 401]],
		[
			'JSON that is none',
			`POST /api/session HTTP/1.1\r\n${HOST}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{x`,
			400
		],
		[
			'a cookie with broken escapes',
			`GET /sign-in HTTP/1.1\r\n${HOST}\r\nCookie: yizhan-session=%; theme=%ff\r\n\r\n`,
			200
		],
		[
			'data of a page, broken',
			`GET /wall/__data.json?x-sveltekit-invalidated=%ff HTTP/1.1\r\n${HOST}\r\n\r\n`,
			[200, 303, 400]
		],
		[
			'a form for a page that takes none',
			`POST /sign-in HTTP/1.1\r\n${HOST}\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`,
			[403, 405]
		],
		['an unknown method', `FROBNICATE /wall HTTP/1.1\r\n${HOST}\r\n\r\n`, 400]
	])('%s', async (_, text, status) => {
		const answer = await send(text);
		expect([status].flat(), answer.body).toContain(answer.status);
		expect(answer.body).not.toMatch(INSIDES);
		expectProtected(answer);
	});

	test('what could not be read is a problem with a code', async () => {
		const { headers, body } = await send('nonsense\r\n\r\n');
		expect(headers.get('content-type')).toContain('application/json');
		expect(JSON.parse(body)).toEqual({ code: 'bad_request', message: 'This is no HTTP request that can be read.' });
	});

	test('the server goes on after all of it, and its own log knows nothing of a crash', async () => {
		expect((await get('/healthz')).status).toBe(200);
		expect(product.output()).not.toMatch(/Unhandled|uncaught/i);
	});
});

describe('[WE4] a page that breaks while it is made', () => {
	const secret = 'select password from people at Store.find (/srv/yizhan/server/store.ts:12:3)';
	const broken = (): never => {
		throw new Error(secret);
	};
	const whole = {
		callerOf: () => Promise.resolve({ kind: 'nobody' }),
		places: { districtOfStreet: () => null, site: () => null },
		imageOrigins: () => Promise.resolve([]),
		sources: () => [],
		isEmpty: () => false
	};

	test.each([
		['the way to who asks', { ...whole, callerOf: broken }],
		['what every page shows', Object.defineProperty({ ...whole }, 'isDemo', { get: broken })],
		['the policy of pages', { ...whole, imageOrigins: broken }]
	])('in %s: a plain page with a sentence, and the cause in the log', async (_, services) => {
		const causes: Error[] = [];
		const pages = await openPages(Object.assign(services, { failed: (cause: Error) => void causes.push(cause) }));
		try {
			for (const accept of ['text/html', 'application/json']) {
				const response = await fetch(`${pages.url}/sign-in`, { headers: { accept } });
				const body = await response.text();
				expect(response.status).toBe(500);
				expect(body).toContain('页面出错了');
				expect(body).not.toMatch(INSIDES);
				expect(body).not.toContain('password from');
			}
			expect(causes.filter(({ message }) => message === secret)).toHaveLength(2);
		} finally {
			pages.close();
		}
	});
});

/** The built pages on a port of their own, with services of the test instead of the product's. */
async function openPages(services: object): Promise<{ url: string; close: () => void }> {
	Object.assign(globalThis, { [Symbol.for('yizhan.services')]: services });
	process.env['PROTOCOL_HEADER'] = 'x-yizhan-scheme';
	const build = new URL('../../build/handler.js', import.meta.url).href;
	const { handler } = (await import(/* @vite-ignore */ build)) as {
		handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
	};
	const http = createServer((request, response) => {
		request.headers['x-yizhan-scheme'] = 'http';
		handler(request, response, () => response.writeHead(404).end());
	});
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		close() {
			http.closeAllConnections();
			http.close();
		}
	};
}

test('[WE6] a client cannot choose the address of a page with headers that only the server writes', async () => {
	const forged = ['X-Yizhan-Scheme: https', 'X-Yizhan-Host: evil.example', 'X-Yizhan-Address: 203.0.113.7'];
	const { headers, status } = await get('/wall?lang=en', `\r\n${forged.join('\r\n')}`);
	expect(status).toBe(307);
	expect(headers.get('location')).not.toContain('evil.example');
	const page = await get('/sign-in', `\r\n${forged.join('\r\n')}`);
	expect(page.body).not.toContain('evil.example');
});
