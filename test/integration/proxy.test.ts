/** docs/nginx.conf, run: the product behind TLS, and what it believes of a proxy. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '#test/support/free-port.ts';
import { startNginx, type Nginx } from '#test/support/nginx.ts';
import { startProduct, type Product } from '#test/support/product.ts';

interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

/** Of TEST-NET-3: nobody has it, so whoever is said to come from there said so himself. */
const FORGED = '203.0.113.7';
const WALL = '/wall';
/** Of a whole product, started within a test on a loaded machine. */
const START_LIMIT_MS = 120_000;

let nginx: Nginx;
let product: Product;
let site: string;

beforeAll(async () => {
	const port = await freePort();
	nginx = await startNginx(port);
	site = `https://${nginx.name}:${nginx.tlsPort}`;
	product = await startProduct({
		port,
		env: { DEMO: 'registry', ORIGIN: site, TRUSTED_PROXIES: '127.0.0.1' }
	});
});
afterAll(async () => {
	// First: it is there also when the product did not get ready.
	await nginx.stop();
	await product.stop();
});

/** Over TLS to nginx, by its name, trusting its certificate and no other. */
function ask(path: string, options: RequestOptions = {}, body?: object): Promise<Answer> {
	return answerOf(httpsRequest, `${site}${path}`, { ca: nginx.certificate, lookup: toLoopback, ...options }, body);
}

/** Straight to the server, past nginx. */
function askServer(path: string, options: RequestOptions = {}, body?: object): Promise<Answer> {
	return answerOf(httpRequest, `${product.url}${path}`, options, body);
}

const toLoopback: NonNullable<RequestOptions['lookup']> = (_, options, done) =>
	options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

function answerOf(
	request: typeof httpsRequest | typeof httpRequest,
	url: string,
	options: RequestOptions,
	body?: object
): Promise<Answer> {
	const headers = { ...(body && { 'content-type': 'application/json' }), ...options.headers };
	return new Promise((resolve, reject) => {
		const asked = request(url, { method: body ? 'POST' : 'GET', ...options, headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					text: Buffer.concat(chunks).toString('utf8')
				})
			);
		});
		asked.on('error', reject);
		asked.end(body && JSON.stringify(body));
	});
}

/** A sample person of the demo city; the cookie as a browser would send it back. */
async function signIn(userName: string, headers: Record<string, string> = {}): Promise<string> {
	const {
		status,
		headers: sent,
		text
	} = await ask('/api/session/sample', { headers: { origin: site, ...headers } }, { userName });
	expect(status, text).toBe(200);
	return (sent['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

async function join(cookie: string, origin: string): Promise<unknown> {
	const socket: Socket = io(site, {
		path: '/live',
		transports: ['websocket'],
		reconnection: false,
		extraHeaders: { cookie, origin },
		// Socket.IO's types know only the agents of a browser's bundler.
		agent: new Agent({ ca: nginx.certificate, lookup: toLoopback }) as unknown as string
	});
	try {
		return await new Promise((resolve, reject) => {
			socket.on('connect_error', reject);
			socket.on('hello', () => socket.emit('join', 'city', null, resolve));
		});
	} finally {
		socket.close();
	}
}

/** Addresses of sign-ins as the auditor reads them, the newest first. */
async function signInAddresses(cookie: string): Promise<string[]> {
	const { text } = await ask('/api/audit?action=session.started&limit=20', { headers: { cookie } });
	const { records } = JSON.parse(text) as { records: { action: string; address: string | null }[] };
	return records.filter(({ action }) => action === 'session.started').map(({ address }) => address ?? 'none');
}

test('[WE7] plain HTTP leads to TLS, under the name that the sample says', async () => {
	const { status, headers } = await answerOf(httpRequest, `http://127.0.0.1:${nginx.plainPort}/map?q=1`, {
		headers: { host: nginx.name }
	});
	expect([status, headers.location]).toEqual([308, `${site}/map?q=1`]);
	const foreign = await answerOf(httpRequest, `http://127.0.0.1:${nginx.plainPort}/`, {
		headers: { host: 'evil.example' }
	});
	expect(foreign.headers.location).toBe(`${site}/`);
});

test('[WE7] nobody else’s name gets a handshake', async () => {
	const foreign = ask('/healthz', { servername: 'evil.example', rejectUnauthorized: false });
	await expect(foreign).rejects.toThrow(/alert/i);
});

test('[WE1] [WE7] pages come over TLS, each header once, and ask browsers to stay with TLS', async () => {
	const cookie = await signIn('sample.leader');
	const { status, headers, text } = await ask(WALL, { headers: { cookie } });
	expect(status).toBe(200);
	expect(text).toContain('<html lang="zh-CN"');
	expect(headers['strict-transport-security']).toBe('max-age=31536000');
	expect(headers['x-frame-options']).toBe('DENY');
	expect(headers['content-security-policy']).toContain("script-src 'self' 'nonce-");
});

test('[WE7] the cookie of a session is Secure, of this host alone, and out of reach of scripts', async () => {
	const { headers } = await ask('/api/session/sample', { headers: { origin: site } }, { userName: 'sample.leader' });
	expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-yizhan-session=[\w-]+; /)]);
	const attributes = headers['set-cookie']?.[0]?.split('; ').slice(1);
	expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']));
});

