/** Where map tiles are fetched from: a page's content policy must name these hosts, or the browser refuses them. */
import type { TileSource } from './map-settings.ts';

/** `https://host` or `https://host:port`, each once, in the order of the sources and their subdomains. */
export function tileOrigins(sources: readonly Pick<TileSource, 'url' | 'subdomains'>[]): string[] {
	const addresses = sources.flatMap(({ url, subdomains }) =>
		url.includes('{s}') ? subdomains.map((subdomain) => url.replaceAll('{s}', subdomain)) : [url]
	);
	const origins = addresses.map((address) => URL.parse(address.replaceAll(/\{[a-z-]+\}/gi, '1'))?.origin ?? null);
	return [...new Set(origins.filter((origin) => origin !== null))];
}
