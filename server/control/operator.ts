/** Runs operators' commands where the database is: in the running server, or here when none is running. */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import type { Config } from '#server/config.ts';
import { lockDataDir } from '#server/embedded/data-dir-lock.ts';
import { openDatabase } from '#server/services.ts';
import { COMMANDS, type CommandInput, type CommandName, type CommandOutput } from './commands.ts';
import { controlSocketPath } from './control-server.ts';
import { telling, tellServers } from './tell.ts';

export interface Operator {
	run<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
	close(): Promise<void>;
}

export async function openOperator(config: Config): Promise<Operator> {
	if (config.databaseUrl !== null) return directOperator(config, async () => undefined);
	const lock = await lockDataDir(config.dataDir);
	if (lock.ok) return directOperator(config, lock.release);
	if (!existsSync(controlSocketPath(config.dataDir))) throw new Error(lock.message);
	return remoteOperator(controlSocketPath(config.dataDir));
}

async function directOperator(config: Config, release: () => Promise<void>): Promise<Operator> {
	const database = await openDatabase(config);
	await database.migrate();
	const context = {
		db: database.db,
		onRegistryChanged: async () => undefined,
		...telling(tellServers(config.redisUrl))
	};
	return {
		run: (name, input) => COMMANDS[name](context, input as never) as Promise<never>,
		async close() {
			await database.close();
			await release();
		}
	};
}

type Reply = { ok: true; output: unknown } | { ok: false; message: string };

function remoteOperator(socketPath: string): Operator {
	return {
		async run(name, input) {
			const reply = await post(socketPath, name, JSON.stringify(input));
			if (!reply.ok) throw new Error(reply.message);
			return reply.output as never;
		},
		close: async () => undefined
	};
}

function post(socketPath: string, name: string, body: string): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const outgoing = request({ socketPath, path: `/${name}`, method: 'POST' }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Reply));
			response.on('error', reject);
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
