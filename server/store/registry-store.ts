/**
 * The registry in the database: areas, sites and the revision that tells every process when it has changed.
 * The same queries run on PGlite and PostgreSQL.
 */
import { asc, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { areas, settings, sites } from '#db/schema.ts';
import type { Area, Site, Telemetry } from '#domain/site.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';

export type SiteRecord = typeof sites.$inferSelect;

/** Expected seconds between two signs of life where a site names none: a device speaks each minute, a keeper each day. */
export const DEFAULT_PERIOD_SECONDS: Readonly<Record<Telemetry, number | null>> = {
	live: 60,
	manual: 86_400,
	none: null
};

export const REVISION_KEY = 'registry_revision';

/** Every site as the live part knows it, ordered by slot. */
export async function loadSites(db: Database): Promise<Site[]> {
	const rows = await db
		.select({
			slot: sites.slot,
			code: sites.code,
			name: sites.name,
			kind: sites.kind,
			district: sites.districtCode,
			street: sites.streetCode,
			lng: sites.lng,
			lat: sites.lat,
			lifecycle: sites.lifecycle,
			telemetry: sites.telemetry,
			periodSeconds: sites.periodSeconds,
			hours: sites.hours,
			hoursExceptions: sites.hoursExceptions
		})
		.from(sites)
		.orderBy(asc(sites.slot));
	return rows.map((row) => ({ ...row, periodSeconds: row.periodSeconds ?? DEFAULT_PERIOD_SECONDS[row.telemetry] }));
}

/** Every area, in the order in which a screen lists them. */
export async function loadAreas(db: Database): Promise<Area[]> {
	return db
		.select({ code: areas.code, name: areas.name, level: areas.level, parentCode: areas.parentCode })
		.from(areas)
		.orderBy(asc(areas.sort), asc(areas.code));
}

/** Every site with all that an import compares, ordered by slot. */
export async function loadRegisteredSites(db: Database): Promise<RegisteredSite[]> {
	const columns = { organisationId: false, importId: false, updatedAt: false } as const;
	return db.query.sites.findMany({ columns, orderBy: asc(sites.slot) });
}

/** The whole row of a site; null where the code is not known. */
export async function siteRecord(db: Database, code: string): Promise<SiteRecord | null> {
	const [row] = await db.select().from(sites).where(eq(sites.code, code)).limit(1);
	return row ?? null;
}

export async function isRegistryEmpty(db: Database): Promise<boolean> {
	const [row] = await db.select({ slot: sites.slot }).from(sites).limit(1);
	return row === undefined;
}

/** Grows by one with every change of the registry; 0 before the first. */
export async function registryRevision(db: Database): Promise<number> {
	const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, REVISION_KEY));
	return Number(row?.value ?? 0);
}
