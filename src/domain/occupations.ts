/**
 * Who came today: visits by occupation [OC1]. One row per site, dated as `visitsToday` is, so that its numbers sum to it.
 */
import { maskAreas, type AreaOccupations, type MaskedOccupations, type Place } from './area-masks.ts';
import { maskRow, type MaskedCounts } from './masking.ts';
import { OCCUPATION_WIDTH } from './occupation-pieces.ts';
import type { Site, SiteKind } from './site.ts';
import type { LiveState } from './state.ts';

/** What a counter can hold; beyond, it stays there instead of turning negative. */
const LARGEST = 2 ** 31 - 1;

/** Counts visits of today. */
export function countToday(state: LiveState, slot: number, occupation: number, visits: number): void {
	const counts = state.memory.occupations;
	const at = slot * OCCUPATION_WIDTH + occupation;
	counts[at] = Math.min((counts[at] as number) + visits, LARGEST);
	state.occupationChanges++;
}

/** Counts visits dated tomorrow: they wait for it. */
export function countTomorrow(state: LiveState, slot: number, occupation: number, visits: number): void {
	const counts = state.occupationsTomorrow.get(slot) ?? new Int32Array(OCCUPATION_WIDTH);
	counts[occupation] = Math.min((counts[occupation] as number) + visits, LARGEST);
	state.occupationsTomorrow.set(slot, counts);
}

/** Begins a day at one site; `isNextDay` says that what waited belongs to it. */
export function startOccupations(state: LiveState, slot: number, isNextDay: boolean): void {
	const at = slot * OCCUPATION_WIDTH;
	state.memory.occupations.fill(0, at, at + OCCUPATION_WIDTH);
	const waiting = state.occupationsTomorrow.get(slot);
	if (!waiting) return;
	if (isNextDay) state.memory.occupations.set(waiting, at);
	state.occupationsTomorrow.delete(slot);
}

/** Visits of today by OCCUPATIONS at one site, as they were counted; null where `visitsToday` is not known. Not for people: `todayOccupations` is. */
export function siteOccupations(state: LiveState, slot: number): readonly number[] | null {
	if ((state.columns.visitsToday[slot] ?? -1) === -1) return null;
	const at = slot * OCCUPATION_WIDTH;
	return [...state.memory.occupations.subarray(at, at + OCCUPATION_WIDTH)];
}

/**
 * Today's visits by occupation, of every area from the city down to streets, over its sites in service of one kind (null: of all). They sum to the area's
 * `visitsToday`; an area whose `visitsToday` nobody knows is left out. In the order of the registry's areas.
 */
export function areaOccupations(
	state: Pick<LiveState, 'sites' | 'areas' | 'columns' | 'memory'>,
	kind: SiteKind | null
): AreaOccupations[] {
	const sums = new Map<string, number[]>();
	const sumOf = (area: string | null | undefined): number[] | null => {
		if (!area) return null;
		const known = sums.get(area) ?? new Array<number>(OCCUPATION_WIDTH).fill(0);
		sums.set(area, known);
		return known;
	};
	const city = state.areas.find(({ level }) => level === 'city')?.code;
	state.sites.forEach((site, slot) => {
		const visits = state.columns.visitsToday[slot] ?? -1;
		if (!site || (kind !== null && site.kind !== kind) || site.lifecycle !== 'open' || visits === -1) return;
		const into = [sumOf(city), sumOf(site.district), sumOf(site.street)];
		if (visits === 0) return;
		const from = slot * OCCUPATION_WIDTH;
		for (let i = 0; i < OCCUPATION_WIDTH; i++) {
			const count = state.memory.occupations[from + i] as number;
			if (count > 0) for (const sum of into) if (sum) sum[i] = (sum[i] as number) + count;
		}
	});
	return state.areas.flatMap(({ code }) => {
		const counts = sums.get(code);
		return counts ? [{ area: code, counts }] : [];
	});
}

/** Visits of today by occupation as people may see them [PE20]: of one moment, whatever is counted later. */
export interface TodayOccupations {
	/** of service stations in service, in the order of the registry's areas */
	readonly areas: readonly MaskedOccupations[];
	/** of one site of any kind; null where `visitsToday` is not known */
	readonly ofSite: (slot: number) => MaskedCounts | null;
}

export const NO_OCCUPATIONS: TodayOccupations = { areas: [], ofSite: () => null };

type Source = Parameters<typeof areaOccupations>[0];

/** Sites are worked out when they are asked for, with the others of their street. */
export function todayOccupations(live: Source): TodayOccupations {
	const { sites, areas } = live;
	// Whatever is counted between the areas and a site would give away what changed.
	const memory = { ...live.memory, occupations: live.memory.occupations.slice() };
	const columns = { ...live.columns, visitsToday: live.columns.visitsToday.slice() };
	const masks = maskAreas(areas, areaOccupations({ sites, areas, columns, memory }, 'service_station'));
	const countsOf = (slot: number): number[] =>
		Array.from(memory.occupations.subarray(slot * OCCUPATION_WIDTH, (slot + 1) * OCCUPATION_WIDTH));
	const isKnown = (slot: number): boolean => (columns.visitsToday[slot] ?? -1) !== -1;
	let families: ReadonlyMap<string, number[]> | null = null;
	const slotsOf = (place: Place): readonly number[] => {
		families ??= Map.groupBy(
			sites.flatMap((site, slot) => (site && isInSum(site) && isKnown(slot) ? [slot] : [])),
			(slot) => nameOf(sites[slot] ?? place)
		);
		return families.get(nameOf(place)) ?? [];
	};
	const told = new Map<number, MaskedCounts>();
	const tellFamily = (place: Place): void => {
		const slots = slotsOf(place);
		masks.partsOf(place, slots.map(countsOf)).forEach((counts, index) => told.set(slots[index] ?? -1, counts));
	};
	return {
		areas: masks.areas,
		ofSite(slot) {
			const site = sites[slot];
			if (!site || !isKnown(slot)) return null;
			// No sum that is told holds the visits of other kinds.
			if (!isInSum(site)) return maskRow(countsOf(slot));
			if (!told.has(slot)) tellFamily(site);
			return told.get(slot) ?? null;
		}
	};
}

const isInSum = ({ kind, lifecycle }: Pick<Site, 'kind' | 'lifecycle'>): boolean =>
	kind === 'service_station' && lifecycle === 'open';

/** A street alone names its district, as far as sums go. */
const nameOf = ({ district, street }: Place): string => (street === null ? `district ${district}` : `street ${street}`);
