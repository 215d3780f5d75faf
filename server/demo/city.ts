/**
 * The demo city: Wuxi as published figures describe it, made from a seed. Numbers of sites, smart stations and
 * honours are the published ones; single sites are invented, except those in `city-named.ts`. Nothing here is a
 * person, a telephone number or a credit code.
 */
import {
	areasOf,
	organisationId,
	organisationsOf,
	readStreets,
	type DemoArea,
	type DemoOrganisation,
	type DemoOrganisationArea
} from './city-areas.ts';
import { withHonours } from './city-honours.ts';
import { draftSites } from './city-sites.ts';
import type { DemoSite } from './demo-site.ts';

/** Rows of `areas` and `organisations` come parents first, so they can be inserted in this order. */
export interface DemoCity {
	readonly areas: readonly DemoArea[];
	readonly organisations: readonly DemoOrganisation[];
	readonly organisationAreas: readonly DemoOrganisationArea[];
	readonly sites: readonly DemoSite[];
}

/** The seed of the city that a first start shows. */
export const DEMO_SEED = 1;

/** The same seed gives the same city, down to every coordinate. */
export function demoCity(seed: number = DEMO_SEED): DemoCity {
	const streets = readStreets();
	const areas = areasOf(streets);
	return {
		areas,
		organisations: organisationsOf(areas),
		organisationAreas: areas.map(({ code }) => ({ organisationId: organisationId(code), areaCode: code })),
		sites: withHonours(seed, draftSites(seed, streets))
	};
}
