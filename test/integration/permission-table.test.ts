/**
 * Every door × every column of the matrix × inside and outside the scope, over HTTP and sockets of a running product. What
 * is expected is read from the matrix by a few lines of this file, not by the code under test; a door, page or topic that
 * has no rule does not compile, and one that this table does not know fails it.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenPostgres } from '#db/client.ts';
import { MATRIX, ROLES, type Column, type ObjectName, type Right } from '#domain/role.ts';
import type { DoorRule } from '#server/access/rule.ts';
import type { Runtime } from '#server/runtime.ts';
import { pairScreen, takeSeat } from '#test/support/seats.ts';
import { startWhole, type Whole } from '#test/support/whole.ts';

/** Where everybody of the table has their grant: a district of the demo city, and what lies in and beside it. */
const INSIDE = 'district:320206';
const OUTSIDE = 'district:320214';

type Who = Column | 'nobody';
const EVERYBODY: readonly Who[] = ['nobody', 'screen', ...ROLES];

let whole: Whole;
let runtime: Runtime;
let database: OpenPostgres;
let inside: { street: string; station: string };
let outside: { street: string; station: string };

beforeAll(async () => {
	whole = await startWhole();
	({ runtime, database } = whole);
	inside = await placeIn(INSIDE);
	outside = await placeIn(OUTSIDE);
});
afterAll(() => whole?.stop());

async function placeIn(district: string): Promise<{ street: string; station: string }> {
	const { rows } = await database.pool.query<{ street_code: string; code: string }>(
		"select street_code, code from sites where district_code = $1 and street_code is not null and kind = 'service_station' limit 1",
		[district.split(':')[1]]
	);
	return { street: rows[0]!.street_code, station: rows[0]!.code };
}

/** Headers of somebody of a column, freshly signed in: some doors end sessions. */
async function headersOf(who: Who): Promise<Record<string, string>> {
	if (who === 'nobody') return {};
	if (who === 'screen') return { cookie: `yizhan-screen=${(await pairScreen(database.db, INSIDE)).token}` };
	return { ...(await takeSeat(database.db, [who], INSIDE)).headers };
}

const has = (who: Who, object: ObjectName, right: Right): boolean =>
	who !== 'nobody' && (MATRIX[object][who] ?? []).includes(right);

/** What the matrix says of a door, in a scope: may they pass? */
function isExpected(rule: DoorRule, who: Who, where: 'inside' | 'outside'): boolean {
	switch (rule.who) {
		case 'everyone':
			return true;
		case 'known':
			return who !== 'nobody';
		case 'person':
			return who !== 'nobody' && who !== 'screen';
		case 'able':
			return has(who, rule.object, rule.right) && (rule.scope === 'anywhere' || where === 'inside');
	}
}

/** Codes by which a door's rule refuses; a door that goes on may refuse for reasons of its own. */
const BY_RULE = ['sign_in_needed', 'second_factor_needed', 'new_password_needed', 'no_right', 'out_of_scope'];

async function isRefused(name: string, query: string, headers: Record<string, string>): Promise<string | null> {
	const [method, path] = name.split(' ') as [string, string];
	const body = method === 'GET' ? null : '{}';
	const response = await fetch(`${runtime.url}${path}${query}`, {
		method,
		headers: { 'content-type': 'application/json', ...headers },
		body,
		redirect: 'manual'
	});
	if (response.status !== 401 && response.status !== 403) {
		await response.body?.cancel();
		return null;
	}
	const { code } = (await response.json()) as { code: string };
	return BY_RULE.includes(code) ? code : null;
}

