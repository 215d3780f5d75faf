/** The demo beside everything else: its day goes onto the stream, its past into history. */
import { setTimeout as delay } from 'node:timers/promises';
import { startDemo } from './demo/start.ts';
import type { Hub } from './hub/hub.ts';
import type { Log } from './log.ts';
import { fillDemoHistory } from './store/demo-history.ts';
import { DEMO_SEED, isDemoSite } from './store/demo-store.ts';
import type { Database } from './store/query.ts';
import { streamOf } from './stream/names.ts';
import type { Redis } from './stream/redis-link.ts';

export interface DemoParts {
	readonly db: Database;
	readonly hub: Hub;
	readonly redis: Redis;
	readonly log: Log;
}

/** Rest between two parts of the demo's past, ms: it must not be felt. */
const PAST_REST_MS = 40;

export function runDemo(parts: DemoParts): { stop(): Promise<void> } {
	const simulation = simulateDemo(parts);
	const past = rememberDemo(parts);
	return {
		async stop() {
			await simulation.stop();
			await past.stop();
		}
	};
}

/** The demo's events take the same way as everybody's: onto the stream. */
function simulateDemo({ hub, redis, log }: DemoParts) {
	return startDemo({
		sites: hub.state.sites.flatMap((site) => (site && isDemoSite(site.code) ? [site] : [])),
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

/** The demo gets a yesterday to compare with. */
function rememberDemo({ db, log }: DemoParts): { stop(): Promise<void> } {
	const abort = new AbortController();
	const rest = () => delay(PAST_REST_MS);
	const filling = fillDemoHistory({ db, seed: DEMO_SEED, rest, signal: abort.signal }).catch((error: Error) =>
		log.warn({ error: error.message }, 'the demo has no whole past; the next start goes on with it')
	);
	return {
		async stop() {
			abort.abort();
			await filling;
		}
	};
}
