import { overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { localeOfTag } from '#lib/shell/languages.ts';

// A page keeps the language in which it was sent: what the server and the browser write is then the same, and a list of a
// thousand names does not read the cookie a thousand times.
const locale = localeOfTag(document.documentElement.lang);
overwriteGetLocale(() => locale);
