/** Events at a fixed rate: believable values in a simple mix, as fast as asked. For load, not for looking at. */
import type { StationEvent } from '#domain/event.ts';
import { hashOf, glide, seededRandom, unitAt } from './random.ts';
import { eventOf, modelsOf, type SimSite, type SiteModel } from './sim-site.ts';

export interface LoadOptions {
	readonly seed: number;
	/** At least one; all are treated as live */
	readonly sites: readonly SimSite[];
	/** ms: time of the first event; also tells this run apart from others */
	readonly startMs: number;
	/** Events a second */
	readonly rate: number;
}

/** Shares of the mix: in a real minute each live site sends about as many heartbeats as readings of air. */
const MIX = [
	['env.read', 0.5],
	['people.counted', 0.25],
	['station.visited', 0.15],
	['station.heartbeat', 0.1]
] as const;
const WEIGHTS = MIX.map(([, weight]) => weight);
/** A source may send this many events a millisecond before its numbers meet those of a later run. */
const NUMBERS_PER_MS = 100;

interface LoadSite {
	readonly model: SiteModel;
	inside: number;
}

/** An endless row of events, `1/rate` s apart, going round the sites. Throws when there are no sites. */
export function* loadEvents({ seed, sites, startMs, rate }: LoadOptions): Generator<StationEvent> {
	const live = sites.map((site): SimSite => ({ ...site, telemetry: 'live' }));
	const round: LoadSite[] = modelsOf(seed, live).map((model) => ({ model, inside: 0 }));
	if (round.length === 0)
		throw new Error('There are no sites to simulate: import stations first, or start the demo city.');
	const random = seededRandom(seed, startMs, 'load');
	const sequences = new Map<string, number>();
	const run = startMs.toString(36);
	for (let number = 0; ; number++) {
		const place = round[number % round.length] as LoadSite;
		const at = Math.floor(startMs + (number * 1000) / rate);
		const [type] = MIX[random.weighted(WEIGHTS)] ?? MIX[0];
		const event = loadEvent(place, type, at, `${run}-${number}`, random.next());
		// A name of its own: these numbers must not meet those of the natural day.
		const source = event.source.replace('/gateway/', '/load/');
		const sequence = (sequences.get(source) ?? startMs * NUMBERS_PER_MS) + 1;
		sequences.set(source, sequence);
		yield { ...event, source, sequence };
	}
}

function loadEvent(
	place: LoadSite,
	type: (typeof MIX)[number][0],
	at: number,
	number: string,
	unit: number
): StationEvent {
	const { model } = place;
	switch (type) {
		case 'station.heartbeat':
			return eventOf(model, type, at, number, {});
		case 'station.visited':
			return eventOf(model, type, at, number, { method: unit < 0.6 ? 'qr' : 'id_card', occupation: 'courier' });
		case 'people.counted': {
			// Tends towards three people: the fuller the room, the likelier that the next one leaves.
			const comes = unit > place.inside / 6;
			place.inside += comes ? 1 : -1;
			return eventOf(model, type, at, number, { in: comes ? 1 : 0, out: comes ? 0 : 1, inside: place.inside });
		}
		case 'env.read': {
			const wave = glide(hashOf(model.key), at / 60_000);
			return eventOf(model, type, at, number, {
				temperatureC: Math.round((24 + 3 * wave + unitAt(model.key, 2)) * 10) / 10,
				humidityPct: Math.round((55 + 10 * wave) * 10) / 10,
				co2Ppm: 430 + place.inside * 75
			});
		}
	}
}
