/**
 * A certified OpenID provider on loopback with two people in it. Its sign-in and consent pages are answered by the test, step by step,
 * as a person in a browser would.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Provider } from 'oidc-provider';
import type { TestBrowser } from './accounts.ts';

export interface TestProvider {
	readonly issuer: string;
	/** `stop()` and `start()` keep the address: a provider that was away comes back */
	start(): Promise<void>;
	stop(): Promise<void>;
	/** Follows the provider's pages as this person; the address at which it sends the browser back to us. */
	signIn(browser: TestBrowser, from: string, accountId: string | null): Promise<string>;
}

export const CLIENT = { clientId: 'yizhan', clientSecret: 'a-secret-of-the-test' };

export async function testProvider(port: number, redirectUri: () => string): Promise<TestProvider> {
	const issuer = `http://127.0.0.1:${port}`;
	let server: Server | null = null;
	const start = async (): Promise<void> => {
		const provider = new Provider(issuer, {
			clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: [redirectUri()] }],
			claims: { openid: ['sub'], profile: ['preferred_username', 'employee'] },
			features: { devInteractions: { enabled: false } },
			interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
			findAccount: (_, id) => ({
				accountId: id,
				claims: () => ({ sub: id, preferred_username: `${id}@union`, employee: `no-${id}` })
			}),
			pkce: { required: () => true },
			cookies: { keys: ['test'] },
			ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 }
		});
		const pages = provider.callback();
		server = createServer((request, response) => {
			const match = /^\/interaction\/[^/]+\/(login|abort)(?:\/(.+))?$/.exec(request.url ?? '');
			if (!match) return void pages(request, response);
			interact(provider, request, response, match[1] === 'abort' ? null : decodeURIComponent(match[2] ?? '')).catch(
				(error: Error) => response.writeHead(500).end(error.stack)
			);
		});
		server.listen(port, '127.0.0.1');
		await once(server, 'listening');
	};
	await start();
	return {
		issuer,
		start,
		async stop() {
			server?.closeAllConnections();
			server?.close();
			if (server) await once(server, 'close');
			server = null;
		},
		async signIn(browser, from, accountId) {
			let url = new URL(from);
			for (let step = 0; step < 12; step++) {
				if (url.origin !== issuer) return url.href;
				const asked = url.pathname.startsWith('/interaction/') && !/\/(login|abort)/.test(url.pathname);
				const to = asked ? `${url.pathname}/${accountId === null ? 'abort' : `login/${accountId}`}` : url;
				const response = await browser.fetch(new URL(to, issuer));
				const location = response.headers.get('location');
				if (location === null) throw new Error(`${url.href}: ${response.status} ${await response.text()}`);
				url = new URL(location, issuer);
			}
			throw new Error('The provider does not send the browser back.');
		}
	};
}

type Interacting = Parameters<Provider['interactionDetails']>;

/** Signs in as an account and agrees to everything, or walks away. */
async function interact(
	provider: Provider,
	request: Interacting[0],
	response: Interacting[1],
	accountId: string | null
): Promise<void> {
	const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
	const options = { mergeWithLastSubmission: true };
	if (accountId === null) {
		const refused = { error: 'access_denied', error_description: 'The person walked away.' };
		return provider.interactionFinished(request, response, refused);
	}
	if (prompt.name === 'login') {
		return provider.interactionFinished(request, response, { login: { accountId } }, options);
	}
	const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
	const grant =
		known ?? new provider.Grant({ accountId: session?.accountId ?? accountId, clientId: String(params['client_id']) });
	grant.addOIDCScope('openid profile');
	await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, options);
}
