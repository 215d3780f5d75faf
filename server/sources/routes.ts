/** `/api/sources…`: who sends events, with which keys, allowed to write what, and what came of it [SO]. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Area } from '#domain/site.ts';
import { freshness, type Freshness } from '#domain/freshness.ts';
import { isPlainText } from '#domain/plain-text.ts';
import { parseScope } from '#domain/scope.ts';
import type { Access } from '#server/access/access.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import { ableAnywhere, verdictOf } from '#server/access/rule.ts';
import { readBody } from '#server/http/body.ts';
import { sendJson, sendProblem, type Door, type Routes } from '#server/http/route.ts';
import { DEFAULT_SOURCE_PERIOD_SECONDS } from '#server/hub/board.ts';
import type { EventDoor } from '#server/ingest/event-door.ts';
import { loadAreas } from '#server/store/registry-store.ts';
import {
	changeSource,
	createSourceKey,
	findSource,
	hasPlace,
	listSources,
	loadSourcePeriods,
	makeSource,
	revokeKeys,
	rotateSourceKey,
	type KeyRecord,
	type SourceGrants,
	type SourceRecord
} from '#server/store/source-store.ts';
import type { Database } from '#server/store/query.ts';
import { MAX_HOURS, readGrants, readHours, readSource, type FieldProblems } from './source-form.ts';

export interface SourceRoutesOptions {
	readonly db: Database;
	readonly audit: Audit;
	readonly access: Pick<Access, 'changed' | 'places'>;
	/** what this process counted of them */
	readonly door: Pick<EventDoor, 'tallies'>;
	readonly now: () => number;
}

export type KeyState = 'works' | 'ending' | 'ended' | 'revoked';

/** A source as the page shows it; counts are of the answering process since its start. Times in ms. */
export interface SourceRow extends Omit<SourceRecord, 'keys'> {
	/** newest first */
	readonly keys: readonly (KeyRecord & { readonly state: KeyState })[];
	/** to the minute; null = never */
	readonly lastUsedAt: number | null;
	readonly freshness: Freshness;
	readonly accepted: number;
	readonly refused: number;
	/** most first */
	readonly seen: readonly { readonly type: string; readonly count: number; readonly lastAt: number }[];
	readonly reasons: readonly { readonly reason: string; readonly count: number }[];
	/** fields that name a person and were dropped: in how many events */
	readonly identity: readonly { readonly field: string; readonly count: number }[];
}

/** `GET /api/sources` */
export interface SourceList {
	readonly now: number;
	/** ms: since when `accepted` and the like count */
	readonly since: number;
	/** for the choice of a scope: who administers the system sees no figures, so nothing else brings them */
	readonly areas: readonly Area[];
	readonly sources: readonly SourceRow[];
}

const MAX_BODY_BYTES = 16 * 1024;
const HOUR_MS = 3_600_000;

export function sourceRoutes(options: SourceRoutesOptions): Routes {
	const desk = new SourceDesk(options);
	const mayWrite = ableAnywhere('source', 'write');
	const writes = (answer: (asked: Asked) => Promise<void>): Door => ({
		rule: mayWrite,
		answer: async (request, response, url, caller) => {
			const input = await readJson(request);
			if (!input) return sendProblem(response, 400, 'bad_body', 'Send a JSON object of up to 16 KiB.');
			await answer({ input, response, caller, door: `${request.method} ${url.pathname}` });
		}
	});
	return new Map<string, Door>([
		['GET /api/sources', { rule: ableAnywhere('source', 'read'), answer: (_, response) => desk.list(response) }],
		['POST /api/sources', writes((asked) => desk.make(asked))],
		['POST /api/sources/change', writes((asked) => desk.change(asked))],
		['POST /api/sources/key', writes((asked) => desk.addKey(asked))],
		['POST /api/sources/rotate', writes((asked) => desk.rotate(asked))],
		['POST /api/sources/revoke', writes((asked) => desk.revoke(asked))]
	]);
}

interface Asked {
	readonly input: Readonly<Record<string, unknown>>;
	readonly response: ServerResponse;
	readonly caller: Caller;
	/** method and path */
	readonly door: string;
}

class SourceDesk {
	readonly #options: SourceRoutesOptions;
	readonly #since: number;