test('[WE7] the live line goes through, signed in and from our own page', async () => {
	const cookie = await signIn('sample.leader');
	expect(await join(cookie, site)).toMatchObject({ ok: true, topic: 'city' });
	await expect(join(cookie, 'https://evil.example')).rejects.toThrow();
});

test('[WE7] a change that a foreign page asks for is refused behind the proxy too', async () => {
	const cookie = await signIn('sample.leader');
	for (const origin of ['https://evil.example', `http://${nginx.name}:${nginx.tlsPort}`, 'null']) {
		const { status, text } = await ask('/api/session/end', { headers: { cookie, origin } }, {});
		expect([status, JSON.parse(text).code]).toEqual([403, 'origin_not_allowed']);
	}
	expect((await ask('/api/session/end', { headers: { cookie, origin: site } }, {})).status).toBeLessThan(300);
});

test('[WE6] the audit has the address that nginx saw, not the one a client wrote', async () => {
	await signIn('sample.leader', { 'x-forwarded-for': FORGED, forwarded: `for=${FORGED}` });
	const auditor = await signIn('sample.auditor');
	expect(await signInAddresses(auditor)).not.toContain(FORGED);
});

test('[WE6] a trusted proxy is believed: what it forwards is the caller’s address', async () => {
	const headers = { origin: site, 'x-forwarded-for': FORGED, 'x-forwarded-proto': 'https' };
	const { status } = await askServer('/api/session/sample', { headers }, { userName: 'sample.head' });
	expect(status).toBe(200);
	const auditor = await signIn('sample.auditor');
	expect(await signInAddresses(auditor)).toContain(FORGED);
});

test(
	'[WE6] without TRUSTED_PROXIES nobody is believed',
	async () => {
		const untrusting = await startProduct({ env: { DEMO: 'registry' } });
		try {
			const headers = { origin: untrusting.url, 'x-forwarded-for': FORGED, 'x-forwarded-proto': 'https' };
			const sign = (userName: string) =>
				answerOf(httpRequest, `${untrusting.url}/api/session/sample`, { headers }, { userName });
			await sign('sample.leader');
			const [cookie = ''] = (await sign('sample.auditor')).headers['set-cookie'] ?? [];
			expect(cookie).toMatch(/^yizhan-session=/);
			expect(cookie).not.toContain('Secure');
			const { text, headers: sent } = await answerOf(httpRequest, `${untrusting.url}/api/audit`, {
				headers: { cookie: cookie.split(';')[0], 'x-forwarded-proto': 'https' }
			});
			expect(sent['strict-transport-security']).toBeUndefined();
			expect(text).toContain('127.0.0.1');
			expect(text).not.toContain(FORGED);
		} finally {
			await untrusting.stop();
		}
	},
	START_LIMIT_MS
);

test('[WE7] while the server is away nginx says so in a sentence', async () => {
	const port = await freePort();
	const alone = await startNginx(port);
	try {
		const url = `https://${alone.name}:${alone.tlsPort}${WALL}`;
		const { status, text } = await answerOf(httpsRequest, url, { ca: alone.certificate, lookup: toLoopback });
		expect([status, text]).toEqual([503, expect.stringContaining('The system is restarting.')]);
	} finally {
		await alone.stop();
	}
});
