/** The registry as people look things up in it: everything of a site that the live part does not carry. Read only. */
import { asc } from 'drizzle-orm';
import { sites } from '#db/schema.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import type { Database } from './query.ts';

/** A site with the moment of its last change. */
export interface ReadSite extends RegisteredSite {
	readonly updatedAt: Date;
}

/** Every site, ordered by slot. */
export async function loadReadSites(db: Database): Promise<ReadSite[]> {
	const columns = { organisationId: false, importId: false } as const;
	return db.query.sites.findMany({ columns, orderBy: asc(sites.slot) });
}
