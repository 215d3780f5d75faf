/** The content policy of a page, made by SvelteKit from svelte.config.js, completed when the page is sent [WE2]. */

const POLICY = 'content-security-policy';

/** `imageOrigins`: where the configured map tiles come from, such as `https://t0.tianditu.gov.cn`. */
export function completePolicy(headers: Headers, imageOrigins: readonly string[]): void {
	if (!headers.get('content-type')?.startsWith('text/html')) return;
	const policy = headers.get(POLICY);
	// The page of last resort has none here: the server's own for it stands (server/http/headers.ts).
	if (policy !== null) headers.set(POLICY, withImages(policy, imageOrigins));
	// Names and figures stay on no disk of a shared desk, and going back after signing out asks again.
	headers.set('cache-control', 'no-store');
}

function withImages(policy: string, origins: readonly string[]): string {
	// An origin in a header, whatever it was read from, ends where the next directive could begin.
	const plain = origins.filter((origin) => /^https?:\/\/[a-z\d.[\]:-]+$/i.test(origin));
	return policy.replace(/(^|; )img-src [^;]*/, (directive) => [directive, ...plain].join(' '));
}
