/** The doors of people on a loopback port, behind the rules and the sessions of the product, with a clock that a test moves. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret, TOTP } from 'otpauth';
import type { OpenDatabase } from '#db/client.ts';
import { areas, sites } from '#db/schema.ts';
import type { Places } from '#domain/scope.ts';
import { Access, type Change } from '#server/access/access.ts';
import type { AuditEntry } from '#server/access/audit.ts';
import { clientOf, proxyTrust } from '#server/access/client-address.ts';
import { judge } from '#server/access/rule.ts';
import { addressLimit } from '#server/accounts/limits.ts';
import { Passwords } from '#server/accounts/passwords.ts';
import { accountRoutes, type AccountOptions } from '#server/accounts/routes.ts';
import { sendProblem } from '#server/http/route.ts';
import { endSession, findSession } from '#server/store/session-store.ts';

const MINUTE_MS = 60_000;

export const POLICY = {
	idleMs: 15 * MINUTE_MS,
	dutyIdleMs: 480 * MINUTE_MS,
	sessionMs: 12 * 60 * MINUTE_MS,
	passwordMaxAgeMs: 90 * 24 * 60 * MINUTE_MS
};

export interface AccountDoors {
	readonly url: string;
	readonly passwords: Passwords;
	/** what was recorded, in order */
	readonly audited: AuditEntry[];
	readonly changes: Change[];
	/** faults that are nobody's fault at the door */
	readonly errors: Error[];
	clock: number;
	browser(): TestBrowser;
	close(): Promise<void>;
}

/** `PLACES` as rows: two districts, a street in each, a station in each street. */
export async function insertPlaces({ db }: OpenDatabase): Promise<void> {
	await db.insert(areas).values([
		{ code: '3202', name: '无锡市', level: 'city', parentCode: null, sort: 0 },
		{ code: 'A', name: '惠山区', level: 'district', parentCode: '3202', sort: 1 },
		{ code: 'B', name: '江阴市', level: 'district', parentCode: '3202', sort: 2 },
		{ code: 'A1', name: '堰桥街道', level: 'street', parentCode: 'A', sort: 3 },
		{ code: 'B1', name: '澄江街道', level: 'street', parentCode: 'B', sort: 4 }
	]);
	const site = (code: string, districtCode: string, streetCode: string) =>
		({ code, name: `驿站 ${code}`, kind: 'service_station', districtCode, streetCode }) as const;
	await db.insert(sites).values([site('S-A', 'A', 'A1'), site('S-B', 'B', 'B1')]);
}

const PLACES: Places = {
	districtOfStreet: (code) => ({ A1: 'A', B1: 'B' })[code] ?? null,
	site: (code) =>
		({ 'S-A': { code, district: 'A', street: 'A1' }, 'S-B': { code, district: 'B', street: 'B1' } })[code] ?? null
};

export async function openAccountDoors(
	{ db }: OpenDatabase,
	more: Partial<AccountOptions> & { clock?: number } = {}
): Promise<AccountDoors> {
	const { clock = Date.parse('2026-03-02T01:00:00Z'), ...options } = more;
	const passwords = new Passwords({ n: 16, r: 1, p: 1 });
	const audited: AuditEntry[] = [];
	const changes: Change[] = [];
	const errors: Error[] = [];
	const doors = { passwords, audited, changes, errors, clock };
	const now = (): number => doors.clock;
	const onError = (error: Error): void => void errors.push(error);
	const access = new Access({
		findSession: (hash, at) => findSession(db, hash, at),
		findScreen: async () => null,
		endSession: (id, reason) => endSession(db, id, reason, now()),
		touchSession: async () => undefined,
		policy: POLICY,
		places: PLACES,
		clientOf: (asking) => clientOf(asking, proxyTrust(['127.0.0.1'], null)),
		redis: { publish: async () => 0 },
		now,
		onError
	});
	access.onChange((change) => changes.push(change));
	const routes = accountRoutes({
		...{ db, access, policy: POLICY, now, onError, passwords, isDemoCity: false, origin: null, oidc: null },
		audit: {
			record: async (entry) => void audited.push(entry),
			recordIn: async (_, entry) => void audited.push(entry),
			refused: (entry) => void audited.push({ ...entry, result: 'refused' })
		},
		limit: addressLimit({ points: 1000, duration: 300 }),
		...options
	});
	const http = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://localhost');
		const answer = async (): Promise<void> => {
			const door = routes.get(`${request.method} ${url.pathname}`);
			if (!door) throw new Error(`There is no door ${request.method} ${url.pathname}.`);
			const caller = await access.callerOf(request);
			const verdict = judge(door.rule, caller, url.searchParams.get('scope'), access.places);
			if (!verdict.isAllowed) return sendProblem(response, verdict.status, verdict.code, verdict.message);
			await door.answer(request, response, url, caller);
		};
		answer().catch((error: Error) =>
			response.writeHead(500).end(JSON.stringify({ code: 'thrown', message: error.stack }))
		);
	});
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
	return Object.assign(doors, {
		url,
		browser: () => new TestBrowser(url),
		async close() {
			http.closeAllConnections();
			http.close();
			await once(http, 'close');
		}
	});
}

export interface Answered<T> {
	readonly status: number;
	readonly body: T;
}

export interface Refused {
	readonly code: string;
	readonly fields?: Record<string, string>;
	readonly retryAfterSeconds?: number;
}

/** Keeps cookies as a browser does, of one host. */
export class TestBrowser {
	readonly url: string;
	readonly cookies = new Map<string, string>();

	constructor(url: string) {
		this.url = url;
	}

	get<T>(path: string): Promise<Answered<T & Refused>> {
		return this.#ask('GET', path);
	}

	post<T>(path: string, body: object = {}): Promise<Answered<T & Refused>> {
		return this.#ask('POST', path, JSON.stringify(body));
	}

	/** One step, redirects not followed; with the cookies of this browser. */
	async fetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const headers = { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) };
		const response = await fetch(url, { ...init, headers, redirect: 'manual' });
		for (const line of response.headers.getSetCookie()) {
			const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
			if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
		return response;
	}

	async #ask<T>(method: string, path: string, body: string | null = null): Promise<Answered<T>> {
		const response = await this.fetch(this.url + path, {
			method,
			body,
			headers: { 'content-type': 'application/json' }
		});
		return { status: response.status, body: (await response.json()) as T };
	}
}

/** The code that an authenticator app shows at a moment (ms). `secret` as the door shows it. */
export function codeAt(secret: string, at: number): string {
	return new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')), period: 30, digits: 6 }).generate({
		timestamp: at
	});
}
