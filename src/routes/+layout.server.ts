import { THEME_COOKIE, themeOf } from '#lib/shell/theme.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies }) => ({
	session: locals.session,
	isDemo: locals.services?.isDemo ?? false,
	theme: themeOf(cookies.get(THEME_COOKIE)),
	sources: locals.services?.sources() ?? [],
	isEmpty: locals.services?.isEmpty() ?? false
});
