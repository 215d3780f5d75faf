/**
 * Buckets as points of a line. Every period of the range has a point; one in which nobody reported has no figures (null),
 * never 0: not known is not nothing.
 */
import type { BucketSums } from '#server/store/history-store.ts';
import type { Range } from './request.ts';

export interface HistoryPoint {
	/** beginning of the period */
	readonly at: string;
	/** null = nobody reported in this period; 0 = somebody did, and no visit */
	readonly visits: number | null;
	/** null = nobody counted heads */
	readonly peopleIn: number | null;
	readonly peopleOut: number | null;
	/** largest head count of any one site; it does not add up over sites */
	readonly insideMax: number | null;
	/** mean of all readings, °C */
	readonly temperatureC: number | null;
	/** sites that reported; null where counting them would take too long (ask for longer periods) */
	readonly sites: number | null;
	/** events, 0 where nobody reported */
	readonly events: number;
}

/** Points of a range, oldest first. `counts`: reporting sites by beginning (ms); null = not counted. */
export function pointsOf(
	range: Range,
	rows: readonly BucketSums[],
	counts: ReadonlyMap<number, number> | null
): HistoryPoint[] {
	const byStart = new Map(rows.map((row) => [row.at, row]));
	const period = range.periodSeconds * 1000;
	return Array.from({ length: (range.toMs - range.fromMs) / period }, (_, index) => {
		const at = range.fromMs + index * period;
		return pointOf(at, byStart.get(at), counts && (counts.get(at) ?? 0));
	});
}

function pointOf(atMs: number, row: BucketSums | undefined, sites: number | null): HistoryPoint {
	const at = new Date(atMs).toISOString();
	if (!row || row.events === 0) {
		const nothing = { visits: null, peopleIn: null, peopleOut: null, insideMax: null, temperatureC: null };
		return { at, ...nothing, sites: sites === null ? null : 0, events: 0 };
	}
	// Every event that counts people in and out says how many are inside.
	const isCounted = row.insideMax !== null;
	return {
		at,
		visits: row.visits,
		peopleIn: isCounted ? row.peopleIn : null,
		peopleOut: isCounted ? row.peopleOut : null,
		insideMax: row.insideMax,
		temperatureC: row.temperatureCount === 0 ? null : Math.round(row.temperatureSum / row.temperatureCount) / 100,
		sites,
		events: row.events
	};
}
