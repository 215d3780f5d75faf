/** Who came, by what they do for a living. */
import { OCCUPATIONS, type Occupation } from '#domain/event.ts';
import type { BucketSums, OccupationSum } from '#server/store/history-store.ts';
import type { Range } from './request.ts';

export interface OccupationPoint {
	/** beginning of the period */
	readonly at: string;
	/** visits in the order of OCCUPATIONS; null = nobody reported in this period */
	readonly counts: readonly number[] | null;
}

const PLACE: ReadonlyMap<Occupation, number> = new Map(OCCUPATIONS.map((one, index) => [one, index]));

/** Points of a range, oldest first. `reported`: the buckets of the same range, which tell silence from no visit. */
export function occupationPoints(
	range: Range,
	rows: readonly OccupationSum[],
	reported: readonly BucketSums[]
): OccupationPoint[] {
	const counts = new Map(reported.map(({ at }) => [at, OCCUPATIONS.map(() => 0)]));
	for (const { at, occupation, visits } of rows) {
		const list = counts.get(at) ?? OCCUPATIONS.map(() => 0);
		// A word that this version does not know was written by a newer one.
		const place = PLACE.get(occupation) ?? OCCUPATIONS.indexOf('unknown');
		list[place] = (list[place] ?? 0) + visits;
		counts.set(at, list);
	}
	const period = range.periodSeconds * 1000;
	return Array.from({ length: (range.toMs - range.fromMs) / period }, (_, index) => {
		const at = range.fromMs + index * period;
		return { at: new Date(at).toISOString(), counts: counts.get(at) ?? null };
	});
}
