/**
 * Pages over the wire: adapter-node sends files compressed and pages as they are. A page holds no secret that a reader could
 * guess by its length (the session is in a cookie, the nonce is new each time), so it may be.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);
/** Below this, headers weigh more than what is saved. */
const LEAST_BYTES = 1024;

export async function compressed(request: Request, response: Response): Promise<Response> {
	const isPage = (response.headers.get('content-type') ?? '').startsWith('text/html');
	const isTaken = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
	if (!isPage || response.body === null || response.headers.has('content-encoding')) return response;
	const headers = new Headers(response.headers);
	headers.append('vary', 'accept-encoding');
	const bytes = new Uint8Array(await response.arrayBuffer());
	const { status } = response;
	if (!isTaken || bytes.length < LEAST_BYTES) return new Response(bytes, { status, headers });
	const packed = await pack(bytes);
	headers.set('content-encoding', 'gzip');
	headers.set('content-length', String(packed.length));
	return new Response(packed, { status, headers });
}
