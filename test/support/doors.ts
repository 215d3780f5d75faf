import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ROLES } from '#domain/role.ts';
import type { Caller, PersonCaller } from '#server/access/caller.ts';
import type { Routes } from '#server/http/route.ts';

export type TestDoors = { url: string; close: () => Promise<void> };

/** Somebody who may do everything everywhere, as no real person may. */
export const EVERYTHING: PersonCaller = {
	kind: 'person',
	id: 'p-test',
	userName: 'test',
	displayName: 'Test',
	sessionId: 's-test',
	need: null,
	roles: [...ROLES],
	grants: ROLES.map((column) => ({ column, scope: { level: 'city' }, lines: null })),
	idleAt: Infinity,
	endsAt: Infinity,
	changesAt: Infinity,
	isSample: false,
	address: '127.0.0.1'
};

/** Routes on a loopback port for one caller, without the rules and without the rest of the product. A path without a route, and a route that throws, answer 500. */
export async function openDoors(routes: Routes, caller: Caller = EVERYTHING): Promise<TestDoors> {
	const http = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		const answered = new Promise<void>((resolve) => {
			const route = routes.get(`${request.method} ${url.pathname}`);
			if (!route) throw new Error(`There is no door ${request.method} ${url.pathname}.`);
			resolve(route.answer(request, response, url, caller));
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
