import { THEME_COOKIE, themeOf } from '#lib/shell/theme.ts';
import { sourcesFor } from '../sources-for.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies }) => ({
	session: locals.session,
	isDemo: locals.services?.isDemo ?? false,
	theme: themeOf(cookies.get(THEME_COOKIE)),
	sources: sourcesFor(locals),
	isEmpty: locals.session !== null && (locals.services?.isEmpty() ?? false)
});
