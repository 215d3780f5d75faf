import type { CatchUp } from '#lib/live/connection.svelte.ts';
import { durationText, numberText } from '#lib/panel/figure-text.ts';
import { m } from '#lib/paraglide/messages.js';

/** A blink of the line is no news. */
const WORTH_TELLING_MS = 5_000;

/** What a page says when its line is mended; null = nothing worth a notice. */
export function catchUpText({ elapsedMs, sites, values }: CatchUp): string | null {
	if (elapsedMs < WORTH_TELLING_MS) return null;
	const duration = durationText(elapsedMs);
	if (values === 0) return m.shell_caught_up_nothing({ duration });
	return m.shell_caught_up({ duration, sites: numberText(sites), values: numberText(values) });
}
