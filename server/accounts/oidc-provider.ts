/** The provider of the federation's own sign-in, found when it is first needed: a start never waits for it. */
import {
	allowInsecureRequests,
	authorizationCodeGrant,
	AuthorizationResponseError,
	buildAuthorizationUrl,
	calculatePKCECodeChallenge,
	ClientError,
	discovery,
	enableNonRepudiationChecks,
	fetchUserInfo,
	None,
	randomNonce,
	randomPKCECodeVerifier,
	randomState,
	type Configuration
} from 'openid-client';
import type { Flow } from './oidc-flow.ts';
import type { OidcSettings } from './options.ts';
import type { OidcProblem } from './shapes.ts';

/** Why nobody came back signed in. `message` is for the log. */
export class OidcRefusal extends Error {
	readonly problem: OidcProblem;

	constructor(problem: OidcProblem, cause: Error) {
		super(`${problem}: ${cause.message}`, { cause });
		this.problem = problem;
	}
}

/** Who the provider says it is. */
export interface Identity {
	/** issuer and subject: never given to somebody else */
	readonly subject: string;
	/** what the claim of the configuration says; null = nothing */
	readonly externalName: string | null;
}

const TIMEOUT_SECONDS = 5;
const ATTEMPTS = 2;
/** A provider changes its keys and addresses rarely; after an hour it is asked again. */
const KEPT_MS = 3_600_000;

export class OidcProvider {
	readonly #settings: OidcSettings;
	readonly #now: () => number;
	#found: { readonly until: number; readonly configuration: Promise<Configuration> } | null = null;

	constructor(settings: OidcSettings, now: () => number) {
		this.#settings = settings;
		this.#now = now;
	}

	/** Where to send the browser, and what it has to bring back. Throws `OidcRefusal`. */
	async begin(redirectUri: string): Promise<Omit<Flow, 'next' | 'startedAt'> & { readonly to: URL }> {
		const configuration = await this.#configuration();
		const flow = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
		const to = buildAuthorizationUrl(configuration, {
			redirect_uri: redirectUri,
			scope: 'openid profile',
			state: flow.state,
			nonce: flow.nonce,
			code_challenge: await calculatePKCECodeChallenge(flow.verifier),
			code_challenge_method: 'S256'
		});
		return { ...flow, to };
	}

	/** `url`: the address that the provider sent the browser to. Throws `OidcRefusal`. */
	async finish(url: URL, flow: Flow): Promise<Identity> {
		const configuration = await this.#configuration();
		try {
			const checks = { expectedState: flow.state, expectedNonce: flow.nonce, pkceCodeVerifier: flow.verifier };
			const tokens = await authorizationCodeGrant(configuration, url, { ...checks, idTokenExpected: true });
			const claims = tokens.claims();
			if (!claims) throw new Error('The provider sent no ID token.');
			const { claim } = this.#settings;
			// Many providers tell names only to who asks for them with the access token.
			const info = claims[claim] ?? (await fetchUserInfo(configuration, tokens.access_token, claims.sub))[claim];
			const externalName = typeof info === 'string' && info.trim() !== '' ? info.trim() : null;
			return { subject: `${claims.iss} ${claims.sub}`, externalName };
		} catch (error) {
			throw new OidcRefusal(problemOf(error), error as Error);
		}
	}

	async #configuration(): Promise<Configuration> {
		if (this.#found && this.#found.until > this.#now()) return this.#found.configuration;
		const configuration = this.#discover();
		const found = { until: this.#now() + KEPT_MS, configuration };
		this.#found = found;
		try {
			return await configuration;
		} catch (error) {
			// Away now: whoever comes next asks again.
			if (this.#found === found) this.#found = null;
			throw new OidcRefusal('oidc_unavailable', error as Error);
		}
	}

	async #discover(): Promise<Configuration> {
		const { issuer, clientId, clientSecret } = this.#settings;
		const server = new URL(issuer);
		const execute =
			server.protocol === 'http:' ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks];
		const auth = clientSecret === null ? None() : undefined;
		for (let attempt = 1; ; attempt++) {
			try {
				return await discovery(server, clientId, clientSecret ?? undefined, auth, {
					execute,
					timeout: TIMEOUT_SECONDS
				});
			} catch (error) {
				if (attempt >= ATTEMPTS) throw error;
			}
		}
	}
}

function problemOf(error: unknown): OidcProblem {
	if (error instanceof AuthorizationResponseError) return 'oidc_refused';
	// `fetch` fails with a TypeError where nobody answers.
	const isAway = (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT') || isNetwork(error);
	return isAway ? 'oidc_unavailable' : 'oidc_failed';
}

function isNetwork(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return (error instanceof TypeError && error.message === 'fetch failed') || isNetwork(error.cause);
}
