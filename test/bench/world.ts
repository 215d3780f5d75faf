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
	const codes = Array.from({ length: sites }, (_, index) => codeOf(index + 1));
	const events = endlessEvents(codes, (n) => fromMs + ((toMs - fromMs) * n) / count);
	for (let n = 0; n < count; n++) yield events.next().value;
}

/** The same mixture without an end, over stations with these codes; `timeOf` says when the nth event happened (ms). */
export function* endlessEvents(codes: readonly string[], timeOf: (n: number) => number): Generator<string, never> {
	let random = 12_345;
	/** 0 ≤ whole number < limit */
	const below = (limit: number): number => {
		random = step(random);
		return Math.floor((random / 2 ** 32) * limit);
	};
	for (let n = 0; ; n++) {
		const index = below(codes.length);
		yield JSON.stringify({
			specversion: '1.0',
			id: `${n}`,
			source: `/gateways/${(index + 1) % GATEWAYS}`,
			time: new Date(timeOf(n)).toISOString(),
			subject: codes[index],
			...payload(n, below)
		});
	}
}

/** Readings jump over their whole range each time: real ones creep, and would travel in fewer bytes. */
function payload(n: number, below: (limit: number) => number): { type: string; data: object } {
	switch (n % 4) {
		case 0:
			return { type: 'station.visited', data: { method: 'qr', occupation: 'rider' } };
		case 1:
			return { type: 'people.counted', data: { in: below(5), out: below(5), inside: below(40) } };
		case 2: {
			const data = { temperatureC: 10 + below(300) / 10, humidityPct: 20 + below(70), co2Ppm: 400 + below(1200) };
			return { type: 'env.read', data };
		}
		default:
			return { type: 'station.heartbeat', data: { uptimeSeconds: n } };
	}
}
