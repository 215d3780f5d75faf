/** Registries and events of any size for the bench: the same numbers give the same events. */
import { sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import type { Area, Site } from '#domain/site.ts';

const DISTRICTS = 8;
const STREETS = 80;
const GATEWAYS = 80;

const codeOf = (slot: number): string => `B-${String(slot).padStart(6, '0')}`;

export function benchSites(count: number): Site[] {
	return Array.from({ length: count }, (_, index) => ({
		slot: index + 1,
		code: codeOf(index + 1),
		name: `Bench ${index + 1}`,
		kind: 'service_station',
		district: `d${index % DISTRICTS}`,
		street: `s${index % STREETS}`,
		lng: 120 + (index % 1000) / 1000,
		lat: 31 + (Math.floor(index / 1000) % 1000) / 1000,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60,
		hours: null,
		hoursExceptions: []
	}));
}

export const benchAreas: Area[] = Array.from({ length: DISTRICTS }, (_, index) => ({
	code: `d${index}`,
	name: `District ${index}`,
	level: 'district',
	parentCode: null
}));

/** The same registry in the database, made by the database itself. */
export async function storeBenchSites({ db }: OpenDatabase, count: number): Promise<void> {
	await db.execute(sql`insert into areas (code, name, level) select 'd' || n, 'District ' || n, 'district'
		from generate_series(0, ${DISTRICTS - 1}::int) n`);
	await db.execute(sql`insert into areas (code, name, level) select 's' || n, 'Street ' || n, 'street'
		from generate_series(0, ${STREETS - 1}::int) n`);
	await db.execute(sql`
		insert into sites (slot, code, name, kind, district_code, street_code, telemetry, period_seconds)
		select n, 'B-' || lpad(n::text, 6, '0'), 'Bench ' || n, 'service_station', 'd' || (n - 1) % ${DISTRICTS}::int,
			's' || (n - 1) % ${STREETS}::int, 'live', 60
		from generate_series(1, ${count}::int) n`);
}

/** 0 ≤ x < 2^32: a linear congruential step is random enough to pick stations (constants: Numerical Recipes). */
const step = (state: number): number => (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;

/** `count` events as JSON: visits, head counts, air and heartbeats in turn, over `sites` stations at random, ids without sequence. */
export function* benchEvents(sites: number, count: number, fromMs: number, toMs: number): Generator<string> {
	let random = 12_345;
	for (let n = 0; n < count; n++) {
		random = step(random);
		const slot = 1 + Math.floor((random / 2 ** 32) * sites);
		const time = new Date(fromMs + ((toMs - fromMs) * n) / count).toISOString();
		yield JSON.stringify({
			specversion: '1.0',
			id: `${n}`,
			source: `/gateways/${slot % GATEWAYS}`,
			time,
			subject: codeOf(slot),
			...payload(n)
		});
	}
}

function payload(n: number): { type: string; data: object } {
	switch (n % 4) {
		case 0:
			return { type: 'station.visited', data: { method: 'qr', occupation: 'rider' } };
		case 1:
			return { type: 'people.counted', data: { in: 1, out: 0, inside: n % 20 } };
		case 2:
			return { type: 'env.read', data: { temperatureC: 20 + (n % 100) / 10, humidityPct: 40, co2Ppm: 500 } };
		default:
			return { type: 'station.heartbeat', data: { uptimeSeconds: n } };
	}
}