	constructor(options: SourceRoutesOptions) {
		this.#options = options;
		this.#since = options.now();
	}

	async list(response: ServerResponse): Promise<void> {
		const { db, now: clock } = this.#options;
		const [records, periods, areas] = await Promise.all([listSources(db), loadSourcePeriods(db), loadAreas(db)]);
		const now = clock();
		const sources = records.map((record) => this.#row(record, periods, now));
		sendJson(response, 200, { now, since: this.#since, areas, sources } satisfies SourceList);
	}

	#row(record: SourceRecord, periods: ReadonlyMap<string, number>, now: number): SourceRow {
		const tally = this.#options.door.tallies.of(record.name);
		const used = [...record.keys.map(({ lastUsedAt }) => lastUsedAt ?? 0), tally?.lastAt ?? 0];
		const lastUsedAt = Math.max(0, ...used) || null;
		const named = (record.sources ?? []).flatMap((source) => periods.get(source) ?? []);
		const period = named.length > 0 ? Math.min(...named) : DEFAULT_SOURCE_PERIOD_SECONDS;
		const seen = [...(tally?.types ?? [])].map(([type, one]) => ({ type, ...one }));
		return {
			...record,
			keys: record.keys.map((key) => ({ ...key, state: stateOf(key, now) })),
			lastUsedAt,
			freshness: freshness(lastUsedAt, period, now),
			accepted: tally?.accepted ?? 0,
			refused: tally?.refused ?? 0,
			seen: seen.sort((a, b) => b.count - a.count),
			reasons: [...(tally?.reasons ?? [])].map(([reason, count]) => ({ reason, count })),
			identity: [...(tally?.identity ?? [])].map(([field, count]) => ({ field, count }))
		};
	}

	async make(asked: Asked): Promise<void> {
		const { input, response, caller } = asked;
		const { db } = this.#options;
		const reading = readSource(input);
		if (!reading.ok) return sendFields(response, reading.fields);
		const { name, ...grants } = reading.value;
		const problem = await this.#scopeProblem(asked, grants);
		if (problem) return sendFields(response, problem);
		const key = await makeSource(db, reading.value, idOf(caller));
		if (key === null) return sendFields(response, { name: 'taken' }, 409);
		await this.#record(caller, 'source.created', name, grants.scope, { ...grants, hint: key.slice(-4) });
		await this.#changed(name);
		sendJson(response, 201, { name, key });
	}

	async change(asked: Asked): Promise<void> {
		const { input, response, caller } = asked;
		const { db } = this.#options;
		const before = await this.#source(asked);
		if (!before) return;
		const reading = readGrants(input);
		if (!reading.ok) return sendFields(response, reading.fields);
		const problem = await this.#scopeProblem(asked, reading.value);
		if (problem) return sendFields(response, problem);
		await changeSource(db, before.name, reading.value, idOf(caller));
		await this.#changed(before.name);
		const { sources, types, scope } = before;
		const detail = { before: { sources, types, scope }, after: reading.value };
		await this.#record(caller, 'source.changed', before.name, reading.value.scope, detail);
		sendJson(response, 200, { name: before.name });
	}

	/** One more key beside those that work: for another device of the same source. */
	async addKey(asked: Asked): Promise<void> {
		const { response, caller } = asked;
		const source = await this.#source(asked);
		if (!source) return;
		const key = await createSourceKey(this.#options.db, source.name, idOf(caller));
		await this.#record(caller, 'source.key_created', source.name, source.scope, { hint: key.slice(-4) });
		sendJson(response, 201, { name: source.name, key });
	}

	/** A new key now; those that work go on for some hours, so that no event is lost while devices are given the new one. */
	async rotate(asked: Asked): Promise<void> {
		const { input, response, caller } = asked;
		const { db, now } = this.#options;
		const source = await this.#source(asked);
		if (!source) return;
		const hours = readHours(input['hours']);
		if (hours === null) return sendFields(response, { hours: 'out_of_range' });
		const endsAt = now() + hours * HOUR_MS;
		const rotated = await rotateSourceKey(db, source.name, new Date(endsAt), idOf(caller));
		if (!rotated) return sendUnknown(response);
		await this.#changed(source.name);
		const { key, ending } = rotated;
		const detail = { hint: key.slice(-4), ending, endsAt: new Date(endsAt).toISOString() };
		await this.#record(caller, 'source.key_rotated', source.name, source.scope, detail);
		sendJson(response, 201, { name: source.name, key, ending, endsAt });
	}

	/** One key by `id`, or all of the source without one. */
	async revoke(asked: Asked): Promise<void> {
		const { input, response, caller } = asked;
		const { db, now } = this.#options;
		const source = await this.#source(asked);
		if (!source) return;
		const { id } = input;
		const isOne = typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && id < 2 ** 31;
		if (id !== undefined && !isOne) return sendGone(response);
		const revoked = await revokeKeys(db, { name: source.name, ...(isOne && { id }) }, new Date(now()));
		if (revoked.length === 0) return sendGone(response);
		// First silence, then the record.
		await this.#changed(source.name);
		const detail = { hints: revoked.map(({ hint }) => hint) };
		await this.#record(caller, 'source.key_revoked', source.name, source.scope, detail);
		sendJson(response, 200, { name: source.name, revoked: revoked.length });
	}

	/** The source that the body names, when the caller may write it; null = answered already. */
	async #source(asked: Asked): Promise<SourceRecord | null> {
		const { input, response, caller } = asked;
		const { name } = input;
		const source = typeof name === 'string' && isPlainText(name) ? await findSource(this.#options.db, name) : null;
		if (!source) {
			sendUnknown(response);
			return null;
		}
		if (this.#mayIn(caller, source.scope)) return source;
		this.#refused(asked, source.scope);
		sendProblem(response, 403, 'out_of_scope', 'This source lies outside the scope of your grants.');
		return null;
	}

	async #scopeProblem(asked: Asked, { scope }: SourceGrants): Promise<FieldProblems | null> {
		if (!this.#mayIn(asked.caller, scope)) {
			this.#refused(asked, scope);
			return { scope: 'out_of_scope' };
		}
		return (await hasPlace(this.#options.db, scope)) ? null : { scope: 'unknown_scope' };
	}

	/** As the rule of a door would have it written. */
	#refused({ caller, door }: Asked, scope: string): void {
		const detail = { code: 'out_of_scope' };
		this.#options.audit.refused({ actor: actorOf(caller), action: 'door.refused', object: door, scope, detail });
	}

	#mayIn(caller: Caller, scopeText: string): boolean {
		const scope = parseScope(scopeText) ?? { level: 'city' };
		return verdictOf(caller, { object: 'source', right: 'write', scope }, this.#options.access.places).isAllowed;
	}

	#changed(name: string): Promise<void> {
		return this.#options.access.changed({ kind: 'source', id: name });
	}

	#record(caller: Caller, action: string, name: string, scope: string, detail: object): Promise<void> {
		const actor = actorOf(caller);
		return this.#options.audit.record({
			actor,
			action,
			object: `source:${name}`,
			scope,
			result: 'ok',
			detail: { ...detail }
		});
	}
}

