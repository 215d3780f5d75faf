/** The doors of those who look after the screens: see them, pair one, change one, revoke one. Every change is audited. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { readPairingCode } from '#domain/pairing-code.ts';
import { parseScope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import type { Access } from '#server/access/access.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import { proxyTrust } from '#server/access/client-address.ts';
import { ableAnywhere, verdictOf } from '#server/access/rule.ts';
import { hashOf, newToken } from '#server/access/tokens.ts';
import { sendJson, sendProblem, type Door } from '#server/http/route.ts';
import type { Database } from '#server/store/query.ts';
import { findWaiting, pairScreen } from '#server/store/screen-pairing-store.ts';
import { loadAreas } from '#server/store/registry-store.ts';
import {
	changeScreen,
	listScreens,
	namesOfPeople,
	revokeScreen,
	screenById,
	type ScreenRecord
} from '#server/store/screen-store.ts';
import { readJson, sendBadBody, sendFields, sendGone } from './answers.ts';
import { CODE_LIFE_MS } from './pairing-desk.ts';
import { DAY_MS, readScreenForm, type AreaLevelOf, type FieldProblems, type ScreenForm } from './screen-form.ts';

export type ScreenState = 'active' | 'expired' | 'revoked';
export interface ListedScreen extends ScreenRecord {
	readonly state: ScreenState;
	/** of the people who did it; their ids where they have none (`operator`) */
	readonly pairedByName: string;
	readonly revokedByName: string | null;
}
/** `GET /api/screens`; times are ms of the server. */
export interface ScreenList {
	readonly now: number;
	readonly screens: readonly ListedScreen[];
	/** where a screen may look: districts and streets, in the order in which they are listed */
	readonly areas: readonly Area[];
}

export interface AdminDoorOptions {
	readonly db: Database;
	readonly access: Pick<Access, 'changed' | 'places'>;
	readonly audit: Audit;
	readonly areaLevel: AreaLevelOf;
	/** ms */
	readonly now: () => number;
}

/** Wrong codes of one person in a quarter of an hour; the codes are long enough by themselves, this is for the audit's peace. */
const WRONG_CODES = { points: 10, duration: 15 * 60 };

export function adminDoors(options: AdminDoorOptions): [string, Door][] {
	const desk = new AdminDesk(options);
	const mayWrite = ableAnywhere('screen', 'write');
	return [
		['GET /api/screens', { rule: ableAnywhere('screen', 'read'), answer: (_, response) => desk.list(response) }],
		['POST /api/screens/pair', { rule: mayWrite, answer: (...asked) => desk.pair(take(asked)) }],
		['POST /api/screens/change', { rule: mayWrite, answer: (...asked) => desk.change(take(asked)) }],
		['POST /api/screens/revoke', { rule: mayWrite, answer: (...asked) => desk.revoke(take(asked)) }]
	];
}

interface Asked {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly caller: Caller;
	/** method and path */
	readonly door: string;
}
const take = ([request, response, url, caller]: Parameters<Door['answer']>): Asked => ({
	...{ request, response, caller },
	door: `${request.method} ${url.pathname}`
});

export const stateOf = ({ revokedAt, expiresAt }: ScreenRecord, now: number): ScreenState =>
	revokedAt !== null ? 'revoked' : now >= expiresAt ? 'expired' : 'active';

class AdminDesk {
	readonly #options: AdminDoorOptions;
	readonly #wrongCodes = new RateLimiterMemory(WRONG_CODES);

	constructor(options: AdminDoorOptions) {
		this.#options = options;
	}

