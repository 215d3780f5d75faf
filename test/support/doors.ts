import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Routes } from '#server/http/route.ts';

export type TestDoors = { url: string; close: () => Promise<void> };

/** Routes on a loopback port, without the rest of the product. A path without a route, and a route that throws, answer 500. */
export async function openDoors(routes: Routes): Promise<TestDoors> {
	const http = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		const answered = new Promise<void>((resolve) => {
			const route = routes.get(`${request.method} ${url.pathname}`);
			if (!route) throw new Error(`There is no door ${request.method} ${url.pathname}.`);
			resolve(route(request, response, url));
		});
		answered.catch((error: Error) =>
			response.writeHead(500).end(JSON.stringify({ code: 'thrown', message: error.stack }))
		);
	});
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		async close() {
			http.closeAllConnections();
			http.close();
			await once(http, 'close');
		}
	};
}
