/**
 * Places beside each other by what came of the work — hours kept, people served — never by how busy somebody was seen to be. Pure but for
 * the language of the page.
 */
import { measureOf } from '#domain/measure.ts';
import type { AreaKpis } from '#domain/view.ts';
import { m } from '#lib/paraglide/messages.js';
import { numberText, percentText } from '../figure-text.ts';

export const RANKINGS = ['fulfilment', 'visits', 'visits-per-station'] as const;
export type Ranking = (typeof RANKINGS)[number];

export interface RankLine {
	readonly code: string;
	readonly name: string;
	/** from 1; equal figures share one; null where nobody could know: last, and not the worst */
	readonly rank: number | null;
	/** length of the bar, 0 … 1; null where the figure is not known: no bar */
	readonly share: number | null;
	readonly text: string;
	/** what the figure has to be read with */
	readonly note: string;
}

export function rankPlaces(places: readonly AreaKpis[], by: Ranking): RankLine[] {
	const valued = places
		.map((place) => ({ place, value: valueOf(place, by) }))
		.sort((a, b) => (b.value ?? -1) - (a.value ?? -1) || b.place.stations - a.place.stations);
	const most = Math.max(Number.EPSILON, ...valued.map(({ value }) => value ?? 0));
	return valued.map(({ place, value }) => ({
		code: place.code,
		name: place.name,
		rank: value === null ? null : 1 + valued.filter((other) => (other.value ?? -1) > value).length,
		// A share is drawn of the whole it is a share of, a count beside the largest.
		share: value === null ? null : by === 'fulfilment' ? value : value / most,
		text: textOf(value, by),
		note: noteOf(place, by)
	}));
}

/** As exact as it is written, so that figures that read the same share a rank. Never up to 100 % nor down to nothing. */
function valueOf(place: AreaKpis, by: Ranking): number | null {
	if (by === 'fulfilment') {
		const share = measureOf(place, 'fulfilment');
		return share ? Math.max(0.001, Math.floor(share * 1000) / 1000) : share;
	}
	const { visitsToday, stations } = place;
	if (by === 'visits' || visitsToday === null) return visitsToday;
	return stations === 0 ? null : Math.round((visitsToday / stations) * 10) / 10;
}

const textOf = (value: number | null, by: Ranking): string =>
	by === 'fulfilment' && value !== null ? `${numberText(value * 100)}%` : numberText(value);

function noteOf({ unknownSeconds, postedSeconds, stations }: AreaKpis, by: Ranking): string {
	if (by !== 'fulfilment') return m.place_count_stations({ count: numberText(stations) });
	return unknownSeconds ? m.figure_unknown_part({ percent: percentText(unknownSeconds, postedSeconds) }) : '';
}
