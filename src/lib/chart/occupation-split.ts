/** Who came: visits of today by occupation (职业构成). Pure. */
import type { MaskedCounts } from '#domain/masking.ts';
import { OCCUPATIONS, type Occupation } from '#domain/occupation.ts';

/** Groups with fewer visits than this are shown within `other`: a very small group is a person somebody knows. */
export const FEWEST_SHOWN = 5;

export interface OccupationShare {
	readonly occupation: Occupation;
	readonly visits: number;
	/** of the visits whose occupation is known, 0 … 1; null for `unknown`, which is a share of all */
	readonly share: number;
}

export interface OccupationSplit {
	/** most first, `other` last; without `unknown` and without groups of 0 */
	readonly known: readonly OccupationShare[];
	/** visits of which nobody told the occupation, as a share of all; null when everybody told */
	readonly unknown: OccupationShare | null;
	/** of all groups that may be told: what the parts add up to */
	readonly total: number;
	/** groups that may not be told, of which nobody knows whether they are large [PE20] */
	readonly hidden: readonly Occupation[];
}

/**
 * `counts` by OCCUPATIONS; null = nobody has told anything. At most `limit` groups have a row of their own; what the others
 * had stands under `other`, so that rows add up to the total. A hidden one stands under none of them.
 */
export function occupationSplit(counts: MaskedCounts | null, limit: number): OccupationSplit | null {
	if (!counts) return null;
	const of = (occupation: Occupation): number => counts[OCCUPATIONS.indexOf(occupation)] ?? 0;
	const total = OCCUPATIONS.reduce((sum, occupation) => sum + of(occupation), 0);
	const unknown = of('unknown');
	const told = total - unknown;
	const named = OCCUPATIONS.filter((occupation) => occupation !== 'other' && occupation !== 'unknown')
		.map((occupation) => ({ occupation, visits: of(occupation), share: of(occupation) / told }))
		.filter(({ visits }) => visits >= FEWEST_SHOWN)
		.sort((a, b) => b.visits - a.visits)
		.slice(0, limit);
	const other = told - named.reduce((sum, { visits }) => sum + visits, 0);
	return {
		known: other > 0 ? [...named, { occupation: 'other', visits: other, share: other / told }] : named,
		unknown: unknown > 0 ? { occupation: 'unknown', visits: unknown, share: unknown / total } : null,
		total,
		hidden: OCCUPATIONS.filter((_, index) => counts[index] === null)
	};
}
