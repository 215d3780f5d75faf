import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { areas, screenPairings } from '#db/schema.ts';
import type { Change } from '#server/access/access.ts';
import type { AuditEntry } from '#server/access/audit.ts';
import type { Caller, ScreenCaller } from '#server/access/caller.ts';
import { hashOf } from '#server/access/tokens.ts';
import type { ScreenList } from '#server/screens/admin-doors.ts';
import { CODE_LIFE_MS, type PairingView } from '#server/screens/pairing-desk.ts';
import { screenRoutes } from '#server/screens/screen-routes.ts';
import { query } from '#server/store/query.ts';
import { createScreen, findScreen, revokeScreen, touchScreen } from '#server/store/screen-store.ts';
import { testDatabases } from '#test/support/databases.ts';
import { EVERYTHING, openDoors, type TestDoors } from '#test/support/doors.ts';

const START = Date.parse('2026-11-22T04:00:00Z');
const DAY = 86_400_000;
const DEVICE = '10.20.0.7';

type Waiting = Extract<PairingView, { state: 'waiting' }>;

/** A browser that keeps cookies, as one hangs behind a wall. */
class Browser {
	readonly #url: string;
	readonly cookies = new Map<string, string>();
	constructor({ url }: TestDoors) {
		this.#url = url;
	}
	async ask<T = PairingView>(path: string, method = 'GET'): Promise<{ status: number; body: T; set: string[] }> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const response = await fetch(`${this.#url}/api/screens/${path}`, { method, headers: { cookie } });
		const set = response.headers.getSetCookie();
		for (const one of set) {
			const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
			if (/Max-Age=0/.test(one)) this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
		return { status: response.status, body: (await response.json()) as T, set };
	}
	async code(): Promise<string> {
		return ((await this.ask('pairing', 'POST')).body as Waiting).code;
	}
}

