/** The settings of the federation's own sign-in, which stand together or not at all. */
import { isLoopback } from './access/origin.ts';

export interface OidcConfig {
	/** As the provider calls itself. */
	issuer: string;
	clientId: string;
	/** Null: a public client. */
	clientSecret: string | null;
	/** What the button of the sign-in page says. */
	label: string;
	/** The claim that holds a person's external name. */
	claim: string;
}

/** null: OIDC_ISSUER is not set. Every bad value adds one sentence to `problems`. */
export function readOidc(env: Record<string, string | undefined>, problems: string[]): OidcConfig | null {
	const text = (name: string): string | null => env[name]?.trim() || null;
	const issuer = text('OIDC_ISSUER');
	const clientId = text('OIDC_CLIENT_ID');
	if (issuer === null) {
		if (clientId !== null) problems.push('OIDC_CLIENT_ID is set without OIDC_ISSUER: set both or none');
		return null;
	}
	const problem = issuerProblem(issuer);
	if (problem !== null) problems.push(`OIDC_ISSUER=${issuer}: ${problem}`);
	if (clientId === null) problems.push('OIDC_ISSUER is set without OIDC_CLIENT_ID: set both or none');
	return {
		issuer,
		clientId: clientId ?? '',
		clientSecret: text('OIDC_CLIENT_SECRET'),
		label: text('OIDC_LABEL') ?? '统一认证',
		claim: text('OIDC_CLAIM') ?? 'preferred_username'
	};
}

/** Without TLS anybody on the way could say who somebody is; on the machine itself nobody is on the way. */
function issuerProblem(issuer: string): string | null {
	const url = URL.parse(issuer);
	const isGood = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
	return isGood ? null : 'use the address of the provider, with https:// (http:// on loopback only)';
}
