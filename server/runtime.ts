/**
 * The one place where the parts meet: services, hub, doors, pages. `startRuntime` gives a running server and the way
 * to stop it; nothing else in the product keeps anything global.
 */
import { randomUUID } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { openAccess } from './access/open-access.ts';
import { livePlaces } from './access/places.ts';
import { sayFirstLink } from './accounts/links.ts';
import type { Config } from './config.ts';
import { openControlServer } from './control/control-server.ts';
import { telling } from './control/tell.ts';
import { runDemo } from './demo-runner.ts';
import { openFrontDoor, type FrontDoor } from './front-door.ts';
import { createApp } from './http/app.ts';
import { openMetrics } from './http/metrics.ts';
import type { Routes } from './http/route.ts';
import { Hub } from './hub/hub.ts';
import type { Log } from './log.ts';
import { LiveServer } from './push/live-server.ts';
import { openRooms } from './rooms.ts';
import { openServices, StartProblem, type Say, type Services } from './services.ts';
import { checkpointStore } from './store/checkpoint-store.ts';
import { prepareDemo } from './store/demo-store.ts';
import { localLease, postgresLease } from './store/lease.ts';
import { loadAreas, loadSites, registryRevision } from './store/registry-store.ts';
import { shardCountOf } from './store/shard-count.ts';
import { loadSourcePeriods } from './store/source-store.ts';
import { openRedis, type Redis } from './stream/redis-link.ts';
import { RejectedLog } from './stream/rejected.ts';

export interface RuntimeOptions {
	readonly config: Config;
	readonly log: Log;
	readonly say: Say;
	readonly build: string;
	/** Makes the listener that serves pages, once the HTTP server exists (development hangs its own sockets on it). */
	readonly pages: (http: Server) => Promise<RequestListener>;
}

export interface Runtime {
	readonly url: string;
	/** every door of HTTP with its rule, by method and path */
	readonly doors: Routes;
	stop(): Promise<void>;
}

/** What SvelteKit's own bundle may reach, through `event.locals` (src/hooks.server.ts). */
const SERVICES_SYMBOL = Symbol.for('yizhan.services');

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
	const { config, log, say } = options;
	// The address first: a port in use is then one sentence, not a start undone.
	const front = await openFrontDoor(config);
	const services = await openServices(config, log, say).catch((error: Error) => front.close(error));
	try {
		return await startOn(services, front, options);
	} catch (error) {
		await services.close();
		return front.close(error as Error);
	}
}

async function startOn(services: Services, front: FrontDoor, options: RuntimeOptions): Promise<Runtime> {
	const { http } = front;
	const { config, log, say, build } = options;
	const url = `http://${config.host}:${(http.address() as AddressInfo).port}`;
	const { db, kind } = services.database;
	const now = Date.now;
	const onRedisError = (error: Error): void => log.warn({ error: error.message }, 'Redis');
	const redis = await openFirstRedis(services, onRedisError);
	const demo = await prepareDemo(db, config, say);
	const shards = await shardCountOf(db, config.shards);
	if (shards !== config.shards) {
		const message = `This data was written with SHARDS=${shards}; start with that, or with a new database and new streams.`;
		throw new StartProblem(message);
	}
	const rejected = new RejectedLog(redis);
	const lease = services.database.kind === 'postgres' ? postgresLease(services.database.lockConnection) : localLease();
	const epoch = randomUUID().slice(0, 8);

	const hub = new Hub({
		shards: config.shards,
		registry: {
			revision: () => registryRevision(db),
			load: async () => ({
				sites: await loadSites(db),
				areas: await loadAreas(db),
				sourcePeriods: await loadSourcePeriods(db)
			})
		},
		store: checkpointStore(db, kind === 'pglite'),
		lease,
		redis,
		openReader: () => openRedis(services.redis, onRedisError),
		rejected,
		writer: `${process.pid}-${epoch}`,
		now,
		log,
		epoch,
		isDemo: () => demo.isDemoCity,
		deliver: (topic, message) => live.deliver(topic, message),
		isWanted: (topic) => live.isWanted(topic)
	});
	const onError = (error: Error): void => log.error({ error: error.stack }, 'access');
	const { access, audit, ...accessParts } = await openAccess({
		config,
		db,
		redis,
		openListener: () => openRedis(services.redis, onRedisError),
		places: livePlaces(hub.state),
		now,
		onError,
		onAuditHead: (head) => log.info({ head }, 'the audit ends here')
	});
	const live = new LiveServer({ http, build, epoch, now, origin: config.origin, access, audit, onError });
	say('State: reading what was committed, then the tail of the stream');
	await hub.start();
	live.attach(hub.board);

	const rooms = await openRooms({
		...{ config, db, redis, rejected, hub, access, audit, build, now, log },
		isDemoCity: demo.isDemoCity
	});
	Object.assign(globalThis, { [SERVICES_SYMBOL]: rooms.forPages });
	const { door } = rooms;
	const app = createApp({
		hub,
		door,
		build,
		now,
		metrics: openMetrics({ hub, door, live }),
		pages: await options.pages(http),
		access,
		audit,
		origin: config.origin,
		routes: rooms.routes,
		isRedisUp: services.isRedisUp,
		pingRedis: () => redis.ping(),
		pingDatabase: () => db.execute(sql`select 1`),
		onError: (error) => log.error({ error: error.stack }, 'a request failed')
	});
	if (!demo.isDemoCity) await sayFirstLink({ db, now: now(), address: config.origin ?? url, say });
	front.answer = app.answer;
	// Without a database of its own this process has nothing that the command line could not reach itself.
	const context = {
		db,
		onRegistryChanged: () => hub.refreshRegistry(),
		...telling((change) => access.changed(change))
	};
	const control = kind === 'pglite' ? await openControlServer(config.dataDir, context) : null;
	const simulation = demo.isSimulated ? runDemo({ db, hub, redis, log }) : null;

	return {
		doors: app.doors,
		url,
		async stop() {
			await simulation?.stop();
			// Sockets first: an open one would hold the HTTP server. Requests under way are cut; their events have ids.
			const closed = live.close();
			http.closeAllConnections();
			await closed;
			await rooms.close();
			control?.closeAllConnections();
			control?.close();
			await hub.stop();
			await lease.release();
			await accessParts.close();
			redis.destroy();
			await services.close();
		}
	};
}

/** A Redis that does not answer at the start is a wrong address more often than a slow server. */
const REDIS_START_LIMIT_MS = 10_000;

async function openFirstRedis({ redis }: Services, onError: (error: Error) => void): Promise<Redis> {
	const timer = new AbortController();
	const limit = delay(REDIS_START_LIMIT_MS, null, { signal: timer.signal }).then(() => {
		throw new StartProblem('REDIS_URL: no Redis answers there. Start it, or correct the address.');
	});
	try {
		return await Promise.race([openRedis(redis, onError), limit]);
	} finally {
		timer.abort();
	}
}
