/**
 * The control socket: how `npm run cli` reaches a running server that owns its embedded database. HTTP on a unix socket
 * in DATA_DIR, readable by the owner of the folder alone: whoever may open it may also read the database's files.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { COMMANDS, type CommandContext, type CommandName } from './commands.ts';

export const controlSocketPath = (dataDir: string): string => join(dataDir, 'control.sock');

const MAX_BODY_BYTES = 64 * 1024 * 1024;

export async function openControlServer(dataDir: string, context: CommandContext): Promise<Server> {
	const server = createServer(async (request, response) => {
		const name = (request.url ?? '').slice(1);
		try {
			const chunks: Buffer[] = [];
			let size = 0;
			for await (const chunk of request as AsyncIterable<Buffer>) {
				size += chunk.length;
				if (size > MAX_BODY_BYTES) throw new Error(`The file is larger than ${MAX_BODY_BYTES} bytes.`);
				chunks.push(chunk);
			}
			if (!Object.hasOwn(COMMANDS, name)) throw new Error(`There is no command ${name}.`);
			const input = JSON.parse(Buffer.concat(chunks).toString('utf8')) as never;
			const output = await COMMANDS[name as CommandName](context, input);
			response.end(JSON.stringify({ ok: true, output }));
		} catch (error) {
			response.end(JSON.stringify({ ok: false, message: (error as Error).message }));
		}
	});
	const path = controlSocketPath(dataDir);
	// A socket file left by a killed process refuses nobody and blocks the address; the folder's lock says it is ours.
	rmSync(path, { force: true });
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(path, resolve);
	});
	chmodSync(path, 0o600);
	return server;
}