	async list(response: ServerResponse): Promise<void> {
		const { db } = this.#options;
		const now = this.#options.now();
		const records = await listScreens(db);
		const names = await namesOfPeople(
			db,
			records.flatMap(({ pairedBy, revokedBy }) => [pairedBy, revokedBy ?? []].flat())
		);
		const screens = records.map((screen) => ({
			...screen,
			state: stateOf(screen, now),
			pairedByName: names.get(screen.pairedBy) ?? screen.pairedBy,
			revokedByName: screen.revokedBy && (names.get(screen.revokedBy) ?? screen.revokedBy)
		}));
		sendJson(response, 200, { now, screens, areas: await loadAreas(db) } satisfies ScreenList);
	}

	async pair(asked: Asked): Promise<void> {
		const { request, response, caller } = asked;
		const { areaLevel } = this.#options;
		const input = await readJson(request);
		if (input === null) return sendBadBody(response);
		if (await this.#hasTriedTooOften(caller)) {
			this.#refused(asked, 'too_many_wrong_codes', null);
			const message =
				'Many wrong codes came from you. Wait a quarter of an hour, then read the code off the screen again.';
			return sendProblem(response, 429, 'too_many_wrong_codes', message);
		}
		const reading = readScreenForm(input, areaLevel, false);
		const code = typeof input['code'] === 'string' ? readPairingCode(input['code']) : null;
		const codeProblem: FieldProblems = code === null ? { code: 'bad_code' } : {};
		if (!reading.ok || code === null) {
			return sendFields(response, { ...codeProblem, ...(reading.ok ? {} : reading.fields) });
		}
		const { form } = reading;
		if (!this.#mayIn(caller, form.scopeText)) return this.#refuseScope(asked, form.scopeText);
		await this.#pairWith(code, form, asked);
	}

	async #pairWith(code: string, form: ScreenForm, { response, caller }: Asked): Promise<void> {
		const { db, audit, now } = this.#options;
		const at = now();
		const waiting = await findWaiting(db, code, at);
		if (waiting && isForeign(form.addresses, waiting.address)) {
			return sendFields(response, { addresses: 'excludes_screen' }, { address: waiting.address });
		}
		const expiresAt = at + (form.days ?? 0) * DAY_MS;
		const screen = {
			...{ name: form.name, scope: form.scopeText, layout: form.layout, addresses: form.addresses },
			// Nobody has this token: the screen is given its own when it comes for it.
			...{ tokenHash: hashOf(newToken()), pairedBy: idOf(caller), at, expiresAt }
		};
		const id = waiting && (await pairScreen(db, code, screen, at + CODE_LIFE_MS));
		if (id === null) return this.#refuseCode(caller, response);
		await audit.record({
			actor: actorOf(caller),
			action: 'screen.paired',
			object: `screen:${id}`,
			scope: form.scopeText,
			result: 'ok',
			detail: { ...publicPart(form), expiresAt: new Date(expiresAt).toISOString(), from: waiting?.address }
		});
		sendJson(response, 201, { id, name: form.name });
	}

