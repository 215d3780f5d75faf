/**
 * The control socket: how `npm run cli` reaches a running server that owns its embedded database. HTTP on a unix socket
 * in DATA_DIR, readable by the owner of the folder alone: whoever may open it may also read the database's files.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { COMMANDS, type CommandContext, type CommandName } from './commands.ts';

export const controlSocketPath = (dataDir: string): string => join(dataDir, 'control.sock');

const MAX_BODY_BYTES = 64 * 1024 * 1024;

export async function openControlServer(dataDir: string, context: CommandContext): Promise<Server> {
	const server = createServer((request, response) => {
		void run(context, request).then((reply) => response.end(JSON.stringify(reply)));
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

type Reply = { ok: true; output: unknown } | { ok: false; message: string };

async function run(context: CommandContext, request: IncomingMessage): Promise<Reply> {
	const name = (request.url ?? '').slice(1);
	try {
		if (!Object.hasOwn(COMMANDS, name)) throw new Error(`There is no command ${name}.`);
		const input = JSON.parse(await readBody(request)) as never;
		return { ok: true, output: await COMMANDS[name as CommandName](context, input) };
	} catch (error) {
		return { ok: false, message: (error as Error).message };
	}
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_BODY_BYTES) throw new Error(`The file is larger than ${MAX_BODY_BYTES} bytes.`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
