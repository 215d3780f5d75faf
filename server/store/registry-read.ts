/** The registry as people look things up in it: everything of a site that the live part does not carry. Read only. */
import { asc, eq } from 'drizzle-orm';
import { sites } from '#db/schema.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import type { Database } from './query.ts';

/** A site with the moment of its last change, and without what only some may read of it. */
export interface ReadSite extends Omit<RegisteredSite, 'phone' | 'keeperRole'> {
	readonly updatedAt: Date;
}

/** Every site, ordered by slot. */
export async function loadReadSites(db: Database): Promise<ReadSite[]> {
	const columns = { organisationId: false, importId: false, phone: false, keeperRole: false } as const;
	return db.query.sites.findMany({ columns, orderBy: asc(sites.slot) });
}

/** How a site is reached; null = there is no such site. */
export async function findContact(
	db: Database,
	code: string
): Promise<Pick<RegisteredSite, 'phone' | 'keeperRole'> | null> {
	const columns = { phone: true, keeperRole: true } as const;
	return (await db.query.sites.findFirst({ columns, where: eq(sites.code, code) })) ?? null;
}
