/**
 * A station changes: from the XADD to the moment at which a client's model holds it, while other stations change all the
 * time and many clients listen. Producer, server with its Redis, and clients are processes of their own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { TICK_MS } from '#server/hub/board.ts';
import { startCity, startTraffic, type City } from './city.ts';
import { startHelper } from './helper.ts';
import type { ClientsQuestion, ProbeAnswer } from './latency-clients.ts';
import { SHARED } from './machine.ts';
import { median, percentile, type Row } from './table.ts';

const EVENTS_PER_SECOND = 1000;
const CLIENTS = 100;
const PROBES = 100;
const WARM_UP_MS = 5000;
/** Beyond the tick that a change waits for at most: folding, framing, delivery, applying. */
const ALLOWANCE_MS = 50;

export async function benchLatency(): Promise<Row[]> {
	const city = await startCity();
	const clients = startHelper<ClientsQuestion>(new URL('./latency-clients.ts', import.meta.url));
	try {
		// The probe's station is touched by nothing else.
		const [probed = '', ...others] = city.codes;
		await clients.ask({ do: 'connect', url: city.url, headers: city.person.headers, clients: CLIENTS, probed });
		const traffic = startTraffic(city.redis, others, EVENTS_PER_SECOND);
		await delay(WARM_UP_MS);
		const answer = await clients.ask<ProbeAnswer>({ do: 'probe', redisSocket: city.redisSocket, probes: PROBES });
		await traffic.stop();
		await city.untilTaken(traffic.sent.events + PROBES);
		return [rowOf(answer, city)];
	} finally {
		await clients.stop();
		await city.stop();
	}
}

function rowOf({ latencies, missing, gaps, fewestFrames }: ProbeAnswer, { codes }: City): Row {
	const limit = TICK_MS + ALLOWANCE_MS;
	const p99 = percentile(latencies, 0.99);
	const ms = (value: number): string => value.toFixed(0);
	const figures = [median(latencies), percentile(latencies, 0.95), p99, Math.max(...latencies)].map(ms).join(' / ');
	return {
		what:
			`XADD → applied in a client, ${EVENTS_PER_SECOND.toLocaleString('en')} ev/s over ${codes.length} stations, ` +
			`${CLIENTS} clients (${SHARED})`,
		measured:
			`p50 / p95 / p99 / max ${figures} ms; ${latencies.length} probes, ${missing} never shown, ${gaps} gaps, ` +
			`every client ≥ ${fewestFrames.toFixed(1)} frames/s`,
		ratio: null,
		target: `p99 ≤ ${limit} ms`,
		isMet: p99 <= limit && missing === 0
	};
}
