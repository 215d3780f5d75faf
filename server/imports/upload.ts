/** A request's body as a file: streamed, counted, and cut off beyond the limit. */
import type { IncomingMessage } from 'node:http';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_FILE_BYTES } from '#server/registry/limits.ts';
import { ImportProblem } from './problem.ts';

const MAX_JSON_BYTES = 256 * 1024;
const NAME_LENGTH = 120;

/** Throws `ImportProblem` 413 for a body over the limit, 400 for an empty or broken one. */
export async function saveBody(request: IncomingMessage, path: string): Promise<void> {
	if (Number(request.headers['content-length'] ?? 0) > MAX_FILE_BYTES) throw tooLarge();
	let size = 0;
	const count = new Transform({
		transform(chunk: Buffer, _, done) {
			size += chunk.length;
			if (size > MAX_FILE_BYTES) done(tooLarge());
			else done(null, chunk);
		}
	});
	try {
		await pipeline(request, count, createWriteStream(path, { mode: 0o600 }), { end: true });
	} catch (error) {
		if (error instanceof ImportProblem) throw error;
		const isCut = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' || request.destroyed;
		if (isCut) throw new ImportProblem(400, 'upload_cut', 'The upload broke off. Send the file again.');
		throw error;
	}
	if (size === 0) throw new ImportProblem(400, 'file_empty', 'The file is empty. Choose another one.');
}

function tooLarge(): ImportProblem {
	const message = `A file may have at most ${MAX_FILE_BYTES / 1024 / 1024} MiB. Split it, or save only the columns that are needed.`;
	return new ImportProblem(413, 'too_large', message);
}

/** The body of a small request. Throws `ImportProblem` 400 or 413. */
export async function readJsonBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_JSON_BYTES) throw new ImportProblem(413, 'too_large', 'The request is too long.');
		chunks.push(chunk);
	}
	try {
		const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
	throw new ImportProblem(400, 'malformed_json', 'The body must be one JSON object. Look at its quotes and brackets.');
}

/** The last part of a name, without what no name needs; it is shown and names a format, and is never a path here. */
export function plainFileName(name: string | null): string {
	const last = (name ?? '').split(/[/\\]/).at(-1) ?? '';
	const plain = last.replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]+/gu, ' ').trim();
	// By characters: half of one could not be written into the header of a download.
	return plain === '' || /^\.+$/.test(plain) ? 'file' : [...plain].slice(-NAME_LENGTH).join('');
}