/** A key's state now: `ending` still works and has an end. */
function stateOf({ revokedAt, expiresAt }: KeyRecord, now: number): KeyState {
	if (revokedAt !== null) return 'revoked';
	if (expiresAt === null) return 'works';
	return now >= expiresAt ? 'ended' : 'ending';
}

const idOf = (caller: Caller): string => (caller.kind === 'nobody' ? 'nobody' : caller.id);

/** An object of JSON; null = the body is none, or too large. */
async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | null> {
	const text = await readBody(request, MAX_BODY_BYTES);
	if (text === null) return null;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
	} catch {
		// No JSON at all: refused like any other body that is not what was asked for.
		return null;
	}
}

const sendUnknown = (response: ServerResponse): void =>
	sendProblem(response, 404, 'unknown_source', 'There is no source of this name. Load the list anew.');

const sendGone = (response: ServerResponse): void =>
	sendProblem(
		response,
		404,
		'unknown_key',
		'No working key was found: it was revoked or has ended. Load the list anew.'
	);

const FIELDS_MESSAGE = `Some fields are not right: see \`fields\`, correct them and send it again. Hours go from 0 to ${MAX_HOURS}.`;

function sendFields(response: ServerResponse, fields: FieldProblems, status = 422): void {
	sendJson(response, status, { code: 'bad_fields', message: FIELDS_MESSAGE, fields });
}
