/**
 * The one place where the parts meet: services, hub, doors, pages. `startRuntime` gives a running server and the way
 * to stop it; nothing else in the product keeps anything global.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Config } from './config.ts';
import { openControlServer } from './control/control-server.ts';
import { startDemo } from './demo/start.ts';
import { createApp } from './http/app.ts';
import { openMetrics } from './http/metrics.ts';
import { Hub } from './hub/hub.ts';
import { EventDoor } from './ingest/event-door.ts';
import type { Log } from './log.ts';
import { LiveServer } from './push/live-server.ts';
import { openServices, type Say, type Services } from './services.ts';
import { checkpointStore } from './store/checkpoint-store.ts';
import { DEMO_SEED, prepareDemo } from './store/demo-store.ts';
import { localLease, postgresLease } from './store/lease.ts';
import { loadAreas, loadSites, registryRevision } from './store/registry-store.ts';
import { loadSourcePeriods, sourceOfKey } from './store/source-store.ts';
import { streamOf } from './stream/names.ts';
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
	stop(): Promise<void>;
}

/** What SvelteKit's own bundle may reach, through `event.locals` (src/hooks.server.ts). */
const SERVICES_SYMBOL = Symbol.for('yizhan.services');

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
	const { config, log, say } = options;
	const services = await openServices(config, log, say);
	try {
		return await startOn(services, options);
	} catch (error) {
		await services.close();
		throw error;
	}
}

async function startOn(services: Services, options: RuntimeOptions): Promise<Runtime> {
	const { config, log, say, build } = options;
	const { db, kind } = services.database;
	const now = Date.now;
	const onRedisError = (error: Error): void => log.warn({ error: error.message }, 'Redis');
	const redis = await openRedis(services.redis, onRedisError);
	const demo = await prepareDemo(db, config, say);
	const rejected = new RejectedLog(redis);
	const lease = services.database.kind === 'postgres' ? postgresLease(services.database.lockConnection) : localLease();
	const epoch = randomUUID().slice(0, 8);

	const http = createServer();
	const live = new LiveServer({ http, build, epoch, now, origin: config.origin });
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
	say('State: reading what was committed, then the tail of the stream');
	await hub.start();
	live.attach(hub.board);

	const door = new EventDoor({
		redis,
		rejected,
		now,
		sourceOfKey: (key) => sourceOfKey(db, key),
		shardOf: (site) => hub.shardOf(site)
	});
	const hasStation = (code: string): boolean => hub.shardOf(code) !== null;
	Object.assign(globalThis, { [SERVICES_SYMBOL]: { build, isDemo: demo.isDemoCity, hasStation } });
	http.on(
		'request',
		createApp({
			hub,
			door,
			build,
			now,
			metrics: openMetrics({ hub, door, live }),
			pages: await options.pages(http),
			isRedisUp: services.isRedisUp,
			pingRedis: () => redis.ping(),
			pingDatabase: () => db.execute(sql`select 1`),
			onError: (error) => log.error({ error: error.stack }, 'a request failed')
		})
	);
	const control = await openControlServer(config.dataDir, { db, onRegistryChanged: () => hub.refreshRegistry() });
	await listen(http, config);
	const simulation = demo.isSimulated ? await simulateDemo(hub, redis, log) : null;

	return {
		url: `http://${config.host}:${(http.address() as AddressInfo).port}`,
		async stop() {
			await simulation?.stop();
			// Sockets first: an open one would hold the HTTP server. Requests under way are cut; their events have ids.
			const closed = live.close();
			http.closeAllConnections();
			await closed;
			await new Promise((resolve) => control.close(resolve));
			await hub.stop();
			await lease.release();
			redis.destroy();
			await services.close();
		}
	};
}

async function listen(http: Server, { port, host }: Config): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		http.once('error', reject);
		http.listen(port, host, resolve);
	});
}

/** The demo's events take the same way as everybody's: onto the stream. */
async function simulateDemo(hub: Hub, redis: Redis, log: Log) {
	return startDemo({
		sites: hub.state.sites.filter((site) => site !== undefined),
		seed: DEMO_SEED,
		now: Date.now,
		sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
		send: async (events) => {
			await Promise.all(
				events.map((event) => redis.xAdd(streamOf(hub.shardOf(event.subject) ?? 0), '*', { e: JSON.stringify(event) }))
			);
		},
		log: (message) => log.warn(message)
	});
}