describe.each(testDatabases())('wall screens on $name', ({ open }) => {
	let database: OpenDatabase;
	let now: number;
	let records: AuditEntry[];
	let changes: Change[];
	let opened: TestDoors[];
	let wall: Browser;
	let desk: TestDoors;

	beforeAll(async () => void (database = await open()));
	afterAll(() => database.close());
	beforeEach(async () => {
		await query(database.db, sql`truncate screens, screen_pairings, areas restart identity cascade`);
		await database.db.insert(areas).values([
			{ code: 'c', name: '全市', level: 'city' },
			{ code: 'd1', name: '梁溪区', level: 'district', parentCode: 'c' }
		]);
		[now, records, changes, opened] = [START, [], [], []];
		wall = new Browser(await openAs({ kind: 'nobody', grants: [], address: DEVICE, lost: null }));
		desk = await openAs(EVERYTHING);
	});
	afterEach(async () => {
		for (const doors of opened) await doors.close();
	});

	async function openAs(caller: Caller): Promise<TestDoors> {
		const routes = screenRoutes({
			db: database.db,
			now: () => now,
			areaLevel: (code) => (code === 'd1' ? 'district' : code === 'c' ? 'city' : null),
			access: {
				clientOf: () => ({ address: DEVICE, isHttps: false, host: null }),
				places: { districtOfStreet: () => null, site: () => null },
				changed: async (change) => void changes.push(change)
			},
			audit: {
				record: async (entry) => void records.push(entry),
				recordIn: async (_, entry) => void records.push(entry),
				refused: (entry) => void records.push({ ...entry, result: 'refused' })
			}
		});
		const doors = await openDoors(routes, caller);
		opened.push(doors);
		return doors;
	}

	async function post(path: string, body: object, doors = desk): Promise<[number, Record<string, unknown>]> {
		const response = await fetch(`${doors.url}/api/screens/${path}`, { method: 'POST', body: JSON.stringify(body) });
		return [response.status, (await response.json()) as Record<string, unknown>];
	}
	const list = async () => (await (await fetch(`${desk.url}/api/screens`)).json()) as ScreenList;
	const pair = async (more: object = {}) => post('pair', { code: await wall.code(), name: '大厅', ...more });
	const tokenHash = () => hashOf(wall.cookies.get('yizhan-screen') ?? '');

	test('[SC1] a screen shows a code of its own, the same until it runs out, then another', async () => {
		const first = (await wall.ask('pairing', 'POST')).body as Waiting;
		expect(first).toMatchObject({ state: 'waiting', createdAt: START, expiresAt: START + CODE_LIFE_MS });
		expect(first.code).toMatch(/^[C-Y3-9]{4}-[C-Y3-9]{4}$/);
		expect((await wall.ask('pairing')).body).toEqual(first);
		expect((await wall.ask('pairing', 'POST')).body).toEqual(first);
		now += CODE_LIFE_MS;
		expect((await wall.ask('pairing')).body).toEqual({ state: 'none' });
		expect(await wall.code()).not.toBe(first.code);
		expect((await new Browser(desk).ask('pairing')).body).toEqual({ state: 'none' });
	});

	test('[SC2] of what the browser holds only hashes are stored, and scripts cannot read it', async () => {
		const { set } = await wall.ask('pairing', 'POST');
		expect(set).toEqual([
			expect.stringMatching(/^yizhan-pairing=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
		]);
		await pair();
		expect((await wall.ask('pairing')).set.join()).toMatch(
			/yizhan-screen=yzs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/
		);
		const rows = await query<{ all: string }>(
			database.db,
			sql`select (select coalesce(json_agg(s)::text, '') from screens s) || (select coalesce(json_agg(p)::text, '') from screen_pairings p) as all`
		);
		for (const secret of wall.cookies.values()) expect(rows[0]?.all).not.toContain(secret);
	});

	test('[SC3] a code entered by an administrator makes a screen, once; the screen gets its token without a touch', async () => {
		const code = await wall.code();
		const form = {
			code: code.toLowerCase().replace('-', ' '),
			name: ' 一楼大厅 ',
			scope: 'district:d1',
			layout: 'map'
		};
		expect(await post('pair', form)).toEqual([201, { id: 1, name: '一楼大厅' }]);
		expect((await post('pair', form))[1]).toMatchObject({ fields: { code: 'code_unknown' } });
		expect((await wall.ask('pairing')).body).toEqual({
			...{ state: 'paired', name: '一楼大厅', scope: 'district:d1', layout: 'map' }
		});
		expect(await findScreen(database.db, tokenHash())).toMatchObject({
			id: 1,
			pairedAt: START,
			expiresAt: START + 365 * DAY
		});
		expect(wall.cookies.has('yizhan-pairing')).toBe(false);
		expect(records.map(({ action, object, scope, result }) => [action, object, scope ?? null, result])).toEqual([
			['screen.paired', 'screen:1', 'district:d1', 'ok'],
			['screen.refused', 'screen:code', null, 'refused']
		]);
		expect(JSON.stringify(records)).not.toContain('yzs_');
	});

	test('[SC3] an answer that was lost on the way is fetched again, until the screen has come with its token', async () => {
		const code = await wall.code();
		const secret = wall.cookies.get('yizhan-pairing') ?? '';
		await post('pair', { code, name: '大厅' });
		await wall.ask('pairing');
		const lost = tokenHash();
		wall.cookies.set('yizhan-pairing', secret);
		await wall.ask('pairing');
		expect(await findScreen(database.db, lost)).toBeNull();
		expect(await findScreen(database.db, tokenHash())).toMatchObject({ id: 1 });
		const caller: ScreenCaller = {
			kind: 'screen',
			id: '1',
			name: '大厅',
			scope: { level: 'city' },
			layout: 'map',
			...REST
		};
		const self = new Browser(await openAs(caller));
		await self.ask('self');
		wall.cookies.set('yizhan-pairing', secret);
		expect((await wall.ask('pairing')).body).toEqual({ state: 'none' });
	});

	const REST = { grants: [], endsAt: START + 900 * DAY, address: DEVICE } as const;

	test('[SC4] a screen that asks what it is gets its cookie renewed, for as long as browsers keep one', async () => {
		const caller: ScreenCaller = {
			kind: 'screen',
			id: '1',
			name: '厅',
			scope: { level: 'city' },
			layout: 'map',
			...REST
		};
		await createScreen(database.db, { ...SCREEN, tokenHash: hashOf('yzs_x') });
		const self = new Browser(await openAs(caller));
		self.cookies.set('yizhan-screen', 'yzs_x');
		const { body, set } = await self.ask<unknown>('self');
		expect(body).toEqual({ kind: 'screen', name: '厅', scope: 'city', layout: 'map' });
		expect(set).toEqual([`yizhan-screen=yzs_x; Path=/; HttpOnly; SameSite=Lax; Max-Age=${400 * 86_400}`]);
		expect((await list()).screens[0]).toMatchObject({ lastSeenAt: START, lastAddress: DEVICE });
	});

	test('[SC4] nobody and persons are told what they are, too', async () => {
		const lost = await openAs({ kind: 'nobody', grants: [], address: DEVICE, lost: 'revoked' });
		expect((await new Browser(lost).ask<unknown>('self')).body).toEqual({ kind: 'nobody', lost: 'revoked' });
		expect((await new Browser(desk).ask<unknown>('self')).body).toEqual({ kind: 'person', scope: 'city' });
		const grants = [{ column: 'keeper', scope: { level: 'station', code: 'A' }, lines: null }] as const;
		const keeper = await openAs({ ...EVERYTHING, grants });
		expect((await new Browser(keeper).ask<unknown>('self')).body).toEqual({ kind: 'person', scope: null });
	});

	const SCREEN = {
		...({ name: '厅', scope: 'city', layout: 'overview', addresses: [], pairedBy: 'operator', at: START } as const),
		...{ tokenHash: hashOf('yzs_a'), expiresAt: START + DAY }
	} as const;

	test('[SC5] every field that is wrong is named, and nothing is made', async () => {
		const wrong = {
			code: 'KJ7M',
			name: ' ',
			scope: 'station:A1',
			layout: 'tower',
			days: 1096,
			addresses: ['10.0.0.0/33']
		};
		expect(await post('pair', wrong)).toMatchObject([
			422,
			{
				code: 'bad_fields',
				fields: {
					...{ code: 'bad_code', name: 'required', scope: 'unknown_scope', layout: 'unknown_layout' },
					...{ days: 'out_of_range', addresses: 'bad_address' }
				}
			}
		]);
		for (const name of ['厅\0', '厅\ud842', '厅\u202e', 'a\nb'])
			expect((await pair({ name }))[1]).toMatchObject({ fields: { name: 'bad_form' } });
		for (const days of [0, 1.5, '30', -1])
			expect((await pair({ days }))[1]).toMatchObject({ fields: { days: 'out_of_range' } });
		expect((await pair({ scope: 'district:c' }))[1]).toMatchObject({ fields: { scope: 'unknown_scope' } });
		expect((await post('pair', []))[0]).toBe(400);
		expect((await list()).screens).toEqual([]);
	});

	test('[SC5] a list of addresses that leaves the screen itself out is refused with its address', async () => {
		expect(await pair({ addresses: ['10.30.0.0/16'] })).toMatchObject([
			422,
			{ fields: { addresses: 'excludes_screen' }, address: DEVICE }
		]);
		expect((await pair({ addresses: ['10.20.0.0/16', '2001:db8::/32', ' '] }))[0]).toBe(201);
		expect((await list()).screens[0]?.addresses).toEqual(['10.20.0.0/16', '2001:db8::/32']);
	});

	test('[SC6] codes cannot be guessed: after ten wrong ones nothing is looked up any more, and each is audited', async () => {
		const code = await wall.code();
		const wrong = code.startsWith('CCCC') ? 'FFFF-FFFF' : 'CCCC-CCCC';
		for (let tries = 0; tries < 10; tries++) expect((await post('pair', { code: wrong, name: 'x' }))[0]).toBe(422);
		expect(await post('pair', { code, name: 'x' })).toMatchObject([429, { code: 'too_many_wrong_codes' }]);
		expect(records.map(({ action, object, result }) => `${action} ${object} ${result}`)).toEqual([
			...Array<string>(10).fill('screen.refused screen:code refused'),
			'door.refused POST /api/screens/pair refused'
		]);
		expect(records.at(-1)).toMatchObject({ actor: { id: 'p-test' }, detail: { code: 'too_many_wrong_codes' } });
		// Somebody else is not in the way.
		const other = await openAs({ ...EVERYTHING, id: 'p-other' });
		expect((await post('pair', { code, name: 'x' }, other))[0]).toBe(201);
	});

	test('[SC6] as many codes of one address wait as a house has screens; the oldest gives way, never one that is paired', async () => {
		await pair();
		const browsers = Array.from({ length: 13 }, () => new Browser(opened[0]!));
		for (const browser of browsers) {
			now++;
			expect((await browser.ask('pairing', 'POST')).status).toBe(200);
		}
		const stateOf = async (browser: Browser) => (await browser.ask('pairing')).body.state;
		expect([await stateOf(browsers[0]!), await stateOf(browsers[1]!)]).toEqual(['none', 'waiting']);
		// Whoever has a code already keeps it, and drives out nobody.
		await browsers[12]!.ask('pairing', 'POST');
		expect(await stateOf(browsers[1]!)).toBe('waiting');
		expect(await stateOf(wall)).toBe('paired');
		const elsewhere = new Browser(await openAs({ kind: 'nobody', grants: [], address: '10.20.0.8', lost: null }));
		await elsewhere.ask('pairing', 'POST');
		expect(await stateOf(browsers[1]!)).toBe('waiting');
	});

	test('[SC6] three hundred pairings wait in all, from however many addresses; those that ran out make room', async () => {
		const expiresAt = new Date(START + CODE_LIFE_MS);
		await database.db.insert(screenPairings).values(
			Array.from({ length: 300 }, (_, i) => ({
				...{ deviceHash: `h${i}`, code: `c${i}`, address: `10.9.0.${i}`, createdAt: new Date(START), expiresAt }
			}))
		);
		expect(await wall.ask('pairing', 'POST')).toMatchObject({ status: 429, body: { code: 'too_many_waiting' } });
		now += CODE_LIFE_MS;
		expect((await wall.ask('pairing', 'POST')).status).toBe(200);
	});

	test('[SC7] a change is told to everybody who serves the screen, audited with before and after', async () => {
		await pair({ addresses: ['10.20.0.0/16'] });
		await wall.ask('pairing');
		expect((await post('change', { id: 1, name: '门厅', scope: 'district:d1', layout: 'map' }))[0]).toBe(200);
		expect(changes).toEqual([{ kind: 'screen', id: '1' }]);
		expect(await findScreen(database.db, tokenHash())).toMatchObject({
			...{ name: '门厅', scope: 'district:d1', layout: 'map', expiresAt: START + 365 * DAY },
			addresses: ['10.20.0.0/16']
		});
		expect(records.at(-1)).toMatchObject({
			action: 'screen.changed',
			detail: { before: { name: '大厅', scope: 'city' }, after: { name: '门厅', scope: 'district:d1' } }
		});
		now += DAY;
		await post('change', { id: 1, days: 10 });
		expect(await findScreen(database.db, tokenHash())).toMatchObject({ name: '门厅', expiresAt: now + 10 * DAY });
		expect((await post('change', { id: 1, name: '' }))[1]).toMatchObject({ fields: { name: 'required' } });
		for (const id of [2, '1', null, 1e12]) expect((await post('change', { id, name: 'x' }))[0]).toBe(404);
	});

	test('[SC8] a revoked screen is kept in the list, opens nothing, and cannot be changed or revoked again', async () => {
		await pair();
		await wall.ask('pairing');
		expect((await post('revoke', { id: 1 }))[0]).toBe(200);
		expect(changes).toEqual([{ kind: 'screen', id: '1' }]);
		expect(records.at(-1)).toMatchObject({ action: 'screen.revoked', object: 'screen:1', detail: { name: '大厅' } });
		expect(await findScreen(database.db, tokenHash())).toMatchObject({ revokedAt: START, revokedBy: 'p-test' });
		expect((await list()).screens).toMatchObject([{ id: 1, state: 'revoked', revokedByName: 'p-test' }]);
		expect((await post('revoke', { id: 1 }))[0]).toBe(404);
		expect((await post('change', { id: 1, name: 'x' }))[0]).toBe(404);
	});

	test('[SC8] a screen revoked before it fetched its token gets none', async () => {
		await pair();
		await revokeScreen(database.db, 1, 'operator', now);
		expect((await wall.ask('pairing')).body).toEqual({ state: 'none' });
		expect(wall.cookies.has('yizhan-screen')).toBe(false);
	});

	test('an expired screen says so, and lives again when its days are renewed', async () => {
		await pair({ days: 1 });
		now += DAY;
		expect((await list()).screens).toMatchObject([{ state: 'expired' }]);
		await post('change', { id: 1, days: 30 });
		expect((await list()).screens).toMatchObject([{ state: 'active', expiresAt: now + 30 * DAY }]);
	});

	test('administrators of a part of the city pair and change screens in it only', async () => {
		const grants = [{ column: 'system_admin', scope: { level: 'district', code: 'd1' }, lines: null }] as const;
		const part = await openAs({ ...EVERYTHING, grants });
		const code = await wall.code();
		expect((await post('pair', { code, name: 'x' }, part))[1]).toMatchObject({ fields: { scope: 'out_of_scope' } });
		expect((await post('pair', { code, name: 'x', scope: 'district:d1' }, part))[0]).toBe(201);
		expect((await post('change', { id: 1, scope: 'city' }, part))[1]).toMatchObject({
			fields: { scope: 'out_of_scope' }
		});
		await createScreen(database.db, SCREEN);
		expect(await post('revoke', { id: 2 }, part)).toMatchObject([403, { code: 'out_of_scope' }]);
		expect(records.filter(({ result }) => result === 'refused')).toMatchObject(
			['pair', 'change', 'revoke'].map((deed) => ({
				...{ action: 'door.refused', object: `POST /api/screens/${deed}`, scope: 'city' },
				detail: { code: 'out_of_scope' }
			}))
		);
	});

	test('is written down as seen once a minute, and at once from another address', async () => {
		const id = await createScreen(database.db, SCREEN);
		const seen = async () => {
			const { lastSeenAt, lastAddress } = (await findScreen(database.db, SCREEN.tokenHash))!;
			return [lastSeenAt && lastSeenAt - START, lastAddress];
		};
		expect(await seen()).toEqual([null, null]);
		await touchScreen(database.db, id, '10.0.0.1', START);
		await touchScreen(database.db, id, '10.0.0.1', START + 59_000);
		expect(await seen()).toEqual([0, '10.0.0.1']);
		await touchScreen(database.db, id, '10.0.0.2', START + 59_500);
		expect(await seen()).toEqual([59_500, '10.0.0.2']);
		await touchScreen(database.db, id, '10.0.0.2', START + 119_501);
		expect(await seen()).toEqual([119_501, '10.0.0.2']);
	});
});
