/** What must be written on the map: names of sources and review numbers, each once. Pure. */
import type { Basemap } from './basemap.ts';

export interface Credits {
	readonly attributions: readonly string[];
	/** 审图号 */
	readonly reviewNumbers: readonly string[];
}

/** `isTiled`: tiles are shown, so theirs are written too. */
export function creditsOf(geo: Basemap | null, isTiled: boolean): Credits {
	const tiles = isTiled ? (geo?.settings?.tiles ?? []) : [];
	return {
		attributions: onceEach([
			geo?.settings?.attribution,
			geo?.areas?.attribution,
			...tiles.map(({ attribution }) => attribution)
		]),
		reviewNumbers: onceEach([
			geo?.settings?.reviewNumber,
			geo?.areas?.reviewNumber,
			...tiles.map(({ reviewNo }) => reviewNo)
		])
	};
}

function onceEach(texts: readonly (string | null | undefined)[]): string[] {
	return [...new Set(texts.flatMap((text) => (text?.trim() ? [text.trim()] : [])))];
}
