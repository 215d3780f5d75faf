/**
 * Where to go after signing in. An address comes from outside: only a path of this site is taken, or anybody could send
 * people to a page of theirs through ours. Pure.
 */

/** Any origin will do: what leaves it was no path of this site. */
const HERE = 'http://here.invalid';

/** The path with its query and fragment; null for what is no path of this site, and for the doors of signing in themselves. */
export function localPath(text: string | null): string | null {
	// Browsers read a backslash as a slash, and drop tabs and line ends: `/\t/evil.example` leaves the site.
	// eslint-disable-next-line no-control-regex -- control characters are what is looked for
	if (text === null || !text.startsWith('/') || /[\\\u0000-\u001f]/u.test(text)) return null;
	const url = URL.parse(text, HERE);
	if (url?.origin !== HERE || url.pathname.startsWith('//')) return null;
	if (/^\/(sign-in|link|api)(\/|$)/u.test(url.pathname)) return null;
	return `${url.pathname}${url.search}${url.hash}`;
}
