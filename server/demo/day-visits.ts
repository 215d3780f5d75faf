/** Visits: who comes when. Sparse, as in reality: 8 to 12 people a day and station, hardly anyone at night. */
import type { OCCUPATIONS, StationEvent } from '#domain/event.ts';
import { dayStart, weekdayOfDay } from '#domain/shanghai.ts';
import { includes, type DoorDay, type Span } from './day-doors.ts';
import { seededRandom, type Random } from './random.ts';
import { asReported, eventOf, type SiteModel } from './sim-site.ts';

export interface Visit {
	readonly arrives: number;
	readonly leaves: number;
}

type Occupation = (typeof OCCUPATIONS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const SLOTS = 96;
const SLOT_MS = 15 * MINUTE_MS;

/**
 * Relative demand by hour: breakfast of the cleaners at dawn, lunch 11–13:30, couriers 14–17, a quiet night
 * (shapes from press reports, domain §1.2; the numbers are estimates).
 */
const DEMAND = [
	...[0.2, 0.15, 0.1, 0.1, 0.25, 1.1, 1.9, 1.5, 0.9, 0.8, 1.0, 2.6],
	...[3.2, 2.0, 1.7, 1.7, 1.5, 1.1, 1.1, 0.9, 0.6, 0.45, 0.3, 0.25]
];
/** Demand of the hours 8 to 20, to which `meanVisits` belongs. */
const USUAL_DEMAND = DEMAND.slice(8, 20).reduce((sum, value) => sum + value, 0);
const WEEKEND_SHARE = 0.85;

/** Who is about at this part of the day, heaviest first. */
const CROWDS: readonly { readonly until: number; readonly who: readonly (readonly [Occupation, number])[] }[] = [
	{
		until: 5,
		who: [
			['ride_hail', 4],
			['trucker', 3],
			['rider', 2],
			['security', 1]
		]
	},
	{
		until: 9,
		who: [
			['sanitation', 8],
			['landscaping', 2],
			['police_aux', 2],
			['courier', 2],
			['municipal', 1]
		]
	},
	{
		until: 11,
		who: [
			['sanitation', 3],
			['courier', 3],
			['construction', 2],
			['domestic', 1],
			['unknown', 1]
		]
	},
	{
		until: 14,
		who: [
			['rider', 5],
			['courier', 4],
			['sanitation', 4],
			['construction', 2],
			['ride_hail', 2],
			['other', 1]
		]
	},
	{
		until: 17,
		who: [
			['courier', 7],
			['rider', 5],
			['ride_hail', 2],
			['estate_agent', 1],
			['mall_staff', 1],
			['nursing_care', 1]
		]
	},
	{
		until: 24,
		who: [
			['rider', 5],
			['ride_hail', 3],
			['courier', 2],
			['security', 2],
			['unknown', 1]
		]
	}
];

export interface VisitDay {
	/** Stays, for the head count; empty for sites without devices */
	readonly visits: readonly Visit[];
	readonly events: readonly StationEvent[];
}

/** Visits of one site on one day; `spans` = open spans that may touch the day; `factor` multiplies how many come. */
export function visitDay(
	model: SiteModel,
	day: number,
	door: DoorDay,
	spans: readonly Span[],
	factor: number
): VisitDay {
	const random = seededRandom(model.key, day, 'visits', factor);
	const mark = factor === 1 ? `${day}` : `${day}x${factor}`;
	if (model.isLive) return liveVisits(model, day, spans, factor, random, mark);
	return door.isReporting ? reportedVisits(model, day, spans, factor, random, mark) : { visits: [], events: [] };
}

function liveVisits(
	model: SiteModel,
	day: number,
	spans: readonly Span[],
	factor: number,
	random: Random,
	mark: string
): VisitDay {
	const start = dayStart(day);
	const weights = Array.from({ length: SLOTS }, (_, slot) => slotWeight(start + slot * SLOT_MS, slot, spans));
	const demand = weights.reduce((sum, weight) => sum + weight, 0) / 4;
	const expected = (model.meanVisits * factor * dayShare(day) * demand) / USUAL_DEMAND;
	const arrivals = Array.from({ length: random.poisson(Math.min(expected, 500)) }, () =>
		Math.floor(start + (random.weighted(weights) + random.next()) * SLOT_MS)
	).filter((arrives) => includes(spans, arrives));
	const visits = arrivals
		.toSorted((a, b) => a - b)
		.map((arrives) => ({ arrives, leaves: leavingTime(arrives, spans, random) }));
	const events = visits.map(({ arrives }, index) =>
		eventOf(model, 'station.visited', arrives, `${mark}-${index}`, {
			method: model.entry[random.weighted([5, 2, 0.5, 3])] ?? 'qr',
			occupation: occupationAt(arrives, day, random)
		})
	);
	return { visits, events };
}

const dayShare = (day: number): number => (weekdayOfDay(day) > 4 ? WEEKEND_SHARE : 1);

function slotWeight(slotStart: number, slot: number, spans: readonly Span[]): number {
	const openMs = spans.reduce((sum, { from, to }) => {
		return sum + Math.max(0, Math.min(to, slotStart + SLOT_MS) - Math.max(from, slotStart));
	}, 0);
	return ((DEMAND[Math.floor(slot / 4)] ?? 0) * openMs) / SLOT_MS;
}

/** Ten minutes for a glass of water, half an hour for lunch; nobody stays behind when the door is closed. */
function leavingTime(arrives: number, spans: readonly Span[], random: Random): number {
	const span = spans.find(({ from, to }) => arrives >= from && arrives < to);
	const leaves = arrives + random.between(6, 38) * MINUTE_MS;
	return Math.floor(Math.min(leaves, span?.to ?? leaves));
}

function occupationAt(atMs: number, day: number, random: Random): Occupation {
	const hour = (atMs - dayStart(day)) / HOUR_MS;
	const who = CROWDS.find(({ until }) => hour < until)?.who ?? [];
	return who[random.weighted(who.map(([, weight]) => weight))]?.[0] ?? 'unknown';
}

/** Minutes of the day at which a keeper writes down how many came, and the share of the day that this covers. */
const CHECKS = [
	{ minute: 540, share: 0.1 },
	{ minute: 655, share: 0.15 },
	{ minute: 735, share: 0.26 },
	{ minute: 805, share: 0.18 },
	{ minute: 900, share: 0.13 },
	{ minute: 990, share: 0.1 },
	{ minute: 1110, share: 0.08 }
] as const;

function reportedVisits(
	model: SiteModel,
	day: number,
	spans: readonly Span[],
	factor: number,
	random: Random,
	mark: string
): VisitDay {
	const events: StationEvent[] = [];
	for (const { minute, share } of CHECKS) {
		const at = Math.floor(dayStart(day) + (minute + random.between(-20, 20)) * MINUTE_MS);
		const count = random.poisson(model.meanVisits * share * factor * dayShare(day));
		if (count === 0 || !includes(spans, at)) continue;
		const data = { method: 'manual', occupation: occupationAt(at, day, random), count: Math.min(count, 500) } as const;
		events.push(asReported(model, eventOf(model, 'station.visited', at, `${mark}-${minute}`, data)));
	}
	return { visits: [], events };
}
