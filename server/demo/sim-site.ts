/** What the simulation knows of a site: its place in the network, its devices, its habits. Drawn once per seed. */
import type { EventData, EventType, StationEvent } from '#domain/event.ts';
import { DEVICE_KINDS, ENTRY_METHODS } from '#domain/event.ts';
import type { Site } from '#domain/site.ts';
import type { DemoSite } from './demo-site.ts';
import { hashOf, seededRandom } from './random.ts';

/** The part of a registered site that the simulation looks at. */
export type SimSite = Pick<Site, 'code' | 'telemetry' | 'hours' | 'hoursExceptions' | 'district' | 'street'>;

/** Rows of the demo city as the simulation sees them. */
export function simSitesOf(sites: readonly DemoSite[]): SimSite[] {
	return sites.map(({ code, telemetry, hours, hoursExceptions, districtCode, streetCode }) => {
		return { code, telemetry, hours, hoursExceptions, district: districtCode, street: streetCode };
	});
}

export interface SimDevice {
	readonly name: string;
	readonly kind: (typeof DEVICE_KINDS)[number];
}

export interface SiteModel {
	readonly site: SimSite;
	readonly isLive: boolean;
	/** Key of everything drawn for this site */
	readonly key: number;
	/** CloudEvents source of its devices: the gateway of its street */
	readonly gateway: string;
	/** CloudEvents source of what people report: the desk of its district */
	readonly desk: string;
	/** Place among the live sites of its gateway, and how many those are: numbers its readings */
	readonly rank: number;
	readonly gatewaySize: number;
	/** ms after the full minute at which it reports */
	readonly phaseMs: number;
	readonly devices: readonly SimDevice[];
	readonly entry: readonly (typeof ENTRY_METHODS)[number][];
	/** Expected visits of a day of 12 open hours */
	readonly meanVisits: number;
}

export interface SourcePeriod {
	readonly source: string;
	readonly periodSeconds: number;
}

/** A gateway speaks once a minute at least; half a minute is for the way. */
const GATEWAY_PERIOD_SECONDS = 90;
/** A desk is silent at night and at weekends; only a whole silent day is late. */
const DESK_PERIOD_SECONDS = 86_400;
/** Sites of a gateway report one after the other within this part of each minute. */
const PHASE_SPAN_MS = 55_000;

/** The sites that can speak (live and manual), in a fixed order. */
export function modelsOf(seed: number, sites: readonly SimSite[]): SiteModel[] {
	const speaking = sites.filter((site) => site.telemetry !== 'none').toSorted((a, b) => (a.code < b.code ? -1 : 1));
	const byGateway = Map.groupBy(
		speaking.filter((site) => site.telemetry === 'live'),
		(site) => sourceNames(seed, site).gateway
	);
	return speaking.map((site) => {
		const names = sourceNames(seed, site);
		const peers = byGateway.get(names.gateway) ?? [];
		return modelOf(seed, site, names, Math.max(0, peers.indexOf(site)), Math.max(1, peers.length));
	});
}

/** How often each simulated source is to be expected, for the table `sources`. */
export function sourcePeriods(seed: number, sites: readonly SimSite[]): SourcePeriod[] {
	const periods = new Map<string, number>();
	for (const { gateway, desk, isLive } of modelsOf(seed, sites)) {
		if (isLive) periods.set(gateway, GATEWAY_PERIOD_SECONDS);
		periods.set(desk, DESK_PERIOD_SECONDS);
	}
	return [...periods].map(([source, periodSeconds]) => ({ source, periodSeconds }));
}

/** The seed is part of the name: another seed is another city, whose ids and numbers must not meet these. */
function sourceNames(seed: number, site: SimSite): { gateway: string; desk: string } {
	const district = site.district ?? 'city';
	return { gateway: `demo-${seed}/gateway/${site.street ?? district}`, desk: `demo-${seed}/desk/${district}` };
}

function modelOf(
	seed: number,
	site: SimSite,
	names: { gateway: string; desk: string },
	rank: number,
	gatewaySize: number
): SiteModel {
	const random = seededRandom(seed, site.code, 'model');
	const slotMs = PHASE_SPAN_MS / gatewaySize;
	const isLive = site.telemetry === 'live';
	const optional = random.shuffled(['humidity', 'co2', 'power', 'camera', 'smoke', 'screen'] as const);
	const kinds = [
		'gateway',
		'door',
		'sos',
		'people',
		...optional.slice(0, random.integer(0, 2)),
		'temperature'
	] as const;
	return {
		site,
		isLive,
		key: hashOf(seed, site.code),
		...names,
		rank,
		gatewaySize,
		phaseMs: Math.floor(rank * slotMs + random.next() * slotMs * 0.3),
		devices: isLive ? kinds.map((kind) => ({ name: `${kind}-1`, kind })) : [],
		entry: isLive ? ['qr', 'id_card', 'remote', ...(random.chance(0.6) ? (['face'] as const) : [])] : ['manual'],
		// 8 to 12 a day are usual (domain §0.3); smart stations are the busier ones.
		meanVisits: isLive ? random.between(9, 17) : random.between(6, 13)
	};
}

/** ms between the readings of one round: short enough that rounds of two sites of a gateway never cross. */
export const readingGapMs = (model: SiteModel): number =>
	Math.min(1000, Math.floor((PHASE_SPAN_MS / model.gatewaySize) * 0.2));

/** Builds an event; `number` makes its id unique among those of its site and type. */
export function eventOf<T extends EventType>(
	model: SiteModel,
	type: T,
	atMs: number,
	number: string | number,
	data: EventData[T]
): StationEvent {
	const kind = type.slice(type.indexOf('.') + 1);
	const event = {
		specversion: '1.0',
		id: `${model.site.code}-${type.startsWith('station.') ? kind : type.replace('.', '-')}-${number}`,
		source: model.gateway,
		type,
		subject: model.site.code,
		time: new Date(atMs).toISOString(),
		quality: 'measured',
		data
	} as const;
	// The compiler does not see that type and data belong together in every member of the union; the signature does.
	return event as StationEvent;
}

/** The same event as a person at the desk would enter it. */
export function asReported(model: SiteModel, event: StationEvent): StationEvent {
	return { ...event, source: model.desk, quality: 'reported' };
}

export const timeOf = (event: StationEvent): number => Date.parse(event.time);
