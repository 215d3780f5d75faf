/**
 * A city and what happens in it: a registry of some hundred stations, and a seeded stream of entries with everything that
 * real sources do — sent twice, late, out of order, wrong.
 */
import type { Database } from '#db/client.ts';
import { areas, settings, sites } from '#db/schema.ts';
import { OCCUPATIONS, type Occupation } from '#domain/occupation.ts';
import { seededRandom } from '#test/support/stations.ts';

export const STATIONS = 300;
const DISTRICTS = 6;
const STREETS_EACH = 4;
const SOURCES = 40;

export interface TestStation {
	readonly code: string;
	readonly district: string;
	readonly street: string | null;
}

/** Each tenth station belongs to no street. */
export const stations: readonly TestStation[] = Array.from({ length: STATIONS }, (_, i) => {
	const district = `D${i % DISTRICTS}`;
	return {
		code: `K-${i}`,
		district,
		street: i % 10 === 9 ? null : `${district}-${Math.floor(i / DISTRICTS) % STREETS_EACH}`
	};
});

/** Puts the city into an empty, migrated database. */
export async function insertCity(db: Database): Promise<void> {
	const districts = [...new Set(stations.map(({ district }) => district))];
	const streets = new Map(stations.flatMap(({ street, district }) => (street === null ? [] : [[street, district]])));
	await db.insert(areas).values({ code: 'CITY', name: 'City', level: 'city' });
	await db
		.insert(areas)
		.values(districts.map((code) => ({ code, name: code, level: 'district' as const, parentCode: 'CITY' })));
	await db
		.insert(areas)
		.values([...streets].map(([code, parentCode]) => ({ code, name: code, level: 'street' as const, parentCode })));
	await db.insert(sites).values(
		stations.map(({ code, district, street }) => ({
			code,
			name: code,
			kind: 'service_station' as const,
			districtCode: district,
			streetCode: street,
			lng: 120.3,
			lat: 31.5,
			telemetry: 'live' as const
		}))
	);
	await db.insert(settings).values({ key: 'registry_revision', value: '1' });
}

/** What an event adds to its buckets; every field absent that it does not speak of. */
export interface Fact {
	readonly station: string;
	/** ms since 1970 */
	readonly at: number;
	readonly visits?: number;
	/** of the visitors; absent where they did not say */
	readonly occupation?: Occupation;
	readonly peopleIn?: number;
	readonly peopleOut?: number;
	readonly inside?: number;
	/** tenths of a degree */
	readonly tenths?: number;
}

export interface Entry {
	/** text of the field `e`; null: the entry has no such field */
	readonly text: string | null;
	/** why it must be refused; null when it must be taken */
	readonly refusal: string | null;
}

export interface Input {
	readonly entries: readonly Entry[];
	/** Every event that counts, once */
	readonly facts: readonly Fact[];
	readonly duplicates: number;
	/** taken but not counted: quality test */
	readonly tests: number;
}

/** Event times run over this long from `startMs`; faster sending makes them lie ahead, by less than the 5 min allowed. */
const SPAN_MS = 60_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `count` entries in the order of their sending, duplicates and refused ones among them. */
export function makeInput(seed: number, startMs: number, count: number): Input {
	const random = seededRandom(seed);
	const whole = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
	const placed: { readonly place: number; readonly entry: Entry }[] = [];
	const facts: Fact[] = [];
	const sent = new Array<number>(SOURCES).fill(0);
	let duplicates = 0;
	let tests = 0;
	for (let i = 0; placed.length < count; i++) {
		const nominal = startMs + Math.floor((SPAN_MS * placed.length) / count);
		if (random() < 0.01) {
			placed.push({ place: i, entry: refusedEntry(whole(0, REFUSALS.length - 1), i, nominal) });
			continue;
		}
		const place = random() < 0.2 ? i + whole(1, 2000) : i;
		const { fact, data, type } = happening(random, whole, nominal);
		const source = Number(fact.station.slice(2)) % SOURCES;
		const number = (sent[source] = (sent[source] ?? 0) + 1);
		const isTest = random() < 0.005;
		const event = {
			specversion: '1.0',
			// The same ids in every source: an id means something together with its source only.
			id: `e${number}`,
			source: `gateway-${source}`,
			type,
			subject: fact.station,
			time: new Date(fact.at).toISOString(),
			...(source % 2 === 0 && { sequence: source % 4 === 0 ? number : `${number}` }),
			...(isTest && { quality: 'test' }),
			data
		};
		const entry = { text: JSON.stringify(event), refusal: null };
		if (isTest) tests++;
		else facts.push(fact);
		placed.push({ place, entry });
		if (random() < 0.1 && placed.length < count) {
			duplicates++;
			placed.push({ place: place + whole(0, random() < 0.5 ? 50 : 20_000), entry });
		}
	}
	return { entries: placed.toSorted((a, b) => a.place - b.place).map(({ entry }) => entry), facts, duplicates, tests };
}

