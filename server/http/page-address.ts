/**
 * The address of a page as the browser has it, handed to SvelteKit. Its Node adapter puts it together from ORIGIN or else
 * from headers that its environment names; these are headers of our own, written over whatever a client sent under the
 * same names, so that pages see the same scheme, host and address as every door [WE6].
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '#server/access/client-address.ts';
import { BARE_PAGE_POLICY } from './headers.ts';

const SCHEME = 'x-yizhan-scheme';
const HOST = 'x-yizhan-host';
const ADDRESS = 'x-yizhan-address';

/** Call before the build is loaded, which reads the environment once. `origin` null: as each request says. */
export function setPageEnvironment(env: NodeJS.ProcessEnv, origin: string | null): void {
	Object.assign(env, { PROTOCOL_HEADER: SCHEME, HOST_HEADER: HOST, ADDRESS_HEADER: ADDRESS });
	// One of the shell would be believed from anybody.
	delete env['PORT_HEADER'];
	if (origin === null) delete env['ORIGIN'];
	else env['ORIGIN'] = origin;
}

/** Call before `pages(request, response)`; false = there is no host to make an address of: answer 400. */
export function readyForPages(request: IncomingMessage, response: ServerResponse, client: Client): boolean {
	if (client.host === null) return false;
	response.setHeader('content-security-policy', BARE_PAGE_POLICY);
	Object.assign(request.headers, {
		[SCHEME]: client.isHttps ? 'https' : 'http',
		[HOST]: client.host,
		[ADDRESS]: client.address
	});
	return true;
}
