/**
 * The rooms behind the HTTP doors, each with what it needs: one table of doors, every one with its rule. A new room is one
 * line here.
 */
import { join } from 'node:path';
import type { Access } from './access/access.ts';
import type { Audit } from './access/audit.ts';
import { policyOf } from './access/open-access.ts';
import { pageAccess } from './access/page-access.ts';
import { accountRoutes } from './accounts/routes.ts';
import { makeSamplePeople } from './accounts/samples.ts';
import { auditRoutes } from './audit/routes.ts';
import type { Config } from './config.ts';
import { GeoDesk } from './geo/geo-desk.ts';
import { geoRoutes } from './geo/geo-routes.ts';
import { completeUntil } from './history/complete.ts';
import { historyRoutes } from './history/routes.ts';
import { dataQuality } from './http/quality.ts';
import type { Routes } from './http/route.ts';
import { SourceActivity } from './http/source-activity.ts';
import type { Hub } from './hub/hub.ts';
import { openImports } from './imports/open-imports.ts';
import { EventDoor } from './ingest/event-door.ts';
import type { Log } from './log.ts';
import { equipmentRoutes } from './places/equipment.ts';
import { placesRoutes } from './places/routes.ts';
import { refusedRoutes } from './refused/routes.ts';
import { screenRoutes } from './screens/screen-routes.ts';
import { sourceRoutes } from './sources/routes.ts';
import { loadCodedAreas, loadPlacedSites } from './store/geo-store.ts';
import type { Database } from './store/query.ts';
import { registryRevision } from './store/registry-store.ts';
import { accountOfKey, noteKeyUse } from './store/source-store.ts';
import type { Redis } from './stream/redis-link.ts';
import type { RejectedLog } from './stream/rejected.ts';

export interface RoomParts {
	readonly config: Config;
	readonly db: Database;
	readonly redis: Redis;
	readonly rejected: RejectedLog;
	readonly hub: Hub;
	readonly access: Access;
	readonly audit: Audit;
	readonly build: string;
	readonly isDemoCity: boolean;
	readonly now: () => number;
	readonly log: Log;
}

export interface Rooms {
	readonly routes: Routes;
	/** the door of events, which metrics and operators look at too */
	readonly door: EventDoor;
	/** `PageServices` of src/app.d.ts: what the pages may ask of the running server */
	readonly forPages: object;
	close(): Promise<void>;
}

export async function openRooms(parts: RoomParts): Promise<Rooms> {
	const { config, db, redis, hub, access, audit, isDemoCity, now, log } = parts;
	if (isDemoCity) await makeSamplePeople(db, now());
	const door = openEventDoor(parts);
	const activity = new SourceActivity(hub.pipelines);
	const stopActivity = activity.start(now);
	const geo = openGeo(parts);
	const imports = await openImports({
		db,
		dataDir: config.dataDir,
		now,
		onRegistryChanged: () => hub.refreshRegistry(),
		hasLived: (slot) => (hub.state.columns.seenAt[slot] ?? 0) > 0,
		areaFinder: async () => (await geo.edition()).find,
		places: access.places,
		audit
	});
	const areaLevel = (code: string) => hub.state.areas.find((area) => area.code === code)?.level ?? null;
	const routes: Routes = new Map([
		...historyRoutes({ db, now, completeUntil: () => completeUntil(hub.pipelines, now()) }),
		...geoRoutes(geo),
		...placesRoutes({ db, audit, places: access.places, now }),
		...equipmentRoutes({ state: () => hub.state, now }),
		...refusedRoutes({ redis, door, now, places: access.places, audit }),
		...imports.routes,
		...sourceRoutes({ db, audit, access, door, now }),
		...screenRoutes({ db, audit, access, areaLevel, now }),
		...auditRoutes({ db, audit, now }),
		...accountRoutes({
			...{ db, access, audit, now, isDemoCity, policy: policyOf(config) },
			...{ origin: config.origin, oidc: config.oidc },
			onError: (error) => log.warn({ error: error.message }, 'sign-in')
		})
	]);
	const forPages = {
		...pageAccess(access, audit),
		build: parts.build,
		isDemo: parts.isDemoCity,
		hasStation: (code: string): boolean => hub.shardOf(code) !== null,
		areaLevel,
		quality: () => dataQuality({ hub, door, rejected: parts.rejected, activity, now }),
		sources: () => hub.board.view().sources,
		// A folder of tiles that cannot be read is no reason to show no page.
		imageOrigins: () =>
			geo.tileOrigins().catch((error: Error) => {
				log.error({ error: error.stack }, 'the hosts of map tiles are not known');
				return [];
			}),
		failed: (error: Error) => log.error({ error: error.stack }, 'a page failed'),
		isEmpty: () => !hub.state.sites.some(Boolean)
	};
	// Ahead of the first page that asks for them.
	geo.edition().catch((error: Error) => log.error({ error: error.stack }, 'the areas of the map were not made'));
	return {
		routes,
		door,
		forPages,
		async close() {
			stopActivity();
			await imports.close();
		}
	};
}

function openEventDoor({ config, db, redis, rejected, hub, access, audit, now, log }: RoomParts): EventDoor {
	const door = new EventDoor({
		redis,
		rejected,
		now,
		onError: (error) => log.error({ error: error.message }, 'the door of events'),
		accountOfKey: (key) => accountOfKey(db, key, new Date(now())),
		onKeyUsed: (id, at, address) => noteKeyUse(db, id, new Date(at), address),
		addressOf: (request) => access.clientOf(request).address,
		places: access.places,
		audit,
		eventsPerSecond: config.ingestEventsPerSecond,
		shardOf: (site) => hub.shardOf(site)
	});
	access.onChange(({ kind: changed }) => {
		if (changed === 'source' || changed === 'all') door.forgetKeys();
	});
	return door;
}

function openGeo({ config, db }: RoomParts): GeoDesk {
	return new GeoDesk({
		folder: join(config.dataDir, 'basemap'),
		registry: {
			revision: () => registryRevision(db),
			load: async () => ({ sites: await loadPlacedSites(db), areas: await loadCodedAreas(db) })
		}
	});
}
