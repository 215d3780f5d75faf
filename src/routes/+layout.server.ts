import { THEME_COOKIE, themeOf } from '#lib/shell/theme.ts';
import type { LayoutServerLoad } from './$types';

const hasCity = ({ session }: App.Locals): boolean => session?.kind === 'person' || session?.home === 'city';

export const load: LayoutServerLoad = ({ locals, cookies }) => ({
	session: locals.session,
	isDemo: locals.services?.isDemo ?? false,
	theme: themeOf(cookies.get(THEME_COOKIE)),
	// Feeds are the city's: nobody hears of them, nor does a screen of a part of it.
	sources: (hasCity(locals) && locals.services?.sources()) || [],
	isEmpty: locals.session !== null && (locals.services?.isEmpty() ?? false)
});
