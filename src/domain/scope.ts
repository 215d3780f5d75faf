/**
 * Scope: which part of the city somebody may see. The one predicate that pages, topics, aggregates and exports ask.
 * Written `city`, `district:CODE`, `street:CODE` or `station:CODE`; a topic of frames has the same name as its scope.
 */
import type { Area, Site } from './site.ts';

export type Scope =
	{ readonly level: 'city' } | { readonly level: 'district' | 'street' | 'station'; readonly code: string };

const PATTERN = /^(district|street|station):(.{1,100})$/u;

/** Reads a scope; null when the text is none. */
export function parseScope(text: string): Scope | null {
	if (text === 'city') return { level: 'city' };
	const match = PATTERN.exec(text);
	if (!match) return null;
	return { level: match[1] as 'district' | 'street' | 'station', code: match[2] ?? '' };
}

export function formatScope(scope: Scope): string {
	return scope.level === 'city' ? 'city' : `${scope.level}:${scope.code}`;
}

export function inScope(scope: Scope, site: Pick<Site, 'code' | 'district' | 'street'>): boolean {
	switch (scope.level) {
		case 'city':
			return true;
		case 'district':
			return site.district === scope.code;
		case 'street':
			return site.street === scope.code;
		case 'station':
			return site.code === scope.code;
	}
}

/** Whether an area lies in a scope, the scope's own area included; none lies in a station. */
export function areaInScope(scope: Scope, area: Area): boolean {
	switch (scope.level) {
		case 'city':
			return true;
		case 'district':
			return area.code === scope.code || area.parentCode === scope.code;
		case 'street':
			return area.code === scope.code;
		case 'station':
			return false;
	}
}

/** Where areas and sites lie, for scopes that are compared without their sites at hand. */
export interface Places {
	/** null = no such street, or in no district */
	districtOfStreet(code: string): string | null;
	/** null = no such site */
	site(code: string): Pick<Site, 'code' | 'district' | 'street'> | null;
}

/** For rights that are asked without a place, and where no registry is at hand: nothing lies anywhere but in the city. */
export const NOWHERE: Places = { districtOfStreet: () => null, site: () => null };

/** Whether all of `inner` lies in `outer`. What the registry does not know lies in the city alone. */
export function covers(outer: Scope, inner: Scope, places: Places): boolean {
	if (outer.level === 'city') return true;
	switch (inner.level) {
		case 'city':
			return false;
		case 'district':
			return outer.level === 'district' && outer.code === inner.code;
		case 'street':
			if (outer.level === 'street') return outer.code === inner.code;
			return outer.level === 'district' && places.districtOfStreet(inner.code) === outer.code;
		case 'station': {
			const site = places.site(inner.code);
			return site !== null && inScope(outer, site);
		}
	}
}
