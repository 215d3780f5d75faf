/** The HTTP server and what answers on it: first a word of patience, then the application. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { proxyTrust } from './access/client-address.ts';
import type { Config } from './config.ts';
import { protectedResponse, refuseBrokenRequest } from './http/headers.ts';
import { StartProblem } from './services.ts';

export interface FrontDoor {
	readonly http: Server;
	/** what answers from now on */
	answer: RequestListener;
	/** Gives the address back and throws on why. */
	close(error: Error): never;
}

const answerStarting: RequestListener = (_, response) => {
	response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '2' }).end('starting\n');
};

/** Listens at once. Throws `StartProblem` where the address cannot be had. */
export async function openFrontDoor(config: Config): Promise<FrontDoor> {
	const trust = proxyTrust(config.trustedProxies, config.origin);
	const http = createServer({ ServerResponse: protectedResponse(trust) });
	http.on('clientError', refuseBrokenRequest);
	const door: FrontDoor = {
		http,
		answer: answerStarting,
		close(error) {
			http.closeAllConnections();
			http.close();
			throw error;
		}
	};
	http.on('request', (request, response) => door.answer(request, response));
	await listen(http, config);
	return door;
}

async function listen(http: Server, { port, host }: Config): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		http.once('error', (error: NodeJS.ErrnoException) => {
			const isTaken = error.code === 'EADDRINUSE';
			const taken = `${host}:${port} is in use by another program; stop it, or choose another PORT.`;
			const unusable = `HOST=${host} with PORT=${port} cannot be listened on: ${error.message}`;
			reject(new StartProblem(isTaken ? taken : unusable));
		});
		http.listen(port, host, resolve);
	});
}
