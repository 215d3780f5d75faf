/** The federation's own sign-in, against a real provider that the test starts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import type { Role } from '#domain/role.ts';
import type { SessionAnswer } from '#server/accounts/shapes.ts';
import { insertGrant } from '#server/store/grant-store.ts';
import { changePerson, insertPerson, personByName } from '#server/store/people-store.ts';
import { insertPlaces, openAccountDoors, type AccountDoors, type TestBrowser } from '#test/support/accounts.ts';
import { testDatabases } from '#test/support/databases.ts';
import { freePort } from '#test/support/free-port.ts';
import { CLIENT, testProvider, type TestProvider } from '#test/support/oidc-provider.ts';

const CALLBACK = '/api/session/oidc/callback';
const [pglite] = testDatabases();

let database: OpenDatabase;
let doors: AccountDoors;
let provider: TestProvider;
beforeAll(async () => {
	database = await pglite!.open();
	await insertPlaces(database);
	const port = await freePort();
	const issuer = `http://127.0.0.1:${port}`;
	doors = await openAccountDoors(database, {
		// Tokens of the provider are of its own clock.
		clock: Date.now(),
		oidc: { issuer, ...CLIENT, label: '统一认证', claim: 'preferred_username' }
	});
	provider = await testProvider(port, () => doors.url + CALLBACK);
});
afterAll(async () => {
	await provider?.stop();
	await doors?.close();
	await database?.close();
});
beforeEach(async () => {
	await database.db.execute('truncate people restart identity cascade');
	doors.audited.length = 0;
	doors.errors.length = 0;
});

async function person(userName: string, externalName: string | null, role: Role = 'leader'): Promise<string> {
	const at = doors.clock;
	const names = { userName, displayName: userName, externalName, expiresAt: null, createdBy: 'test', at };
	const id = (await insertPerson(database.db, names))!;
	const grant = {
		personId: id,
		role,
		scope: 'city',
		lines: null,
		reason: null,
		proposedBy: 'test',
		at,
		expiresAt: null
	};
	await insertGrant(database.db, { ...grant, isActive: true });
	return id;
}

/** Where our door sends the browser; the provider's address, or back to a page of ours. */
async function go(browser: TestBrowser, path: string): Promise<string> {
	const response = await browser.fetch(path.startsWith('http') ? path : doors.url + path);
	expect([path.split('?')[0], response.status]).toEqual([path.split('?')[0], 302]);
	return response.headers.get('location')!;
}
/** The address with a code at which the provider sends the browser back to us. */
async function codeFor(browser: TestBrowser, accountId: string | null, next = '/districts/A'): Promise<string> {
	const there = await go(browser, `/api/session/oidc/start?next=${encodeURIComponent(next)}`);
	return provider.signIn(browser, there, accountId);
}
const session = async (browser: TestBrowser) => (await browser.get<SessionAnswer>('/api/session')).body;

