/**
 * What the demo city did on days that are over, as history keeps it: the same visits and doors as the simulation would have sent, already
 * summed by site and hour, so that a demo has a yesterday to compare with. A pure function of seed, sites and day.
 */
import { BUCKET, bucketIndex, PIECE_WIDTH } from '#domain/buckets.ts';
import { OCCUPATION_PIECE_WIDTH, occupationIndex } from '#domain/occupation-pieces.ts';
import { dayStart, DAY_MS } from '#domain/shanghai.ts';
import { DAY_ROW_WIDTH } from '#domain/state.ts';
import { airAt, isHeatWave, outdoorTemperature } from './day-air.ts';
import { doorDay, postedOn, type Span } from './day-doors.ts';
import { visitDay, type Visit } from './day-visits.ts';
import { timeOf, type SimSite, type SiteModel } from './sim-site.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface PastSite {
	readonly site: SimSite;
	readonly slot: number;
	/** null: nobody reports of this site */
	readonly model: SiteModel | null;
}

/** Rows for `addPieces` (PIECE_WIDTH) and `addOccupations` (OCCUPATION_PIECE_WIDTH). */
export interface PastDay {
	readonly pieces: Int32Array;
	readonly occupations: Int32Array;
}

/**
 * A whole day of Asia/Shanghai; `day` counts as `dayOf` does. An hour stands in the five minutes it begins with. Sites do not know of each
 * other: the days of parts of a city add up to the day of the city.
 */
export function pastDay(seed: number, sites: readonly PastSite[], day: number): PastDay {
	const pieces: number[][] = [];
	const occupations: number[][] = [];
	const isHot = isHeatWave(seed, day);
	for (const { slot, model } of sites) {
		if (!model) continue;
		const door = doorDay(model, day);
		const spans = [...doorDay(model, day - 1).spans, ...door.spans];
		const { visits, events } = visitDay(model, day, door, spans, 1);
		for (let hour = 0; hour < 24; hour++) {
			const from = dayStart(day) + hour * HOUR_MS;
			const isOfHour = (at: number): boolean => at >= from && at < from + HOUR_MS;
			const came = events.filter((event) => isOfHour(timeOf(event)));
			for (const event of came) {
				if (event.type !== 'station.visited') continue;
				const { occupation, count = 1 } = event.data;
				occupations.push([slot, Math.floor(from / HOUR_MS), occupationIndex(occupation), count]);
			}
			const outdoorC = outdoorTemperature(seed, from, isHot);
			const piece = hourPiece(model, slot, from, { visits, spans, outdoorC });
			piece[1 + BUCKET.visits] = came.reduce(
				(sum, event) => sum + (event.type === 'station.visited' ? (event.data.count ?? 1) : 0),
				0
			);
			piece[1 + BUCKET.events] = came.length + (model.isLive ? 1 : 0);
			if (piece[1 + BUCKET.events] !== 0) pieces.push(piece);
		}
	}
	return { pieces: flat(pieces, PIECE_WIDTH), occupations: flat(occupations, OCCUPATION_PIECE_WIDTH) };
}

/** Posted, open and unknown seconds of a day, for `addDays` (DAY_ROW_WIDTH). Sites that post no hours are left out. */
export function pastHours(sites: readonly PastSite[], day: number): Int32Array {
	const rows = sites.map(({ site, slot, model }) => {
		const door = model && doorDay(model, day);
		const spans = model && door?.isReporting ? [...doorDay(model, day - 1).spans, ...door.spans] : null;
		return keptHours(site, slot, day, spans);
	});
	return flat(
		rows.filter((row) => row.length > 0),
		DAY_ROW_WIDTH
	);
}

interface HourGround {
	readonly visits: readonly Visit[];
	readonly spans: readonly Span[];
	readonly outdoorC: number;
}

/** People and air of one hour; sites without devices tell neither. */
function hourPiece(model: SiteModel, slot: number, from: number, { visits, spans, outdoorC }: HourGround): number[] {
	const piece = Array.from({ length: PIECE_WIDTH }, () => 0);
	piece[0] = slot;
	piece[1 + BUCKET.index] = bucketIndex(from);
	piece[1 + BUCKET.insideMax] = -1;
	if (!model.isLive) return piece;
	const to = from + HOUR_MS;
	piece[1 + BUCKET.peopleIn] = visits.filter(({ arrives }) => arrives >= from && arrives < to).length;
	piece[1 + BUCKET.peopleOut] = visits.filter(({ leaves }) => leaves >= from && leaves < to).length;
	// Heads are fewest between two arrivals, so the most stand there when somebody has just come, or from the hour's beginning on.
	const moments = [from, ...visits.map(({ arrives }) => arrives).filter((at) => at > from && at < to)];
	const inside = moments.map((at) => visits.filter(({ arrives, leaves }) => arrives <= at && at < leaves).length);
	piece[1 + BUCKET.insideMax] = Math.max(...inside);
	const air = airAt(model, from, { outdoorC, inside: inside[0] ?? 0, spans, powerCut: null });
	piece[1 + BUCKET.temperatureSum] = Math.round(air.temperatureC * 100);
	piece[1 + BUCKET.temperatureCount] = 1;
	return piece;
}

/** Posted, open and unknown seconds of one site; empty without posted hours. `spans` null: nobody told anything. */
function keptHours(site: SimSite, slot: number, day: number, spans: readonly Span[] | null): number[] {
	const start = dayStart(day);
	const promised =
		site.hours === null && site.hoursExceptions.length === 0
			? []
			: [day - 1, day].flatMap((of) => postedSpans(site, of));
	const today: Span = { from: start, to: start + DAY_MS };
	const owed = promised.map((span) => overlap(span, today)).filter(({ from, to }) => to > from);
	const posted = secondsOf(owed);
	if (posted === 0) return [];
	if (spans === null) return [slot, day, posted, 0, posted];
	const kept = owed.flatMap((span) => spans.map((open) => overlap(open, span))).filter(({ from, to }) => to > from);
	return [slot, day, posted, Math.min(posted, secondsOf(kept)), 0];
}

function postedSpans(site: SimSite, day: number): Span[] {
	const start = dayStart(day);
	return postedOn(site, day).map(({ from, to }) => ({ from: start + from * MINUTE_MS, to: start + to * MINUTE_MS }));
}

const overlap = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) });

const secondsOf = (spans: readonly Span[]): number =>
	Math.round(spans.reduce((sum, { from, to }) => sum + to - from, 0) / 1000);

function flat(rows: readonly (readonly number[])[], width: number): Int32Array {
	const all = new Int32Array(rows.length * width);
	rows.forEach((row, index) => all.set(row, index * width));
	return all;
}