type Whole = (from: number, to: number) => number;

function happening(random: () => number, whole: Whole, nominal: number): { fact: Fact; type: string; data: object } {
	const station = `K-${whole(0, STATIONS - 1)}`;
	const lateness = random();
	const late = lateness < 0.05 ? whole(HOUR, 23 * HOUR) : lateness < 0.2 ? whole(MINUTE, HOUR) : whole(0, 3000);
	const at = nominal - late;
	const kind = random();
	if (kind < 0.6) {
		const visits = whole(1, 5);
		const isCounted = visits > 1 || random() < 0.5;
		const occupation = OCCUPATIONS[whole(0, 20)];
		const who = occupation && { occupation };
		return {
			fact: { station, at, visits, ...who },
			type: 'station.visited',
			data: { method: 'face', ...(isCounted && { count: visits }), ...who }
		};
	}
	if (kind < 0.75) {
		const [peopleIn, peopleOut, inside] = [whole(0, 9), whole(0, 9), whole(0, 40)];
		const data = { in: peopleIn, out: peopleOut, inside };
		return { fact: { station, at, peopleIn, peopleOut, inside }, type: 'people.counted', data };
	}
	if (kind < 0.9) {
		const tenths = whole(-150, 390);
		return {
			fact: { station, at, tenths },
			type: 'env.read',
			data: { temperatureC: tenths / 10, humidityPct: whole(0, 100) }
		};
	}
	const fact = { station, at };
	if (kind < 0.95) return { fact, type: 'station.heartbeat', data: {} };
	if (kind < 0.97) return { fact, type: random() < 0.5 ? 'station.opened' : 'station.closed', data: { by: 'keeper' } };
	if (kind < 0.99)
		return { fact, type: 'device.changed', data: { device: `x${whole(1, 3)}`, kind: 'smoke', state: 'online' } };
	return { fact, type: 'supply.changed', data: { item: 'water', quantity: whole(0, 99) } };
}

const REFUSALS = [
	'malformed_json',
	'no_field',
	'not_cloudevent',
	'unknown_type',
	'invalid_data',
	'invalid_time',
	'future_time',
	'late_time',
	'unknown_station'
] as const;

/** One that must be refused; the number makes each of them different. */
function refusedEntry(which: number, number: number, nominal: number): Entry {
	const code = REFUSALS[which] ?? 'no_field';
	if (code === 'no_field') return { text: null, refusal: 'malformed_json' };
	const good = {
		specversion: '1.0',
		id: `bad-${number}`,
		source: 'gateway-1',
		type: 'station.visited',
		subject: 'K-1',
		time: new Date(nominal).toISOString(),
		data: { method: 'face' } as object
	};
	if (code === 'malformed_json') return { text: JSON.stringify(good).slice(0, -3), refusal: code };
	const wrong = {
		not_cloudevent: { specversion: '0.3' },
		unknown_type: { type: 'station.painted' },
		invalid_data: { data: { method: 'face', count: 0 } },
		invalid_time: { time: '2026-13-41T25:61:00Z' },
		future_time: { time: new Date(nominal + 2 * HOUR).toISOString() },
		late_time: { time: new Date(nominal - 30 * HOUR).toISOString() },
		unknown_station: { subject: 'K-nobody' }
	}[code];
	return { text: JSON.stringify({ ...good, ...wrong }), refusal: code };
}
