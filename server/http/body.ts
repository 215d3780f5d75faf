/** Reads what a request brings, up to a bound. */
import type { IncomingMessage } from 'node:http';

/** The body as UTF-8 text; null when it is larger than `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
	if (Number(request.headers['content-length'] ?? 0) > maxBytes) return null;
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > maxBytes) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
