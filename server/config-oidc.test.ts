import { describe, expect, test } from 'vitest';
import { readOidc } from './config-oidc.ts';

function read(env: Record<string, string>): { problems: string[]; oidc: ReturnType<typeof readOidc> } {
	const problems: string[] = [];
	return { oidc: readOidc(env, problems), problems };
}

describe("the settings of the federation's own sign-in", () => {
	test('are none, or an issuer and a client with defaults for the rest', () => {
		expect(read({})).toEqual({ oidc: null, problems: [] });
		expect(read({ OIDC_ISSUER: 'https://id.example.org', OIDC_CLIENT_ID: ' yizhan ' })).toEqual({
			oidc: {
				issuer: 'https://id.example.org',
				clientId: 'yizhan',
				clientSecret: null,
				label: '统一认证',
				claim: 'preferred_username'
			},
			problems: []
		});
		const all = {
			OIDC_ISSUER: 'http://127.0.0.1:9',
			OIDC_CLIENT_ID: 'y',
			OIDC_CLIENT_SECRET: 's',
			OIDC_LABEL: 'L',
			OIDC_CLAIM: 'c'
		};
		expect(read(all).oidc).toMatchObject({ clientSecret: 's', label: 'L', claim: 'c' });
	});

	test('[PP13] take an address without TLS on loopback only, and stand together', () => {
		for (const [env, problem] of [
			[{ OIDC_ISSUER: 'http://id.example.org', OIDC_CLIENT_ID: 'y' }, 'https://'],
			[{ OIDC_ISSUER: 'ftp://127.0.0.1', OIDC_CLIENT_ID: 'y' }, 'https://'],
			[{ OIDC_ISSUER: 'id', OIDC_CLIENT_ID: 'y' }, 'https://'],
			[{ OIDC_ISSUER: 'https://id.example.org' }, 'without OIDC_CLIENT_ID'],
			[{ OIDC_CLIENT_ID: 'y' }, 'without OIDC_ISSUER']
		] as const) {
			const { problems } = read(env);
			expect(problems).toHaveLength(1);
			expect(problems[0]).toContain(problem);
		}
	});
});
