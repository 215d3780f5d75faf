/** The import desk with the database behind it, as the runtime hangs it into the server. */
import { join } from 'node:path';
import type { Places } from '#domain/scope.ts';
import type { Audit } from '#server/access/audit.ts';
import type { Routes } from '#server/http/route.ts';
import { applyImport, listImports } from '#server/store/import-store.ts';
import type { Database } from '#server/store/query.ts';
import { loadAreas, loadRegisteredSites, registryRevision } from '#server/store/registry-store.ts';
import { undoImport } from '#server/store/undo-store.ts';
import { openImportDesk } from './desk.ts';
import { exportRoutes } from './export-routes.ts';
import type { AreaAt } from './mismatches.ts';
import { importRoutes } from './routes.ts';

export interface ImportsOptions {
	readonly db: Database;
	/** DATA_DIR: uploads lie in its folder `imports` until they are applied, discarded or a day old */
	readonly dataDir: string;
	readonly now: () => number;
	/** Called after an import or undo that changed the registry */
	readonly onRegistryChanged: () => Promise<void>;
	/** Whether the live part has heard of the site in this slot */
	readonly hasLived: (slot: number) => boolean;
	readonly areaFinder?: () => Promise<AreaAt>;
	readonly places: Places;
	readonly audit: Audit;
}

export interface Imports {
	readonly routes: Routes;
	close(): Promise<void>;
}

export async function openImports(options: ImportsOptions): Promise<Imports> {
	const { db, dataDir, now, onRegistryChanged, hasLived, areaFinder, places, audit } = options;
	const load = async () => ({ sites: await loadRegisteredSites(db), areas: await loadAreas(db) });
	const desk = await openImportDesk({
		dir: join(dataDir, 'imports'),
		now,
		registry: { revision: () => registryRevision(db), load, areas: () => loadAreas(db) },
		apply: (source, meta) => applyImport(db, source, meta),
		onRegistryChanged,
		areaFinder
	});
	const routes = new Map([
		...importRoutes({
			desk,
			list: (limit, writer) => listImports(db, limit, writer),
			undo: (importId, { scopes, userName }) => undoImport(db, importId, { hasLived, scopes, undoneBy: userName }),
			onRegistryChanged,
			places,
			audit
		}),
		...exportRoutes({ load, now, places, audit })
	]);
	return { routes, close: () => desk.close() };
}
