/**
 * What every answer says to the browser besides its content, whoever answers: doors, pages, files, the live door's
 * refusals, errors [WE1]. The HTTP server makes its answers with `protectedResponse`, so no way leads around it.
 */
import { ServerResponse, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { clientOf, type Client, type ProxyTrust } from '#server/access/client-address.ts';

/** For all that is no page. A page brings its own policy (svelte.config.js), which takes the place of this one. */
export const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For what comes from the pages' side without a policy of its own: files, and the page of last resort (src/error.html),
 * which has a style and nothing else.
 */
export const BARE_PAGE_POLICY = `${DATA_POLICY}; style-src 'unsafe-inline'`;

/** A year: what browsers keep in their lists. Only of this host; its neighbours are not ours to decide. */
const STRICT_TRANSPORT = 'max-age=31536000';

/** Nothing of this is used by a page; what is asked for nevertheless was not asked by us. */
const UNUSED_FEATURES = [
	'accelerometer',
	'camera',
	'display-capture',
	'geolocation',
	'gyroscope',
	'hid',
	'idle-detection',
	'local-fonts',
	'magnetometer',
	'microphone',
	'midi',
	'payment',
	'serial',
	'usb',
	'xr-spatial-tracking'
];

const ALWAYS: Readonly<Record<string, string>> = {
	'content-security-policy': DATA_POLICY,
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'same-origin',
	'permissions-policy': UNUSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin'
};

/** Browsers heed Strict-Transport-Security where it came encrypted, and ask that it is sent nowhere else. */
export function securityHeaders({ isHttps }: Pick<Client, 'isHttps'>): Readonly<Record<string, string>> {
	return isHttps ? { ...ALWAYS, 'strict-transport-security': STRICT_TRANSPORT } : ALWAYS;
}

/** For `createServer({ ServerResponse })`: an answer that has the headers before anybody writes to it. */
export function protectedResponse(trust: ProxyTrust): typeof ServerResponse<IncomingMessage> {
	return class ProtectedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
		constructor(request: Request) {
			super(request);
			for (const [name, value] of Object.entries(securityHeaders(clientOf(request, trust))))
				this.setHeader(name, value);
		}
	};
}

/** By the code of Node's error; anything else was no HTTP. */
const BROKEN_REQUESTS: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
	HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'The address or the headers of the request are too long.'],
	ERR_HTTP_REQUEST_TIMEOUT: [408, 'too_slow', 'The request did not arrive in time. Send it again.']
};
const NO_HTTP = [400, 'bad_request', 'This is no HTTP request that can be read.'] as const;

/** Answers what could not be read as a request: there is no response object yet, only the line. */
export function refuseBrokenRequest(error: NodeJS.ErrnoException, line: Duplex): void {
	// Node hangs the answer under way on the line; words in the middle of it would be read as its content.
	const { _httpMessage: answer } = line as Duplex & { _httpMessage?: ServerResponse | null };
	if (error.code === 'ECONNRESET' || !line.writable || answer?.headersSent) {
		line.destroy();
		return;
	}
	const [status, code, message] = BROKEN_REQUESTS[error.code ?? ''] ?? NO_HTTP;
	const body = JSON.stringify({ code, message });
	const headers = {
		...securityHeaders({ isHttps: false }),
		'content-type': 'application/json; charset=utf-8',
		'content-length': Buffer.byteLength(body),
		'cache-control': 'no-store',
		connection: 'close'
	};
	const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	line.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
}
