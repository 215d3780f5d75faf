import { error, redirect, type Handle, type HandleServerError, type RequestEvent } from '@sveltejs/kit';
import type { IncomingHttpHeaders } from 'node:http';
import { must } from '#domain/must.ts';
import { m } from '#lib/paraglide/messages.js';
import { cookieName, toLocale } from '#lib/paraglide/runtime.js';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { LANGUAGE_TAG } from '#lib/shell/languages.ts';
import { completePolicy } from '#lib/shell/page-policy.ts';
import { THEME_COOKIE, themeOf } from '#lib/shell/theme.ts';
import type { PageCaller, PageRequest, PageServices } from './app.d.ts';
import { compressed } from './compressed.ts';
import { PAGE_RULES } from './page-rules.ts';
import { judgePage, sessionOf } from './page-session.ts';

// The bundle of the pages and the server are two module graphs in one process; this symbol is where they meet.
const SERVICES = Symbol.for('yizhan.services');

const YEAR_SECONDS = 365 * 86_400;

/**
 * Language and theme are written into the page before it is sent: nothing flashes, and a page without scripts has both.
 * `?lang=en` on any address sets the language of that browser: a kiosk has an address and no hands. Then the page's rule
 * is asked, before anything of it is loaded.
 */
export const handle: Handle = async ({ event, resolve }) => {
	const services = (globalThis as { [SERVICES]?: PageServices })[SERVICES] ?? null;
	event.locals.services = services;
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
	const caller = services && (await services.callerOf(requestOf(event)));
	event.locals.session = sessionOf(caller, services?.places ?? null);
	const theme = themeOf(cookies.get(THEME_COOKIE));
	return paraglideMiddleware(request, async ({ locale }) => {
		const refusal = services && caller && admit(event, services, caller);
		if (refusal) return refuse(event, refusal);
		const response = await resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', LANGUAGE_TAG[locale]).replace('%theme%', theme)
		});
		completePolicy(response.headers, (await services?.imageOrigins()) ?? []);
		return compressed(request, response);
	});
};

/** What broke goes to the log, whole; the reader learns that it broke [WE4]. */
export const handleError: HandleServerError = ({ error: cause, event, status, message }) => {
	if (status < 500) return { message };
	const failure = cause instanceof Error ? cause : new Error(String(cause));
	if (event.locals.services) event.locals.services.failed(failure);
	else process.emitWarning(failure);
	return { message: m.shell_error_failed() };
};

type Refusal = 'no_right' | 'out_of_scope';

/**
 * The refusal, null = come in; throws the way to the sign-in. An address without a route is nobody's secret: it is not
 * found.
 */
function admit(
	{ route, params, url, locals }: RequestEvent,
	services: PageServices,
	caller: PageCaller
): Refusal | null {
	if (route.id === null) return null;
	const rule = must(PAGE_RULES[route.id], `the page ${route.id} has no rule`);
	const code = params.code ?? '';
	const verdict = judgePage(rule, locals.session, code, services.places);
	if (verdict === 'open') return null;
	const scope = typeof rule === 'object' && rule.scope !== 'own' ? `${rule.scope}:${code}` : null;
	services.pageRefused(caller, url.pathname, scope, verdict);
	if (verdict === 'screen') redirect(303, '/wall');
	if (verdict === 'sign_in') redirect(303, `/sign-in?next=${encodeURIComponent(`${url.pathname}${url.search}`)}`);
	return verdict;
}

/**
 * An error thrown here would be shown bare, outside the frame of all pages, with no way on: a person who asks for a page is
 * given the one that says so. Everything else gets the plain refusal.
 */
function refuse({ isDataRequest, request, fetch }: RequestEvent, why: Refusal): Promise<Response> {
	const isPage = !isDataRequest && (request.headers.get('accept') ?? '').includes('text/html');
	if (isPage) return fetch(`/refused?why=${why}`);
	error(403, {
		message: why === 'no_right' ? m.shell_error_no_right() : m.shell_error_out_of_scope(),
		advice: m.shell_error_no_right_advice()
	});
}

/** The request as Node had it; in development Vite hides it, and its headers have to do. */
function requestOf(event: RequestEvent): PageRequest {
	const { platform, request } = event;
	if (platform?.req) return platform.req;
	const headers = Object.fromEntries(request.headers) as IncomingHttpHeaders;
	return { headers, socket: { remoteAddress: event.getClientAddress() } };
}
