/** The languages of the pages: how each is named in itself, and its tag in a document. */
import { baseLocale, locales, type Locale } from '#lib/paraglide/runtime.js';

export const LANGUAGE_TAG: Record<Locale, string> = { zh: 'zh-CN', en: 'en' };

/** A language is offered in its own words: who cannot read the page must find it. */
export const LANGUAGE_NAME: Record<Locale, string> = { zh: '中文', en: 'English' };

/** The language of a document's tag; Chinese where it is none of ours. */
export function localeOfTag(tag: string): Locale {
	return locales.find((locale) => LANGUAGE_TAG[locale] === tag) ?? baseLocale;
}
