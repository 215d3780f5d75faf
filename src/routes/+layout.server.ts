import { THEME_COOKIE, themeOf } from '#lib/shell/theme.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies }) => ({
	session: locals.session,
	isDemo: locals.services?.isDemo ?? false,
	theme: themeOf(cookies.get(THEME_COOKIE)),
	// Nobody learns nothing.
	sources: (locals.session && locals.services?.sources()) ?? [],
	isEmpty: locals.session !== null && (locals.services?.isEmpty() ?? false)
});
