/** Starts the product: configuration, pages, runtime; and ends it in order on SIGTERM or Ctrl-C. */
import { existsSync, readFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { readConfig, type Config } from './config.ts';
import { setPageEnvironment } from './http/page-address.ts';
import { openLog } from './log.ts';
import { startRuntime, type Runtime } from './runtime.ts';
import { StartProblem } from './services.ts';

/** The promise is 5 s; what is not committed by then is still in the stream and is folded at the next start. */
const STOP_LIMIT_MS = 4500;

const BUILD = new URL('../build/', import.meta.url);

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

function buildId(config: Config): string {
	if (config.isDev) return 'dev';
	const file = new URL('client/_app/version.json', BUILD);
	if (!existsSync(file)) fail('The pages are not built. Run npm start, or npm run build once.');
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

async function servePages(config: Config, http: Server): Promise<RequestListener> {
	if (config.isDev) {
		const { createServer } = await import('vite');
		const vite = await createServer({ server: { middlewareMode: true, hmr: { server: http } }, appType: 'custom' });
		return vite.middlewares;
	}
	const built = (await import(new URL('handler.js', BUILD).href)) as { handler: RequestListener };
	return built.handler;
}

async function main(): Promise<void> {
	// The embedded database makes files that everybody may write; only this user shall.
	process.umask(0o077);
	const read = readConfig(process.env);
	if (!read.ok)
		fail(`These environment values cannot be used:\n${read.problems.map((line) => `  ${line}`).join('\n')}`);
	const { config } = read;
	// adapter-node reads it when the pages are loaded.
	setPageEnvironment(process.env, config.origin);
	const started = performance.now();
	const log = openLog(config.logLevel);
	let runtime: Runtime | null = null;
	let isStopping = false;
	const stop = async (signal: string): Promise<void> => {
		if (isStopping) return;
		isStopping = true;
		say(`${signal}: committing, closing sockets, stopping children`);
		setTimeout(() => {
			log.error('could not stop within 5 s; the rest of the stream is folded at the next start');
			process.exit(0);
		}, STOP_LIMIT_MS).unref();
		await runtime?.stop();
		say('Stopped.');
		process.exit(0);
	};
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
	runtime = await startRuntime({
		config,
		log,
		say,
		build: buildId(config),
		pages: (http) => servePages(config, http)
	});
	say(`Ready in ${((performance.now() - started) / 1000).toFixed(1)} s: ${runtime.url}/wall`);
}

main().catch((error: Error) => {
	fail(error instanceof StartProblem ? error.message : `Could not start: ${error.stack ?? error.message}`);
});
