/**
 * The event: one fact that entered from outside. A CloudEvents 1.0 envelope (structured JSON) whose `subject` is the
 * site's code. A new type is added in `eventData` below and handled in `fold.ts`; the compiler shows the rest.
 *
 * Only types and plain schemas live here, so a page may import this file. The schemas are compiled in the
 * server alone (`server/stream/parse.ts`): compiling uses `new Function`, which a page's policy forbids.
 */
import Type from 'typebox';
import { OCCUPATIONS } from './occupation.ts';

export { OCCUPATIONS, type Occupation } from './occupation.ts';

export const DEVICE_KINDS = [
	'gateway',
	'door',
	'sos',
	'intercom',
	'smoke',
	'leak',
	'power',
	'temperature',
	'humidity',
	'co2',
	'people',
	'light',
	'air_conditioner',
	'screen',
	'camera',
	'locker',
	'swap_cabinet',
	'aed'
] as const;

export const ENTRY_METHODS = ['face', 'id_card', 'qr', 'remote', 'manual', 'card'] as const;

/** How a figure came to be. `test` events prove that a device works; they never change a figure. */
export const QUALITIES = ['measured', 'reported', 'estimated', 'test'] as const;

const oneOf = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>(Type.Enum([...values]));
const count = (maximum: number) => Type.Integer({ minimum: 0, maximum });
const word = Type.String({ minLength: 1, maxLength: 64 });
const sentence = Type.String({ maxLength: 200 });

/** Payload of each event type. Fields not named here are never stored, whatever a source sends (privacy by construction). */
export const eventData = {
	/** The site's gateway is alive. */
	'station.heartbeat': Type.Object({ uptimeSeconds: Type.Optional(Type.Number({ minimum: 0 })) }),
	/** The door was opened to the public. */
	'station.opened': Type.Object({ by: Type.Optional(oneOf(['schedule', 'keeper', 'remote'])) }),
	/** The door was closed to the public; `planned` says that it was announced. */
	'station.closed': Type.Object({
		by: Type.Optional(oneOf(['schedule', 'keeper', 'remote'])),
		planned: Type.Optional(Type.Boolean()),
		reason: Type.Optional(sentence)
	}),
	/** `count` workers (1 when absent) came in. */
	'station.visited': Type.Object({
		method: oneOf(ENTRY_METHODS),
		occupation: Type.Optional(oneOf(OCCUPATIONS)),
		count: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 }))
	}),
	/** Head count: people in and out since the last reading, and those inside now. */
	'people.counted': Type.Object({ in: count(10_000), out: count(10_000), inside: count(100_000) }),
	/** Air of the room: °C, % relative humidity, CO₂ in ppm. */
	'env.read': Type.Object({
		temperatureC: Type.Number({ minimum: -60, maximum: 100 }),
		humidityPct: Type.Number({ minimum: 0, maximum: 100 }),
		co2Ppm: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 }))
	}),
	/** A device changed its state. */
	'device.changed': Type.Object({
		device: word,
		kind: oneOf(DEVICE_KINDS),
		state: oneOf(['online', 'offline', 'fault']),
		reason: Type.Optional(sentence)
	}),
	/** Stock of one item after a check. */
	'supply.changed': Type.Object({
		item: word,
		quantity: Type.Number({ minimum: 0, maximum: 1_000_000 }),
		expiresOn: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }))
	}),
	/** Mains power came or went. */
	'power.changed': Type.Object({
		mains: Type.Boolean(),
		kilowatts: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 }))
	})
} as const;

export type EventType = keyof typeof eventData;
export type EventData = { [T in EventType]: Type.Static<(typeof eventData)[T]> };

interface Envelope {
	specversion: '1.0';
	id: string;
	source: string;
	/** RFC 3339 moment at which it happened */
	time: string;
	/** Code of the site */
	subject: string;
	quality?: (typeof QUALITIES)[number];
	/** CloudEvents extension: a counter per source that only grows */
	sequence?: string | number;
}

/** One discriminated union of every fact that the product understands. */
export type StationEvent = { [T in EventType]: Envelope & { type: T; data: EventData[T] } }[EventType];

const envelope = {
	specversion: Type.Literal('1.0'),
	id: Type.String({ minLength: 1, maxLength: 200 }),
	source: Type.String({ minLength: 1, maxLength: 200 }),
	time: Type.String({ maxLength: 40 }),
	subject: Type.String({ minLength: 1, maxLength: 100 }),
	quality: Type.Optional(oneOf(QUALITIES)),
	sequence: Type.Optional(Type.Union([Type.String({ maxLength: 20 }), Type.Integer({ minimum: 0 })]))
};

export const EVENT_TYPES = Object.keys(eventData) as EventType[];

/** Whole schema of one event type: envelope and payload in one object, so that one check covers both. */
export function eventSchema(type: EventType): Type.TSchema {
	return Type.Object({ ...envelope, type: Type.Literal(type), data: eventData[type] });
}