	async #refuseCode(caller: Caller, response: ServerResponse): Promise<void> {
		await this.#wrongCodes.penalty(idOf(caller));
		const entry = { actor: actorOf(caller), action: 'screen.refused', object: 'screen:code' };
		await this.#options.audit.record({ ...entry, result: 'refused', detail: { code: 'code_unknown' } });
		sendFields(response, { code: 'code_unknown' });
	}

	async #hasTriedTooOften(caller: Caller): Promise<boolean> {
		const tried = await this.#wrongCodes.get(idOf(caller));
		return tried instanceof RateLimiterRes && tried.consumedPoints >= WRONG_CODES.points;
	}

	async change(asked: Asked): Promise<void> {
		const { request, response, caller } = asked;
		const { db, audit, access, now, areaLevel } = this.#options;
		const input = await readJson(request);
		if (input === null) return sendBadBody(response);
		const screen = await this.#livingScreen(input['id'], asked);
		if (screen === null) return;
		const reading = readScreenForm({ ...screen, ...input }, areaLevel, true);
		if (!reading.ok) return sendFields(response, reading.fields);
		const { form } = reading;
		if (!this.#mayIn(caller, form.scopeText)) return this.#refuseScope(asked, form.scopeText);
		if (screen.lastAddress !== null && isForeign(form.addresses, screen.lastAddress)) {
			return sendFields(response, { addresses: 'excludes_screen' }, { address: screen.lastAddress });
		}
		const expiresAt = form.days === null ? screen.expiresAt : now() + form.days * DAY_MS;
		const { name, scopeText: scope, layout, addresses } = form;
		if (!(await changeScreen(db, screen.id, { name, scope, layout, addresses, expiresAt }))) return sendGone(response);
		// Before it is written down: a screen keeps no scope because the audit is slow.
		await access.changed({ kind: 'screen', id: String(screen.id) });
		await audit.record({
			actor: actorOf(caller),
			action: 'screen.changed',
			object: `screen:${screen.id}`,
			scope,
			result: 'ok',
			detail: {
				before: {
					...publicPart({ ...screen, scopeText: screen.scope }),
					expiresAt: new Date(screen.expiresAt).toISOString()
				},
				after: { ...publicPart(form), expiresAt: new Date(expiresAt).toISOString() }
			}
		});
		sendJson(response, 200, { id: screen.id });
	}

	async revoke(asked: Asked): Promise<void> {
		const { request, response, caller } = asked;
		const { db, audit, access, now } = this.#options;
		const input = await readJson(request);
		if (input === null) return sendBadBody(response);
		const screen = await this.#livingScreen(input['id'], asked);
		if (screen === null) return;
		if (!(await revokeScreen(db, screen.id, idOf(caller), now()))) return sendGone(response);
		// First silence, then the record: a screen that should see nothing any more does not wait for the audit.
		await access.changed({ kind: 'screen', id: String(screen.id) });
		const entry = { actor: actorOf(caller), action: 'screen.revoked', object: `screen:${screen.id}` };
		await audit.record({ ...entry, scope: screen.scope, result: 'ok', detail: { name: screen.name } });
		sendJson(response, 200, { id: screen.id });
	}

	/** Null = answered already. */
	async #livingScreen(id: unknown, asked: Asked): Promise<ScreenRecord | null> {
		const { caller, response } = asked;
		const isNumber = typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && id < 2 ** 31;
		const screen = isNumber ? await screenById(this.#options.db, id) : null;
		if (screen === null || screen.revokedAt !== null) {
			sendGone(response);
			return null;
		}
		if (this.#mayIn(caller, screen.scope)) return screen;
		this.#refused(asked, 'out_of_scope', screen.scope);
		sendProblem(response, 403, 'out_of_scope', 'This screen lies outside the scope of your grants.');
		return null;
	}

	#refuseScope(asked: Asked, scope: string): void {
		this.#refused(asked, 'out_of_scope', scope);
		sendFields(asked.response, { scope: 'out_of_scope' });
	}

	/** As the rule of a door would have it written. */
	#refused({ caller, door }: Asked, code: string, scope: string | null): void {
		const entry = { actor: actorOf(caller), action: 'door.refused', object: door, scope };
		this.#options.audit.refused({ ...entry, detail: { code } });
	}

	#mayIn(caller: Caller, scopeText: string): boolean {
		const scope = parseScope(scopeText) ?? { level: 'city' };
		return verdictOf(caller, { object: 'screen', right: 'write', scope }, this.#options.access.places).isAllowed;
	}
}

/** `addresses` empty = from anywhere. */
const isForeign = (addresses: readonly string[], address: string): boolean =>
	addresses.length > 0 && !proxyTrust(addresses, null).isTrusted(address);

const idOf = (caller: Caller): string => (caller.kind === 'nobody' ? 'nobody' : caller.id);

const publicPart = ({
	name,
	scopeText,
	layout,
	addresses
}: Pick<ScreenForm, 'name' | 'scopeText' | 'layout' | 'addresses'>) => ({ name, scope: scopeText, layout, addresses });
