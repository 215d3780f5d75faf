/**
 * The memory of live state: what the fold must know of each site beside the values that screens see. One typed array per idea, rows
 * by slot, as in the columns.
 */
import { BUCKET_WIDTH } from './buckets.ts';
import { OCCUPATION_WIDTH } from './occupation-pieces.ts';

/** Times and counters per slot that no screen sees. Times in ms, 0 = never. */
export interface Memory {
	insideAt: Float64Array;
	envAt: Float64Array;
	co2At: Float64Array;
	mainsAt: Float64Array;
	doorAt: Float64Array;
	/** newest event time in ms; `columns.seenAt` holds the same in seconds */
	seenAt: Float64Array;
	/** one of DOOR */
	door: Uint8Array;
	/** when the status must be judged again; 0 = it was not yet, since the start or a change of the registry */
	dueAt: Float64Array;
	/** visits dated tomorrow: clocks may run up to 5 min ahead, also over midnight */
	visitsTomorrow: Int32Array;
	/** rows of BUCKET_WIDTH */
	bucket: Int32Array;
	/** event time of what the column `quality` tells */
	qualityAt: Float64Array;
	/** visits of today, rows of OCCUPATION_WIDTH */
	occupations: Int32Array;
	/** ms: up to when the posted hours are accounted for [FU2]; 0 = never looked at */
	accountedUntil: Float64Array;
	/** ms: an entry received from then on is preceded by a look; 0 = every entry is */
	accountDue: Float64Array;
	/** ms of the day of `accountedUntil`: posted, and of those open, and of those unknown */
	postedMs: Int32Array;
	openMs: Int32Array;
	unknownMs: Int32Array;
}

/** Numbers per slot where there are more than one. */
const WIDE: { readonly [K in keyof Memory]?: number } = { bucket: BUCKET_WIDTH, occupations: OCCUPATION_WIDTH };

export const widthOf = (key: keyof Memory): number => WIDE[key] ?? 1;

/** Memory of `capacity` slots that know nothing. */
export function emptyMemory(capacity: number): Memory {
	return {
		insideAt: new Float64Array(capacity),
		envAt: new Float64Array(capacity),
		co2At: new Float64Array(capacity),
		mainsAt: new Float64Array(capacity),
		doorAt: new Float64Array(capacity),
		seenAt: new Float64Array(capacity),
		door: new Uint8Array(capacity),
		dueAt: new Float64Array(capacity),
		visitsTomorrow: new Int32Array(capacity),
		bucket: new Int32Array(capacity * BUCKET_WIDTH),
		qualityAt: new Float64Array(capacity),
		occupations: new Int32Array(capacity * OCCUPATION_WIDTH),
		accountedUntil: new Float64Array(capacity),
		accountDue: new Float64Array(capacity),
		postedMs: new Int32Array(capacity),
		openMs: new Int32Array(capacity),
		unknownMs: new Int32Array(capacity)
	};
}
