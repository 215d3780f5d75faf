/** How many rows contradict the district they state, under each datum: what a person needs to choose the right one. */
import { CHOICES, type DatumChoice, type Placing, type StatedPoint } from './protocol.ts';

/** The area at a point of WGS-84 by codes of the registry, by service areas or official boundaries; null outside all of them. */
export type AreaAt = (
	lng: number,
	lat: number
) => { readonly district: string | null; readonly street: string | null } | null;

/** `[lng, lat, line, verdict]`, WGS-84; verdict 0 = in another district than stated, 1 = in the stated one, 2 = not checked */
export type PlacedPoint = readonly [lng: number, lat: number, line: number, verdict: 0 | 1 | 2];

export interface DatumPlacement {
	readonly datum: DatumChoice;
	/** At most `SHOWN_POINTS`, evenly over the file */
	readonly points: readonly PlacedPoint[];
	readonly mismatches: number;
	/** Rows that could be checked */
	readonly checked: number;
	/** mismatches ÷ checked; null when nothing could be checked */
	readonly share: number | null;
}

export interface Placement {
	readonly datums: readonly DatumPlacement[];
	/** The datum that contradicts clearly less than the others; a hint, never a choice */
	readonly suggestion: DatumChoice | null;
	/** areas: by boundaries or service areas · neighbours: by the districts of the sites around */
	readonly method: 'areas' | 'neighbours';
	/** Rows with coordinates */
	readonly located: number;
	/** Rows whose longitude and latitude stood in each other's place */
	readonly swapped: number;
	/** Some row names no datum of its own: one must be chosen before a preview */
	readonly isDatumNeeded: boolean;
}

const SHOWN_POINTS = 2_000;
/** Rows between two pauses in which the server answers others */
const PAUSE_EVERY = 2_000;
/** A datum is suggested only when every other one contradicts at least so many more rows, in share and in number. */
const CLEAR_SHARE = 0.005;
const CLEAR_ROWS = 3;

type Verdicts = readonly (0 | 1 | 2)[];

/** `doubts` is asked for only when no area can be told for any row: lines of doubtful rows under each datum. */
export async function mismatchesOf(
	placing: Placing,
	areaAt: AreaAt | undefined,
	doubts: () => Promise<readonly (readonly number[])[]>
): Promise<Placement> {
	const { points, located, swapped, isDatumNeeded } = placing;
	const byArea = areaAt === undefined ? null : await verdictsByArea(points, areaAt);
	const isByArea = byArea !== null && byArea.some((verdicts) => verdicts.some((verdict) => verdict !== 2));
	const verdicts = isByArea ? byArea : points.length === 0 ? [] : verdictsByDoubt(points, await doubts());
	const datums = CHOICES.map((datum, index) => datumPlacement(datum, index, points, verdicts[index] ?? []));
	const method = isByArea ? 'areas' : 'neighbours';
	return { datums, suggestion: suggestionOf(datums), method, located, swapped, isDatumNeeded };
}

async function verdictsByArea(points: readonly StatedPoint[], areaAt: AreaAt): Promise<Verdicts[]> {
	const verdicts: (0 | 1 | 2)[][] = CHOICES.map(() => []);
	for (const [row, { district, at }] of points.entries()) {
		at.forEach(([lng, lat], index) => verdicts[index]?.push(verdictOf(district, areaAt(lng, lat))));
		if (row % PAUSE_EVERY === PAUSE_EVERY - 1) await new Promise((resolve) => void setImmediate(resolve));
	}
	return verdicts;
}

function verdictOf(stated: string | null, area: ReturnType<AreaAt>): 0 | 1 | 2 {
	if (stated === null || area === null || area.district === null) return 2;
	return area.district === stated ? 1 : 0;
}

function verdictsByDoubt(points: readonly StatedPoint[], doubts: readonly (readonly number[])[]): Verdicts[] {
	return CHOICES.map((_, index) => {
		const doubtful = new Set(doubts[index]);
		return points.map(({ district, line }) => (district === null ? 2 : doubtful.has(line) ? 0 : 1));
	});
}

function datumPlacement(
	datum: DatumChoice,
	index: number,
	points: readonly StatedPoint[],
	verdicts: Verdicts
): DatumPlacement {
	const mismatches = verdicts.filter((verdict) => verdict === 0).length;
	const checked = verdicts.filter((verdict) => verdict !== 2).length;
	const step = Math.max(1, points.length / SHOWN_POINTS);
	const shown: PlacedPoint[] = [];
	for (let place = 0; place < points.length; place += step) {
		const row = Math.floor(place);
		const point = points[row];
		const [lng, lat] = point?.at[index] ?? [];
		if (point !== undefined && lng !== undefined && lat !== undefined)
			shown.push([lng, lat, point.line, verdicts[row] ?? 2]);
	}
	return { datum, points: shown, mismatches, checked, share: checked === 0 ? null : mismatches / checked };
}

function suggestionOf(datums: readonly DatumPlacement[]): DatumChoice | null {
	const [best, next] = datums.filter(({ share }) => share !== null).toSorted((a, b) => a.mismatches - b.mismatches);
	if (best === undefined || next === undefined) return null;
	const isClear =
		(next.share ?? 0) - (best.share ?? 0) >= CLEAR_SHARE && next.mismatches - best.mismatches >= CLEAR_ROWS;
	return isClear ? best.datum : null;
}
