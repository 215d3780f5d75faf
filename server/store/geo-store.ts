/** What the map's areas are made of: places of sites in service, and areas with the codes the state gave them. */
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { areas, sites } from '#db/schema.ts';
import type { AreaLevel } from '#domain/site.ts';
import type { Database } from './query.ts';

export interface PlacedSite {
	readonly district: string;
	readonly street: string | null;
	/** WGS-84 degrees */
	readonly lng: number;
	readonly lat: number;
}

export interface CodedArea {
	readonly code: string;
	readonly name: string;
	readonly level: AreaLevel;
	readonly parentCode: string | null;
	readonly gbCode: string | null;
}

/** Sites of every kind that are in service and have coordinates and a district, ordered by slot. */
export async function loadPlacedSites(db: Database): Promise<PlacedSite[]> {
	const rows = await db
		.select({ district: sites.districtCode, street: sites.streetCode, lng: sites.lng, lat: sites.lat })
		.from(sites)
		.where(and(eq(sites.lifecycle, 'open'), isNotNull(sites.districtCode), isNotNull(sites.lng), isNotNull(sites.lat)))
		.orderBy(asc(sites.slot));
	return rows.flatMap(({ district, street, lng, lat }) =>
		district === null || lng === null || lat === null ? [] : [{ district, street, lng, lat }]
	);
}

/** Every area, in the order in which a screen lists them. */
export async function loadCodedAreas(db: Database): Promise<CodedArea[]> {
	return db
		.select({
			code: areas.code,
			name: areas.name,
			level: areas.level,
			parentCode: areas.parentCode,
			gbCode: areas.gbCode
		})
		.from(areas)
		.orderBy(asc(areas.sort), asc(areas.code));
}
