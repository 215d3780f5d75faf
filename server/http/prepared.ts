/**
 * Large answers: written as JSON once, packed once, sent to many. A browser that holds the same answer already is told
 * so (304) and gets nothing.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const gzipAsync = promisify(gzip);
/** Below this a packed answer saves no packet. */
const PACK_FROM_BYTES = 1400;

export interface Prepared {
	readonly etag: string;
	readonly plain: Buffer;
	/** null where packing gains nothing */
	readonly packed: Buffer | null;
}

/**
 * `label` begins the entity tag, for people who read it (a revision). The rest is a hash of the content: two
 * installations, or one whose data was put back, may well reach the same revision with other content.
 */
export async function prepareJson(value: unknown, label: string): Promise<Prepared> {
	const plain = Buffer.from(JSON.stringify(value));
	const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 16);
	return {
		// weak: the packed and the plain form bear the same tag
		etag: `W/"${label}-${hash}"`,
		plain,
		packed: plain.length < PACK_FROM_BYTES ? null : await gzipAsync(plain)
	};
}

/** Answers with it, or with 304. The browser keeps it and asks each time whether it still holds. */
export function sendPrepared(request: IncomingMessage, response: ServerResponse, prepared: Prepared): void {
	const headers = { etag: prepared.etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding' };
	if (isHeld(request.headers['if-none-match'], prepared.etag)) {
		response.writeHead(304, headers).end();
		return;
	}
	const packed = takesGzip(request) ? prepared.packed : null;
	response.writeHead(200, {
		...headers,
		...(packed && { 'content-encoding': 'gzip' }),
		'content-type': 'application/json; charset=utf-8',
		'content-length': (packed ?? prepared.plain).length,
		'x-content-type-options': 'nosniff'
	});
	response.end(packed ?? prepared.plain);
}

function isHeld(header: string | undefined, etag: string): boolean {
	const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
	return (header ?? '').split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(etag));
}

/** `gzip;q=0` says no. */
function takesGzip(request: IncomingMessage): boolean {
	const header = String(request.headers['accept-encoding'] ?? '');
	return /(^|,)\s*(gzip|\*)\s*(;\s*q=(0?\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(header);
}
