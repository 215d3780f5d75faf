/** Puts events where an integrator would: one XADD on the product's own stream. */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { Product } from '#test/support/product.ts';
import type { SignedIn } from '#test/support/sign-in.ts';

/** Sends one event of a station, true now. */
export async function sendEvent(product: Product, type: string, station: string, data: object): Promise<void> {
	const client = createClient({ socket: { path: product.redisSocket, tls: false } });
	await client.connect();
	const event = {
		specversion: '1.0',
		id: randomUUID(),
		source: 'test/e2e',
		type,
		subject: station,
		time: new Date().toISOString(),
		data
	};
	await client.xAdd('ops:events:0', '*', { e: JSON.stringify(event) });
	client.destroy();
}

/** Codes of stations whose devices report by themselves, as somebody who may read the city sees them. */
export async function smartStations(product: Product, { headers }: SignedIn): Promise<string[]> {
	const response = await fetch(`${product.url}/api/state?scope=city`, { headers });
	const { stations } = (await response.json()) as { stations: { code: string; kind: string; telemetry: string }[] };
	return stations
		.filter(({ kind, telemetry }) => kind === 'service_station' && telemetry === 'live')
		.map(({ code }) => code);
}
