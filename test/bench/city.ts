/** The real product with the demo city of 801 stations and no events of its own, and traffic for it by XADD. */
import { setTimeout as delay } from 'node:timers/promises';
import { streamOf } from '#server/stream/names.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { startProduct } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { endlessEvents } from './world.ts';

export interface City {
	readonly url: string;
	readonly redisSocket: string;
	readonly redis: Redis;
	/** who may read all of it */
	readonly person: SignedIn;
	/** of the 801 stations; the other sites of the city stay silent */
	readonly codes: readonly string[];
	/** Waits until so many events are folded. */
	untilTaken(events: number): Promise<void>;
	stop(): Promise<void>;
}

export async function startCity(): Promise<City> {
	const product = await startProduct({ env: { DEMO: 'registry' } });
	const redis = await openRedis({ socketPath: product.redisSocket }, console.error);
	const person = await signIn(product);
	return {
		url: product.url,
		redisSocket: product.redisSocket,
		redis,
		person,
		codes: await stationCodes(product.url, person),
		untilTaken: (events) => untilTaken(product.url, events),
		async stop() {
			redis.destroy();
			await product.stop();
		}
	};
}

export async function stationCodes(url: string, { headers }: SignedIn): Promise<string[]> {
	const response = await fetch(`${url}/api/state?scope=city`, { headers });
	const { stations } = (await response.json()) as { stations: { code: string; kind: string }[] };
	return stations.filter(({ kind }) => kind === 'service_station').map(({ code }) => code);
}

const TAKEN_LIMIT_MS = 60_000;

/** Throws when the server has not folded so many events after a minute: then a figure would be about other work. */
export async function untilTaken(url: string, events: number): Promise<void> {
	const giveUpAt = performance.now() + TAKEN_LIMIT_MS;
	let taken = 0;
	while (performance.now() < giveUpAt) {
		const text = await (await fetch(`${url}/metrics`)).text();
		taken = Number(/^yizhan_events_taken_total (\d+)/m.exec(text)?.[1] ?? 0);
		if (taken >= events) return;
		await delay(100);
	}
	throw new Error(`The server took ${taken} of ${events} events.`);
}

export interface Traffic {
	/** so far; `jsonBytes` as UTF-8 */
	readonly sent: { readonly events: number; readonly jsonBytes: number; readonly messageBytes: number };
	/** Resolves when Redis has all that was sent. */
	stop(): Promise<void>;
}

/** How finely the events of a second are spread. */
const SPREAD_MS = 10;

/** Events at an even rate over these stations until stopped. */
export function startTraffic(redis: Redis, codes: readonly string[], eventsPerSecond: number): Traffic {
	const events = endlessEvents(codes, Date.now);
	const sent = { events: 0, jsonBytes: 0, messageBytes: 0 };
	const started = performance.now();
	const failures: Error[] = [];
	let last: Promise<unknown> = Promise.resolve();
	const timer = setInterval(() => {
		const due = Math.floor(((performance.now() - started) * eventsPerSecond) / 1000);
		while (sent.events < due) {
			const event = events.next().value;
			const bytes = Buffer.byteLength(event);
			sent.events++;
			sent.jsonBytes += bytes;
			sent.messageBytes += bytes + messageHeaderBytes(bytes);
			last = redis.xAdd(streamOf(0), '*', { e: event }).catch((error: Error) => failures.push(error));
		}
	}, SPREAD_MS);
	return {
		sent,
		async stop() {
			clearInterval(timer);
			await last;
			for (const failure of failures) throw failure;
		}
	};
}

/** RFC 6455 §5.2: what a WebSocket message of so many bytes costs beside them, unmasked. */
function messageHeaderBytes(bytes: number): number {
	return bytes < 126 ? 2 : bytes < 65_536 ? 4 : 10;
}