describe('the table of permissions', () => {
	test(
		'[PE7] every door lets in whom the matrix lets in, inside their scope and nowhere else',
		{ timeout: 180_000 },
		async () => {
			expect(runtime.doors.size).toBeGreaterThan(40);
			const wrong: string[] = [];
			for (const who of EVERYBODY) {
				for (const [name, { rule }] of runtime.doors) {
					for (const [where, scope] of [
						['inside', INSIDE],
						['outside', OUTSIDE]
					] as const) {
						// Doors that ask for no scope have no inside.
						if (where === 'outside' && !(rule.who === 'able' && rule.scope === 'query')) continue;
						const code = await isRefused(name, `?scope=${scope}`, await headersOf(who));
						const isRight = (code === null) === isExpected(rule, who, where);
						if (!isRight) wrong.push(`${who} ${where} ${name}: ${code ?? 'let in'}`);
					}
				}
			}
			expect(wrong).toEqual([]);
		}
	);

	test('[PE7] a door of a scope that is asked without one is asked for the whole city', async () => {
		const headers = await headersOf('district_admin');
		for (const [name, { rule }] of runtime.doors) {
			if (rule.who !== 'able' || rule.scope !== 'query' || !has('district_admin', rule.object, rule.right)) continue;
			expect([name, await isRefused(name, '', headers)]).toEqual([name, 'out_of_scope']);
		}
	});

	test('[PE7] a scope said twice is no way around: it is refused whoever asks', async () => {
		const headers = await headersOf('district_admin');
		const response = await fetch(`${runtime.url}/api/state?scope=${INSIDE}&scope=${OUTSIDE}`, { headers });
		expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'bad_query']);
	});

	test('[PE8] every topic lets in whom the matrix lets in', { timeout: 120_000 }, async () => {
		const topics = {
			[INSIDE]: ['figures', 'see', true],
			[`street:${inside.street}`]: ['figures', 'see', true],
			[`station:${inside.station}`]: ['station', 'read', true],
			city: ['figures', 'see', false],
			[OUTSIDE]: ['figures', 'see', false],
			[`street:${outside.street}`]: ['figures', 'see', false],
			[`station:${outside.station}`]: ['station', 'read', false]
		} as const satisfies Record<string, readonly [ObjectName, Right, boolean]>;
		for (const who of EVERYBODY) {
			const socket = io(runtime.url, {
				...{ path: '/live', transports: ['websocket'], forceNew: true, reconnection: false },
				extraHeaders: await headersOf(who)
			});
			const isOpen = await new Promise<boolean>((resolve) => {
				socket.once('hello', () => resolve(true));
				socket.once('connect_error', () => resolve(false));
			});
			expect([who, isOpen]).toEqual([who, who !== 'nobody']);
			for (const [topic, [object, right, isInside]] of Object.entries(topics)) {
				if (!isOpen) continue;
				const answer = (await socket.timeout(10_000).emitWithAck('join', topic, null)) as { ok: boolean };
				expect([who, topic, answer.ok]).toEqual([who, topic, isInside && has(who, object, right)]);
			}
			socket.disconnect();
		}
	});

	test(
		'[PE9] every page opens to whom the matrix lets in, sends nobody to the sign-in and a screen to its wall',
		{ timeout: 180_000 },
		async () => {
			const { PAGE_RULES } = (await import('../../src/page-rules.ts')) as {
				PAGE_RULES: Record<string, 'everyone' | 'person' | { object: ObjectName; right: Right; scope: string }>;
			};
			const known = Object.keys(PAGE_RULES);
			const ids = routeIds();
			expect(ids.filter((id) => !known.includes(id))).toEqual([]);
			for (const who of EVERYBODY) {
				const headers = await headersOf(who);
				for (const id of ids) {
					const rule = PAGE_RULES[id]!;
					const isScoped = typeof rule === 'object' && rule.scope !== 'own';
					for (const where of isScoped ? (['inside', 'outside'] as const) : (['inside'] as const)) {
						const address = addressOf(id, where);
						const response = await fetch(`${runtime.url}${address}`, { headers, redirect: 'manual' });
						await response.body?.cancel();
						const said = [response.status, response.headers.get('location')?.split('?')[0] ?? null];
						if (id === '/refused') continue;
						if (rule === 'everyone') expect([who, address, response.status < 400]).toEqual([who, address, true]);
						else if (who === 'nobody') expect([who, address, ...said]).toEqual([who, address, 303, '/sign-in']);
						else if (who === 'screen') expect([who, address, ...said]).toEqual([who, address, 303, '/wall']);
						else {
							const isOpen = rule === 'person' || (has(who, rule.object, rule.right) && where === 'inside');
							expect([who, address, response.status === 403]).toEqual([who, address, !isOpen]);
						}
					}
				}
			}
		}
	);
});

const ROUTES = fileURLToPath(new URL('../../src/routes', import.meta.url));

/** Routes that answer something: folders with a page or an endpoint. */
function routeIds(): string[] {
	const files = readdirSync(ROUTES, { recursive: true, encoding: 'utf8' });
	const found = files.filter((file) => /(^|\/)\+(page\.svelte|server\.ts)$/u.test(file));
	return found.map((file) => `/${join(file, '..').replace(/^\.$/u, '')}`);
}

function addressOf(id: string, where: 'inside' | 'outside'): string {
	const { street, station } = where === 'inside' ? inside : outside;
	const district = (where === 'inside' ? INSIDE : OUTSIDE).split(':')[1]!;
	const code = id.startsWith('/streets') ? street : id.startsWith('/stations') ? station : district;
	return id.replace('[code]', code).replace('[token]', 'no-such-token');
}
