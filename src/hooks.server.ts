import { redirect, type Handle } from '@sveltejs/kit';
import { cookieName, toLocale } from '#lib/paraglide/runtime.js';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { LANGUAGE_TAG } from '#lib/shell/languages.ts';
import { THEME_COOKIE, themeOf } from '#lib/shell/theme.ts';
import type { PageServices } from './app.d.ts';

// The bundle of the pages and the server are two module graphs in one process; this symbol is where they meet.
const SERVICES = Symbol.for('yizhan.services');

const YEAR_SECONDS = 365 * 86_400;

/**
 * Language and theme are written into the page before it is sent: nothing flashes, and a page without scripts has both.
 * `?lang=en` on any address sets the language of that browser: a kiosk has an address and no hands.
 */
export const handle: Handle = ({ event, resolve }) => {
	event.locals.services = (globalThis as { [SERVICES]?: PageServices })[SERVICES] ?? null;
	const { url, cookies, request } = event;
	const asked = toLocale(url.searchParams.get('lang') ?? undefined);
	if (asked && request.method === 'GET') {
		cookies.set(cookieName, asked, {
			path: '/',
			maxAge: YEAR_SECONDS,
			httpOnly: false,
			secure: false,
			sameSite: 'lax'
		});
		const clean = new URL(url);
		clean.searchParams.delete('lang');
		redirect(307, `${clean.pathname}${clean.search}`);
	}
	const theme = themeOf(cookies.get(THEME_COOKIE));
	return paraglideMiddleware(request, ({ locale }) =>
		resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', LANGUAGE_TAG[locale]).replace('%theme%', theme)
		})
	);
};
