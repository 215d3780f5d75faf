/** Light, dark, or what the machine prefers. Kept in a cookie, so that the server sends the page as it will look. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = 'yizhan-theme';

const YEAR_SECONDS = 365 * 86_400;

/** `system` for anything that is no theme: cookies come from outside. */
export function themeOf(text: string | undefined): Theme {
	return THEMES.find((theme) => theme === text) ?? 'system';
}

/** Shows a theme at once and keeps it for this browser. */
export function chooseTheme(theme: Theme): void {
	document.documentElement.dataset['theme'] = theme;
	document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