describe('signing in through a provider', () => {
	test('[PP13] lets in whom it names, binds the name to its subject, and goes on to where they wanted', async () => {
		await person('li.na', 'lina@union');
		const browser = doors.browser();
		expect((await session(browser)).methods.oidc).toEqual({ label: '统一认证' });
		const back = await codeFor(browser, 'lina');
		expect(back).toContain(CALLBACK);
		expect(await go(browser, back)).toBe('/districts/A');
		expect(await session(browser)).toMatchObject({ person: { userName: 'li.na' }, need: null, roles: ['leader'] });
		expect(doors.audited).toMatchObject([{ action: 'session.started', detail: { method: 'oidc' } }]);
		expect(await personByName(database.db, 'li.na')).toMatchObject({
			state: 'active',
			externalSubject: `${provider.issuer} lina`
		});
		// Found by the subject from now on, whatever the name becomes.
		const id = (await personByName(database.db, 'li.na'))!.id;
		const other = doors.browser();
		expect(await go(other, await codeFor(other, 'lina', '//evil.example'))).toBe('/');
		expect((await session(other)).person?.id).toBe(id);
	});

	test('[PP13] keeps out whom nobody here knows, who is disabled, and who has the name of somebody bound', async () => {
		const id = await person('li.na', 'lina@union');
		const browser = doors.browser();
		expect(await go(browser, await codeFor(browser, 'stranger'))).toBe('/sign-in?problem=oidc_unknown');
		expect(doors.audited).toMatchObject([{ action: 'session.refused', detail: { method: 'oidc', reason: 'unknown' } }]);
		await changePerson(database.db, id, { state: 'disabled' });
		const second = doors.browser();
		expect(await go(second, await codeFor(second, 'lina'))).toBe('/sign-in?problem=oidc_unknown');
		expect((await session(second)).person).toBeNull();
		await changePerson(database.db, id, { state: 'active', externalName: 'zhou@union' });
		const zhou = doors.browser();
		expect(await go(zhou, await codeFor(zhou, 'zhou'))).toBe('/districts/A');
		await changePerson(database.db, id, { externalName: 'zhou@union' });
		const third = doors.browser();
		expect(await go(third, await codeFor(third, 'lina'))).toBe('/sign-in?problem=oidc_unknown');
	});

	test('[PP13] still asks an administrator for our own second factor', async () => {
		await person('wu', 'wu@union', 'system_admin');
		const browser = doors.browser();
		expect(await go(browser, await codeFor(browser, 'wu', '/people'))).toBe('/sign-in?next=%2Fpeople');
		expect(await session(browser)).toMatchObject({ need: 'enrol_second_factor', grants: [] });
		expect((await browser.get('/api/people')).status).toBe(403);
		// Somebody without a password sets it up in the session of the provider.
		expect((await browser.post('/api/profile/second-factor/start')).status).toBe(200);
	});

	test('[PP13] takes an answer once, from the browser that began, with the state it was given', async () => {
		await person('li.na', 'lina@union');
		const browser = doors.browser();
		const back = await codeFor(browser, 'lina');
		const flow = browser.cookies.get('yizhan-oidc')!;
		// Another browser, which began nothing; one that began something else; a forged state; a forged cookie.
		expect(await go(doors.browser(), back)).toBe('/sign-in?problem=oidc_failed');
		const other = doors.browser();
		await go(other, '/api/session/oidc/start');
		expect(await go(other, back)).toBe('/sign-in?problem=oidc_failed');
		const wrong = new URL(back);
		wrong.searchParams.set('state', 'forged');
		const thief = doors.browser();
		thief.cookies.set('yizhan-oidc', flow);
		expect(await go(thief, wrong.href)).toBe('/sign-in?problem=oidc_failed');
		thief.cookies.set('yizhan-oidc', `${flow.slice(0, 20)}x${flow.slice(21)}`);
		expect(await go(thief, back)).toBe('/sign-in?problem=oidc_failed');
		// The right one, then the same again: the cookie is used up, and with it kept the provider knows the code.
		expect(await go(browser, back)).toBe('/districts/A');
		expect(browser.cookies.has('yizhan-oidc')).toBe(false);
		expect(await go(browser, back)).toBe('/sign-in?problem=oidc_failed');
		thief.cookies.set('yizhan-oidc', flow);
		expect(await go(thief, back)).toBe('/sign-in?problem=oidc_failed');
		expect((await session(thief)).person).toBeNull();
		expect(JSON.stringify([doors.audited, doors.errors.map(String)])).not.toContain(CLIENT.clientSecret);
	});

	test('[PP13] comes back to the sign-in when the person walks away there, and when it took too long', async () => {
		const browser = doors.browser();
		expect(await go(browser, await codeFor(browser, null))).toBe('/sign-in?problem=oidc_refused');
		await person('li.na', 'lina@union');
		const late = doors.browser();
		const back = await codeFor(late, 'lina');
		doors.clock += 10 * 60_000;
		expect(await go(late, back)).toBe('/sign-in?problem=oidc_failed');
		doors.clock -= 10 * 60_000;
	});

	test('[PP13] says so when the provider is away, and works again when it is back', async () => {
		await person('li.na', 'lina@union');
		const browser = doors.browser();
		const back = await codeFor(browser, 'lina');
		await provider.stop();
		expect(await go(browser, back)).toBe('/sign-in?problem=oidc_unavailable');
		// An hour later its description is asked for again.
		doors.clock += 3_600_000;
		expect(await go(browser, '/api/session/oidc/start')).toBe('/sign-in?problem=oidc_unavailable');
		await provider.start();
		expect(await go(browser, await codeFor(browser, 'lina'))).toBe('/districts/A');
	});

	test('[PP13] reads another claim where the federation keeps its names there', async () => {
		const own = await openAccountDoors(database, {
			clock: Date.now(),
			oidc: { issuer: provider.issuer, ...CLIENT, label: 'x', claim: 'employee' },
			// The provider knows the other doors' address.
			origin: doors.url
		});
		try {
			await person('li.na', 'no-lina');
			const browser = own.browser();
			const there = (await browser.fetch(`${own.url}/api/session/oidc/start`)).headers.get('location')!;
			const back = new URL(await provider.signIn(browser, there, 'lina'));
			const response = await browser.fetch(own.url + back.pathname + back.search);
			expect(response.headers.get('location')).toBe('/');
			expect((await session(browser)).person?.userName).toBe('li.na');
		} finally {
			await own.close();
		}
	});
});

test('[PP13] without a provider its doors say that there is nothing', async () => {
	const own = await openAccountDoors(database);
	try {
		for (const path of ['/api/session/oidc/start', CALLBACK]) {
			expect([path, (await own.browser().get(path)).status]).toEqual([path, 404]);
		}
	} finally {
		await own.close();
	}
});
