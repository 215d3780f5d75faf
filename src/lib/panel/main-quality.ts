import type { Evidence } from '#domain/measure.ts';
import type { FigureQuality } from '#domain/table.ts';

/** The weaker first: of two that are equally many, the mark is the one that promises less. */
const WEAKEST_FIRST: readonly FigureQuality[] = ['estimated', 'reported', 'measured'];

/** How most of a figure's records came to be; null when none is known. */
export function mainQuality(quality: Evidence['quality']): FigureQuality | null {
	let main: FigureQuality | null = null;
	for (const one of WEAKEST_FIRST) if (quality[one] > (main ? quality[main] : 0)) main = one;
	return main;
}
