/**
 * `ops:rejected`: every refused event with its reason, for people to read and to send again. Written before the commit
 * and carrying the id of the entry it stands for; after a restart what was written already is left out, so that each
 * refusal stands there once [CO5].
 */
import { EVENT_TYPES, eventData, eventSchema } from '#domain/event.ts';
import { redacted, shapeOf } from '#domain/identity.ts';
import type { Refusal } from '#domain/refusal.ts';
import { receivedAtOf, REJECTED_STREAM } from './names.ts';
import type { Redis } from './redis-link.ts';

/** Refused entries kept: weeks of normal refusals, and a bound on a flood of them. */
const KEPT = 100_000;
/** Longer payloads are cut. UTF-16 units. */
export const MAX_PAYLOAD = 16_384;

export interface Rejected {
	readonly refusal: Refusal;
	/** what was refused, as it came; it is kept without what names a person [PR3] */
	readonly payload: string;
	/** stream and entry id, or `http` */
	readonly door: string;
	readonly entry?: string;
}

export class RejectedLog {
	readonly #redis: Redis;
	/** entry ids, by stream, that were written before the last stop */
	readonly #written = new Map<string, Set<string>>();

	constructor(redis: Redis) {
		this.#redis = redis;
	}

	/** Learns which entries of `stream` after `position` were refused before, in an earlier run. */
	async recall(stream: string, position: string): Promise<void> {
		const written = new Set<string>();
		let end = '+';
		for (;;) {
			const rows = await this.#redis.sendCommand<[string, string[]][]>([
				'XREVRANGE',
				REJECTED_STREAM,
				end,
				'-',
				'COUNT',
				'1000'
			]);
			for (const [, fields] of rows) {
				const row = fieldsOf(fields);
				if (row.get('door') === stream) written.add(row.get('entry') ?? '');
			}
			const oldest = rows.at(-1)?.[0];
			// What was written before the checkpoint's own time belongs to entries before it.
			if (!oldest || receivedAtOf(oldest) < receivedAtOf(position)) break;
			end = `(${oldest}`;
		}
		this.#written.set(stream, written);
	}

	/** The newest refusals, newest first, without what was refused. */
	async latest(count: number): Promise<{ id: string; reason: string; message: string }[]> {
		const command = ['XREVRANGE', REJECTED_STREAM, '+', '-', 'COUNT', `${count}`];
		const rows = await this.#redis.sendCommand<[string, string[]][]>(command);
		return rows.map(([id, fields]) => {
			const row = fieldsOf(fields);
			return { id, reason: row.get('reason') ?? '', message: row.get('message') ?? '' };
		});
	}

	async add(rejected: readonly Rejected[]): Promise<void> {
		const fresh = rejected.filter(({ door, entry }) => !entry || !this.#written.get(door)?.has(entry));
		await Promise.all(fresh.map((one) => this.#redis.sendCommand(addCommand(one))));
	}
}

function addCommand({ refusal, payload, door, entry }: Rejected): string[] {
	const command = [
		'XADD',
		REJECTED_STREAM,
		'MAXLEN',
		'~',
		`${KEPT}`,
		'*',
		'reason',
		refusal.code,
		'message',
		refusal.message
	];
	command.push('e', keptPart(payload).slice(0, MAX_PAYLOAD), 'door', door);
	if (entry) command.push('entry', entry);
	return command;
}

/** Fields that events have: their texts are needed to mend one. */
const KNOWN_NAMES: ReadonlySet<string> = new Set(
	EVENT_TYPES.flatMap((type) => {
		const { properties } = eventSchema(type) as unknown as { readonly properties: object };
		return [...Object.keys(properties), ...Object.keys(eventData[type].properties)];
	})
);

/** A payload as it may be kept: to the letter where nothing in it names a person, else with `…` in those places [PR3]. */
export function keptPart(payload: string): string {
	let event: unknown;
	try {
		event = JSON.parse(payload);
	} catch {
		// Broken: nobody can say which part of it names whom.
		return payload === '' ? '' : shapeOf(payload);
	}
	// A text, a number or a list has no names that would say what is what.
	if (typeof event !== 'object' || event === null || Array.isArray(event)) return shapeOf(payload);
	const { value } = redacted(event, KNOWN_NAMES);
	return value === event ? payload : JSON.stringify(value);
}

/** Fields of a stream entry, by name. */
export function fieldsOf(fields: readonly string[]): Map<string, string> {
	const map = new Map<string, string>();
	for (let i = 0; i + 1 < fields.length; i += 2) map.set(fields[i] ?? '', fields[i + 1] ?? '');
	return map;
}
