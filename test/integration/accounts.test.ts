/** People at their doors: signing in and out, links, the second factor, accounts and grants, on both databases. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { people as peopleTable, sessions as sessionTable } from '#db/schema.ts';
import type { Role } from '#domain/role.ts';
import { ACCOUNT_COMMANDS } from '#server/accounts/commands.ts';
import { addressLimit } from '#server/accounts/limits.ts';
import { firstLink } from '#server/accounts/links.ts';
import { Passwords } from '#server/accounts/passwords.ts';
import { makeSamplePeople } from '#server/accounts/samples.ts';
import type {
	FactorConfirmed,
	FactorStart,
	GrantChanged,
	GrantList,
	LinkUsed,
	LinkView,
	NewLink,
	PeopleList,
	PersonMade,
	Profile,
	SampleList,
	SessionAnswer,
	SessionList,
	SignedIn
} from '#server/accounts/shapes.ts';
import { insertGrant } from '#server/store/grant-store.ts';
import { insertPerson, personByName } from '#server/store/people-store.ts';
import { setPassword } from '#server/store/credential-store.ts';
import { codeAt, insertPlaces, openAccountDoors, type AccountDoors, type TestBrowser } from '#test/support/accounts.ts';
import { testDatabases } from '#test/support/databases.ts';

const PASSWORD = 'Lake-Tai in the fog';
const OTHER = 'Nine lotus ponds, 2026';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe.each(testDatabases())('people on $name', ({ open }) => {
	let database: OpenDatabase;
	let doors: AccountDoors;
	beforeAll(async () => {
		database = await open();
		await insertPlaces(database);
	});
	afterAll(() => database.close());
	beforeEach(async () => {
		// Sessions, links, grants and former passwords go with the people.
		await database.db.execute('truncate people restart identity cascade');
		doors = await openAccountDoors(database);
	});
	afterEach(() => doors.close());

	/** Other doors on the same database. */
	async function reopen(...[more]: Parameters<typeof openAccountDoors> extends [unknown, ...infer R] ? R : never) {
		await doors.close();
		doors = await openAccountDoors(database, { clock: doors.clock, ...more });
	}

	/** An account with a password and roles in force, as other people would have made it. */
	async function person(userName: string, roles: readonly Role[] = [], scope = 'city'): Promise<string> {
		const { db } = database;
		const at = doors.clock;
		const names = { userName, displayName: `${userName}!`, externalName: null, expiresAt: null };
		const id = (await insertPerson(db, { ...names, createdBy: 'test', at }))!;
		await setPassword(db, id, await doors.passwords.hash(PASSWORD), at, 5);
		for (const role of roles) {
			const grant = { personId: id, role, scope, lines: null, reason: null, proposedBy: 'test', at, expiresAt: null };
			await insertGrant(db, { ...grant, isActive: true });
		}
		return id;
	}

	const signIn = (browser: TestBrowser, userName: string, password = PASSWORD) =>
		browser.post<SignedIn>('/api/session', { userName, password, next: '/wall' });
	const session = async (browser: TestBrowser): Promise<SessionAnswer> =>
		(await browser.get<SessionAnswer>('/api/session')).body;

	/** Sets up a second factor in a session that needs one, or may have one. */
	async function enrol(browser: TestBrowser): Promise<{ secret: string; recoveryCodes: readonly string[] }> {
		const started = await browser.post<FactorStart>('/api/profile/second-factor/start', { password: PASSWORD });
		expect(started.status).toBe(200);
		const { secret } = started.body;
		const confirmed = await browser.post<FactorConfirmed>('/api/profile/second-factor/confirm', {
			code: codeAt(secret, doors.clock)
		});
		expect([confirmed.status, confirmed.body.need]).toEqual([200, null]);
		return { secret, recoveryCodes: confirmed.body.recoveryCodes };
	}

	const secretOf = async (userName: string): Promise<string> =>
		(await personByName(database.db, userName))!.totpSecret!;

	/** Somebody of a role, signed in, with a second factor where the role asks for one. */
	async function seat(userName: string, role: Role, scope = 'city'): Promise<TestBrowser & { id: string }> {
		const id = await person(userName, [role], scope);
		const browser = doors.browser();
		const { body } = await signIn(browser, userName);
		if (body.need === 'enrol_second_factor') await enrol(browser);
		return Object.assign(browser, { id });
	}

	const actions = (): string[] => doors.audited.map(({ action }) => action);

	describe('signing in', () => {
		test('[PP6] opens a session that is over after signing out, whatever cookie is shown again', async () => {
			await person('li.na', ['department_head']);
			const browser = doors.browser();
			expect(await signIn(browser, ' Li.Na ')).toEqual({ status: 200, body: { need: null, next: '/wall' } });
			const here = await session(browser);
			expect([here.person?.userName, here.roles]).toEqual(['li.na', ['department_head']]);
			const cookie = new Map(browser.cookies);
			expect((await browser.post('/api/session/end')).status).toBe(200);
			for (const [name, value] of cookie) browser.cookies.set(name, value);
			expect((await session(browser)).person).toBeNull();
			expect((await browser.get('/api/profile')).body.code).toBe('sign_in_needed');
			expect(actions()).toEqual(['session.started', 'session.ended']);
		});

		test('[PP3] unknown, wrong, disabled, expired and passwordless look the same and cost one hash each', async () => {
			await person('right');
			await person('gone');
			await ACCOUNT_COMMANDS.disableUser(database, { userName: 'gone' });
			const at = doors.clock;
			const common = { externalName: null, createdBy: 'test', at };
			await insertPerson(database.db, { ...common, userName: 'empty', displayName: 'e', expiresAt: null });
			const old = (await insertPerson(database.db, {
				...common,
				userName: 'old',
				displayName: 'o',
				expiresAt: at - 1
			}))!;
			await setPassword(database.db, old, await doors.passwords.hash(PASSWORD), at, 5);
			const tries = [
				['nobody', PASSWORD],
				['right', OTHER],
				['gone', PASSWORD],
				['empty', PASSWORD],
				['old', PASSWORD]
			] as const;
			const answers = [];
			for (const [userName, password] of tries) {
				const before = doors.passwords.computed;
				const { status, body } = await signIn(doors.browser(), userName, password);
				answers.push(JSON.stringify([status, body]));
				expect([userName, doors.passwords.computed - before]).toEqual([userName, 1]);
			}
			expect(new Set(answers).size).toBe(1);
			expect(answers[0]).toContain('sign_in_failed');
			expect(doors.audited.map(({ action, result }) => `${action} ${result}`)).toEqual(
				Array(5).fill('session.refused refused')
			);
			// A name that is nobody's is not kept: it may be a password in the wrong field.
			expect(doors.audited.map(({ object }) => object)).toEqual([
				null,
				...['person:right', 'person:gone', 'person:empty', 'person:old']
			]);
		});

		test('[PP4] five failures within 15 minutes lock for 30, also for a name that nobody has', async () => {
			await person('li.na');
			const statuses = [];
			for (const name of ['li.na', 'nobody']) {
				const own = [];
				for (let i = 0; i < 5; i++) own.push((await signIn(doors.browser(), name, OTHER)).status);
				const { status, body } = await signIn(doors.browser(), name);
				statuses.push(JSON.stringify([...own, status, body.code, body.retryAfterSeconds]));
			}
			expect(statuses[0]).toBe(JSON.stringify([401, 401, 401, 401, 401, 423, 'locked', 1800]));
			expect(statuses[1]).toBe(statuses[0]);
			expect(actions().filter((action) => action === 'person.locked')).toHaveLength(1);
			doors.clock += 30 * MINUTE;
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
		});

		test('[PP4] failures further apart than the window do not lock, and a success forgets them', async () => {
			await person('li.na');
			for (let i = 0; i < 4; i++) await signIn(doors.browser(), 'li.na', OTHER);
			doors.clock += 16 * MINUTE;
			for (let i = 0; i < 4; i++) expect((await signIn(doors.browser(), 'li.na', OTHER)).status).toBe(401);
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
			for (let i = 0; i < 4; i++) expect((await signIn(doors.browser(), 'li.na', OTHER)).status).toBe(401);
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
		});

		test('[PP4] many tries at once cannot overrun the lockout', async () => {
			await person('li.na');
			const before = doors.passwords.computed;
			const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(doors.browser(), 'li.na', OTHER)));
			expect(doors.passwords.computed - before).toBe(5);
			expect(answers.filter(({ status }) => status === 423)).toHaveLength(15);
		});

		test('[PP5] an address that tries too often is told to wait, one that is right is not', async () => {
			await reopen({ limit: addressLimit({ points: 3, duration: 300 }) });
			await person('li.na');
			for (let i = 0; i < 6; i++) expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
			const answers = [];
			for (let i = 0; i < 4; i++) answers.push(await signIn(doors.browser(), `nobody${i}`, OTHER));
			expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
			expect(answers[3]!.body.retryAfterSeconds).toBeGreaterThan(0);
		});

		test('[PP2] a password that was kept with other parameters is hashed anew when it is shown', async () => {
			const id = await person('li.na');
			const { db } = database;
			await setPassword(db, id, await new Passwords({ n: 32, r: 1, p: 1 }).hash(PASSWORD), doors.clock, 5);
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
			expect((await personByName(db, 'li.na'))?.passwordHash).toMatch(/^scrypt\$16\$1\$1\$/);
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
		});

		test('[PP6] goes on to a path of this site only', async () => {
			await person('li.na');
			const browser = doors.browser();
			for (const [next, expected] of [
				['/districts/A?tab=1#x', '/districts/A?tab=1#x'],
				['//evil.example', '/'],
				['/\\evil.example', '/'],
				['https://evil.example/', '/'],
				['/\t/evil.example', '/'],
				[7, '/']
			]) {
				const { body } = await browser.post<SignedIn>('/api/session', { userName: 'li.na', password: PASSWORD, next });
				expect([next, body.next]).toEqual([next, expected]);
			}
		});

		test('says which field is missing, and takes no form that is none', async () => {
			const browser = doors.browser();
			const { status, body } = await browser.post('/api/session', { userName: '' });
			expect([status, body.code, body.fields]).toEqual([
				400,
				'bad_request',
				{ userName: 'missing', password: 'missing' }
			]);
			for (const text of ['', '[]', '{', '"x"', `{"userName":"${'x'.repeat(20_000)}"}`]) {
				const response = await browser.fetch(`${doors.url}/api/session`, { method: 'POST', body: text });
				expect(response.status).toBe(400);
			}
		});
	});

	describe('a session', () => {
		test('[PP7] ends when no hand moves, and asking alone does not keep it', async () => {
			await person('li.na', ['leader']);
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			doors.clock += 10 * MINUTE;
			expect((await browser.get('/api/profile')).status).toBe(200);
			doors.clock += 6 * MINUTE;
			expect((await browser.get('/api/profile')).status).toBe(401);
		});

		test('[PP7] goes on with a hand at the desk, a duty seat for a shift, and ends after twelve hours whatever is done', async () => {
			await person('li.na', ['leader']);
			await person('zhou', ['duty_officer']);
			const [desk, duty] = [doors.browser(), doors.browser()];
			await signIn(desk, 'li.na');
			await signIn(duty, 'zhou');
			for (let i = 0; i < 36; i++) {
				doors.clock += 14 * MINUTE;
				expect((await desk.post('/api/session/activity')).status).toBe(200);
			}
			// 8 h 24 min without a hand.
			expect((await session(duty)).person).toBeNull();
			await signIn(duty, 'zhou');
			doors.clock += 3 * 60 * MINUTE + 37 * MINUTE;
			expect((await session(duty)).person?.userName).toBe('zhou');
			expect((await desk.post('/api/session/activity')).status).toBe(401);
		});

		test('[PP7] is listed and ended by its person, one or all others, and by nobody else', async () => {
			await person('li.na');
			await person('zhou');
			const [first, second, third, foreign] = [doors.browser(), doors.browser(), doors.browser(), doors.browser()];
			for (const browser of [first, second, third]) await signIn(browser, 'li.na');
			await signIn(foreign, 'zhou');
			const { sessions } = (await first.get<SessionList>('/api/profile/sessions')).body;
			expect(sessions).toHaveLength(3);
			const [other] = sessions.filter(({ isThis }) => !isThis);
			expect((await foreign.post('/api/profile/sessions/end', { id: other!.id })).body.code).toBe('unknown_session');
			expect((await first.post('/api/profile/sessions/end', { id: other!.id })).body).toEqual({ ended: 1 });
			expect((await first.post('/api/profile/sessions/end', { allOthers: true })).body).toEqual({ ended: 1 });
			expect((await first.get('/api/profile')).status).toBe(200);
			for (const browser of [second, third]) expect((await browser.get('/api/profile')).status).toBe(401);
			expect((await foreign.get('/api/profile')).status).toBe(200);
		});

		test('[PP7] of this browser is replaced when somebody else signs in there', async () => {
			await person('li.na');
			await person('zhou');
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			const before = browser.cookies.get('yizhan-session')!;
			await signIn(browser, 'zhou');
			expect((await session(browser)).person?.userName).toBe('zhou');
			browser.cookies.set('yizhan-session', before);
			expect((await session(browser)).person).toBeNull();
		});
	});

	describe('a second factor', () => {
		test('[PP8] is asked of administrators before anything else is open, and gives ten recovery codes once', async () => {
			await person('wu', ['system_admin']);
			const browser = doors.browser();
			expect((await signIn(browser, 'wu')).body.need).toBe('enrol_second_factor');
			expect((await browser.get('/api/people')).body.code).toBe('second_factor_needed');
			expect((await browser.post('/api/profile/password', {})).body.code).toBe('second_factor_needed');
			const before = browser.cookies.get('yizhan-session');
			const { recoveryCodes } = await enrol(browser);
			expect(new Set(recoveryCodes).size).toBe(10);
			expect(browser.cookies.get('yizhan-session')).not.toBe(before);
			expect((await browser.get('/api/people')).status).toBe(200);
			expect((await browser.get<Profile>('/api/profile')).body).toMatchObject({
				hasSecondFactor: true,
				needsSecondFactor: true,
				recoveryCodesLeft: 10
			});
		});

		test('[PP8] is shown as a QR code and as text that mean the same', async () => {
			await person('wu', ['system_admin']);
			const browser = doors.browser();
			await signIn(browser, 'wu');
			const { body } = await browser.post<FactorStart>('/api/profile/second-factor/start');
			expect(new URL(body.uri).searchParams.get('secret')).toBe(body.secret.replaceAll(' ', ''));
			expect(body.qr.path).toMatch(/^(M\d+ \d+h\d+v1H\d+z)+$/);
		});

		test('[PP8] is asked for after the password, under a new token, and a code counts once', async () => {
			await seat('wu', 'system_admin');
			const secret = await secretOf('wu');
			const [first, second] = [doors.browser(), doors.browser()];
			doors.clock += MINUTE;
			for (const each of [first, second]) expect((await signIn(each, 'wu')).body.need).toBe('second_factor');
			const before = first.cookies.get('yizhan-session')!;
			expect((await first.get('/api/people')).body.code).toBe('second_factor_needed');
			expect((await first.post('/api/profile/second-factor/start', {})).body.code).toBe('second_factor_needed');
			const code = codeAt(secret, doors.clock);
			const shown = await first.post<SignedIn>('/api/session/second-factor', { code, next: '/people' });
			expect(shown).toEqual({ status: 200, body: { need: null, next: '/people' } });
			expect((await first.get('/api/people')).status).toBe(200);
			expect((await second.post('/api/session/second-factor', { code })).body.code).toBe('wrong_code');
			// The token from before the second factor is worth nothing.
			const thief = doors.browser();
			thief.cookies.set('yizhan-session', before);
			expect((await session(thief)).person).toBeNull();
			// One step off on either side is taken; two are not.
			doors.clock += MINUTE;
			const late = codeAt(secret, doors.clock - MINUTE);
			expect((await second.post('/api/session/second-factor', { code: late })).body.code).toBe('wrong_code');
			const early = codeAt(secret, doors.clock + MINUTE / 2);
			expect((await second.post('/api/session/second-factor', { code: early })).status).toBe(200);
		});

		test('[PP8] five wrong codes lock the account and end the session, however often the password was right', async () => {
			await seat('wu', 'system_admin');
			doors.clock += MINUTE;
			const right = codeAt(await secretOf('wu'), doors.clock);
			const wrong = right === '000000' ? '111111' : '000000';
			const statuses = [];
			for (let i = 0; i < 5; i++) {
				const browser = doors.browser();
				expect((await signIn(browser, 'wu')).body.need).toBe('second_factor');
				statuses.push((await browser.post('/api/session/second-factor', { code: wrong })).status);
				if (i === 4) expect((await session(browser)).person).toBeNull();
			}
			expect(statuses).toEqual([403, 403, 403, 403, 423]);
			expect((await signIn(doors.browser(), 'wu')).status).toBe(423);
		});

		test('[PP8] a recovery code takes its place, once, in whatever way it is written', async () => {
			await person('wu', ['system_admin']);
			const own = doors.browser();
			await signIn(own, 'wu');
			const { recoveryCodes } = await enrol(own);
			const code = ` ${recoveryCodes[0]!.toUpperCase().replace('-', ' ')} `;
			const [first, second] = [doors.browser(), doors.browser()];
			await signIn(first, 'wu');
			await signIn(second, 'wu');
			const answers = await Promise.all(
				[first, second].map((browser) => browser.post('/api/session/second-factor', { code }))
			);
			expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
			expect((await own.get<Profile>('/api/profile')).body.recoveryCodesLeft).toBe(9);
		});

		test('[PP8] is taken away with a code, and asked for again at once where a role needs it', async () => {
			const browser = await seat('wu', 'system_admin');
			doors.clock += MINUTE;
			const code = codeAt(await secretOf('wu'), doors.clock);
			expect((await browser.post<SignedIn>('/api/profile/second-factor/remove', { code })).body.need).toBe(
				'enrol_second_factor'
			);
			expect((await browser.get('/api/people')).body.code).toBe('second_factor_needed');
		});

		test('[PP8] is begun with the present password where nothing forces it', async () => {
			await person('li.na', ['leader']);
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			const refused = await browser.post('/api/profile/second-factor/start', { password: OTHER });
			expect([refused.status, refused.body.code]).toEqual([403, 'wrong_password']);
			await enrol(browser);
			expect((await browser.post('/api/profile/second-factor/start', { password: PASSWORD })).body.code).toBe(
				'second_factor_present'
			);
		});
	});

	describe('a password', () => {
		const change = (browser: TestBrowser, password: string, newPassword: string) =>
			browser.post<SignedIn>('/api/profile/password', { password, newPassword });

		test('[PP1] follows the rules, and is none of the last five', async () => {
			await person('li.na');
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			for (const [wanted, code] of [
				['short', 'too_short'],
				['elevenchars', 'too_plain'],
				['my li.na password', 'has_user_name'],
				['Password2026', 'too_common'],
				[PASSWORD, 'used_before']
			] as const) {
				const { status, body } = await change(browser, PASSWORD, wanted);
				expect([wanted, status, body.fields]).toEqual([wanted, 400, { newPassword: code }]);
			}
			let present = PASSWORD;
			for (let i = 0; i < 5; i++) {
				const wanted = `${OTHER} ${i}`;
				doors.clock += 1000;
				expect((await change(browser, present, wanted)).status).toBe(200);
				present = wanted;
			}
			// Five others came since.
			doors.clock += 1000;
			expect((await change(browser, present, `${OTHER} 0`)).body.fields).toEqual({ newPassword: 'used_before' });
			expect((await change(browser, present, PASSWORD)).status).toBe(200);
		});

		test('[PP1] is changed with the present one, and all other sessions end', async () => {
			await person('li.na');
			const [own, other] = [doors.browser(), doors.browser()];
			await signIn(own, 'li.na');
			await signIn(other, 'li.na');
			const refused = await change(own, OTHER, OTHER);
			expect([refused.status, refused.body.code, refused.body.fields]).toEqual([
				403,
				'wrong_password',
				{ password: 'wrong' }
			]);
			expect((await change(own, PASSWORD, OTHER)).status).toBe(200);
			expect((await own.get('/api/profile')).status).toBe(200);
			expect((await other.get('/api/profile')).status).toBe(401);
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(401);
			expect((await signIn(doors.browser(), 'li.na', OTHER)).status).toBe(200);
		});

		test('[PP1] that is too old has to be changed before anything else', async () => {
			await person('li.na', ['leader']);
			doors.clock += 91 * DAY;
			const browser = doors.browser();
			expect((await signIn(browser, 'li.na')).body.need).toBe('new_password');
			expect((await browser.get('/api/profile')).body.code).toBe('new_password_needed');
			expect((await session(browser)).grants).toEqual([]);
			expect((await change(browser, PASSWORD, OTHER)).body.need).toBeNull();
			expect((await browser.get('/api/profile')).status).toBe(200);
		});
	});

	describe('a link', () => {
		async function linkOf(admin: TestBrowser, userName: string): Promise<{ token: string; id: string }> {
			const { status, body } = await admin.post<PersonMade>('/api/people', { userName, displayName: '李娜' });
			expect(status).toBe(201);
			return { token: body.link!.path.replace('/link/', ''), id: body.person.id };
		}
		const use = (token: string, password = PASSWORD) =>
			doors.browser().post<LinkUsed>('/api/link', { token, password });

		test('[PP9] sets a password once and signs in; it can be looked at before', async () => {
			const { token } = await linkOf(await seat('wu', 'system_admin'), 'li.na');
			const browser = doors.browser();
			const seen = await browser.post<LinkView>('/api/link/view', { token });
			expect(seen.body).toMatchObject({ kind: 'set_password', userName: 'li.na', displayName: '李娜' });
			const bad = await browser.post('/api/link', { token, password: 'short' });
			expect([bad.status, bad.body.fields]).toEqual([400, { password: 'too_short' }]);
			const used = await browser.post<LinkUsed>('/api/link', { token, password: PASSWORD });
			expect(used).toEqual({ status: 200, body: { need: null, next: '/', links: [] } });
			expect((await session(browser)).person?.userName).toBe('li.na');
			expect((await use(token)).body.code).toBe('link_used');
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(200);
			expect(JSON.stringify(doors.audited)).not.toContain(token);
		});

		test('[PP9] is good for one of two who use it at once', async () => {
			const { token } = await linkOf(await seat('wu', 'system_admin'), 'li.na');
			const answers = await Promise.all([use(token), use(token, OTHER)]);
			expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
		});

		test('[PP9] is void after 72 hours, after a newer one, and when the account is disabled', async () => {
			const admin = await seat('wu', 'system_admin');
			await person('wu2', ['system_admin']);
			const { token, id } = await linkOf(admin, 'li.na');
			const newer = await admin.post<NewLink>('/api/people/link', { id });
			const next = newer.body.link.path.replace('/link/', '');
			expect((await use(token)).body.code).toBe('link_unknown');
			expect((await use('x')).body.code).toBe('link_unknown');
			doors.clock += 3 * DAY;
			expect((await use(next)).body.code).toBe('link_expired');
			await signIn(admin, 'wu');
			await admin.post('/api/session/second-factor', { code: codeAt(await secretOf('wu'), doors.clock) });
			const third = (await admin.post<NewLink>('/api/people/link', { id })).body.link.path.replace('/link/', '');
			expect((await admin.post('/api/people/change', { id, isDisabled: true })).status).toBe(200);
			expect((await use(third)).body.code).toBe('link_unknown');
			expect((await admin.post('/api/people/link', { id })).body.code).toBe('wrong_state');
		});

		test('[PP9] for a lost password ends every session; the second factor goes only when asked', async () => {
			const admin = await seat('wu', 'system_admin');
			const other = await seat('guo', 'security_admin');
			const kept = (await admin.post<NewLink>('/api/people/link', { id: other.id })).body.link;
			const browser = doors.browser();
			const answer = await browser.post<LinkUsed>('/api/link', { token: kept.path.slice(6), password: OTHER });
			expect(answer.body.need).toBe('second_factor');
			expect((await other.get('/api/profile')).status).toBe(401);
			const reset = await admin.post<NewLink>('/api/people/link', { id: other.id, resetSecondFactor: true });
			const again = await browser.post<LinkUsed>('/api/link', {
				token: reset.body.link.path.slice(6),
				password: 'Third time in the fog'
			});
			expect(again.body.need).toBe('enrol_second_factor');
			expect(actions()).toContain('second_factor.reset');
		});
	});

	describe('the first minute', () => {
		const THREE = {
			userName: 'wu',
			displayName: '吴海涛',
			password: PASSWORD,
			securityAdmin: { userName: 'guo', displayName: '过静怡' },
			auditor: { userName: 'you', displayName: '尤承志' }
		};
		const link = async (): Promise<string> => (await firstLink({ db: database.db, now: doors.clock }))!.slice(6);

		test('[PP10] makes three administrators who are three people, each with a link of their own', async () => {
			const token = await link();
			const browser = doors.browser();
			expect((await browser.post<LinkView>('/api/link/view', { token })).body).toMatchObject({
				kind: 'first_administrator',
				userName: null
			});
			const { status, body } = await browser.post<LinkUsed>('/api/link', { token, ...THREE });
			expect([status, body.need]).toEqual([200, 'enrol_second_factor']);
			expect(body.links.map(({ userName, role }) => [userName, role])).toEqual([
				['guo', 'security_admin'],
				['you', 'auditor']
			]);
			await enrol(browser);
			const { people } = (await browser.get<PeopleList>('/api/people')).body;
			expect(people.map(({ userName, grants }) => [userName, grants[0]!.role, grants[0]!.proposedBy.id])).toEqual([
				['guo', 'security_admin', 'setup'],
				['wu', 'system_admin', 'setup'],
				['you', 'auditor', 'setup']
			]);
			const guo = doors.browser();
			const own = await guo.post<LinkUsed>('/api/link', { token: body.links[0]!.path.slice(6), password: OTHER });
			expect(own.body.need).toBe('enrol_second_factor');
			expect(await firstLink({ db: database.db, now: doors.clock })).toBeNull();
			expect(actions().slice(0, 9)).toEqual([
				'link.used',
				...['person.created', 'grant.approved'],
				...['person.created', 'grant.approved', 'link.made'],
				...['person.created', 'grant.approved', 'link.made']
			]);
		});

		test('[PP10] names what is wrong beside its field, and makes nobody', async () => {
			const token = await link();
			const { status, body } = await doors.browser().post('/api/link', {
				...{ ...THREE, token, userName: 'W U', displayName: '' },
				securityAdmin: { userName: 'you', displayName: '过静怡' },
				auditor: { userName: 'YOU' }
			});
			expect([status, body.fields]).toEqual([
				400,
				{
					userName: 'bad_form',
					displayName: 'missing',
					'auditor.userName': 'taken',
					'auditor.displayName': 'missing'
				}
			]);
			const weak = await doors.browser().post('/api/link', { ...THREE, token, password: 'short' });
			expect(weak.body.fields).toEqual({ password: 'too_short' });
			expect(await database.db.select().from(peopleTable)).toEqual([]);
		});

		test('[PP10] a second start voids the first link, and two at once do not make two administrators', async () => {
			const [first, second] = [await link(), await link()];
			expect((await doors.browser().post('/api/link', { token: first, ...THREE })).body.code).toBe('link_unknown');
			const more = await Promise.all([link(), link()]);
			const answers = await Promise.all(
				[second, ...more, ...more].map((token, index) =>
					doors.browser().post('/api/link', { ...THREE, token, userName: `wu${index}` })
				)
			);
			expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
			expect(await database.db.select().from(peopleTable)).toHaveLength(3);
		});
	});

	describe('accounts', () => {
		test('[PP11] are made by system administrators, looked at by two others, and by nobody else', async () => {
			const admin = await seat('wu', 'system_admin');
			const made = await admin.post<PersonMade>('/api/people', {
				userName: 'Li.Na',
				displayName: ' 李娜 ',
				externalName: 'lina@union'
			});
			expect(made.body.person).toMatchObject({
				userName: 'li.na',
				displayName: '李娜',
				state: 'invited',
				externalName: 'lina@union'
			});
			for (const [name, role] of [
				['guo', 'security_admin'],
				['you', 'auditor']
			] as const) {
				const browser = await seat(name, role);
				expect((await browser.get('/api/people')).status).toBe(200);
				expect((await browser.post('/api/people', { userName: 'x1', displayName: 'x' })).body.code).toBe('no_right');
			}
			for (const role of ['leader', 'district_admin', 'duty_chief'] as const) {
				const browser = await seat(`p.${role}`, role, role === 'district_admin' ? 'district:A' : 'city');
				expect([role, (await browser.get('/api/people')).body.code]).toEqual([role, 'no_right']);
			}
			expect(actions()).toContain('people.viewed');
		});

		test('[PP11] have names that are given once, also after they are gone', async () => {
			const admin = await seat('wu', 'system_admin');
			const make = (userName: string, externalName: string | null = null) =>
				admin.post<PersonMade>('/api/people', { userName, displayName: 'x', externalName });
			const { id } = (await make('li.na', 'lina')).body.person;
			await admin.post('/api/people/change', { id, isDisabled: true });
			const again = await make('LI.NA');
			expect([again.status, again.body.code, again.body.fields]).toEqual([409, 'taken', { userName: 'taken' }]);
			expect((await make('zhou', 'lina')).body.fields).toEqual({ externalName: 'taken' });
			for (const bad of ['a', '李娜', 'li na', '..', 'x'.repeat(33)]) {
				expect([bad, (await make(bad)).body.fields]).toEqual([bad, { userName: 'bad_form' }]);
			}
		});

		test('[PP11] that are disabled lose their sessions at once; enabled again they work with their grants', async () => {
			const admin = await seat('wu', 'system_admin');
			const other = await seat('li.na', 'leader');
			expect((await admin.post('/api/people/change', { id: other.id, isDisabled: true })).status).toBe(200);
			expect(doors.changes.at(-1)).toEqual({ kind: 'person', id: other.id });
			expect((await other.get('/api/profile')).status).toBe(401);
			expect((await signIn(doors.browser(), 'li.na')).status).toBe(401);
			await admin.post('/api/people/change', { id: other.id, isDisabled: false });
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			expect((await session(browser)).roles).toEqual(['leader']);
			expect(actions()).toEqual(expect.arrayContaining(['person.disabled', 'person.changed']));
		});

		test('[PP11] end by themselves, are unlocked by an administrator, and nobody disables themselves', async () => {
			const admin = await seat('wu', 'system_admin');
			const id = await person('li.na', ['leader']);
			for (let i = 0; i < 5; i++) await signIn(doors.browser(), 'li.na', OTHER);
			const { people } = (await admin.get<PeopleList>('/api/people?q=li.n')).body;
			expect(people.map(({ userName, lockedUntil }) => [userName, lockedUntil !== null])).toEqual([['li.na', true]]);
			const expiresAt = new Date(doors.clock + 5 * MINUTE).toISOString();
			const changed = await admin.post<{ person: object }>('/api/people/change', {
				id,
				unlock: true,
				expiresAt,
				displayName: '李娜'
			});
			expect(changed.body.person).toMatchObject({ lockedUntil: null, expiresAt, displayName: '李娜' });
			const browser = doors.browser();
			expect((await signIn(browser, 'li.na')).status).toBe(200);
			doors.clock += 6 * MINUTE;
			expect((await browser.get('/api/profile')).status).toBe(401);
			expect((await admin.post('/api/people/change', { id: admin.id, isDisabled: true })).body.code).toBe('own_grant');
		});

		test('[PP11] the last administrator of a kind stays', async () => {
			const admin = await seat('wu', 'system_admin');
			const guo = await person('guo', ['security_admin']);
			expect((await admin.post('/api/people/change', { id: guo, isDisabled: true })).body.code).toBe(
				'last_administrator'
			);
			await person('guo2', ['security_admin']);
			expect((await admin.post('/api/people/change', { id: guo, isDisabled: true })).status).toBe(200);
		});

		test('[PP7] a system administrator sees and ends the sessions of others', async () => {
			const admin = await seat('wu', 'system_admin');
			const other = await seat('li.na', 'leader');
			const { sessions } = (await admin.get<SessionList>(`/api/people/sessions?id=${other.id}`)).body;
			expect(sessions).toHaveLength(1);
			expect((await admin.post('/api/people/sessions/end', { id: other.id, sessionId: sessions[0]!.id })).body).toEqual(
				{ ended: 1 }
			);
			expect((await other.get('/api/profile')).status).toBe(401);
			expect(
				(await admin.post('/api/people/sessions/end', { id: other.id, sessionId: sessions[0]!.id })).body.code
			).toBe('unknown_session');
			expect((await admin.post('/api/people/sessions/end', { id: other.id })).body).toEqual({ ended: 0 });
		});
	});

	describe('grants', () => {
		const propose = (browser: TestBrowser, userName: string, role: Role, scope: string, more: object = {}) =>
			browser.post<GrantChanged>('/api/grants/propose', { userName, role, scope, ...more });
		const decide = (browser: TestBrowser, id: number, isApproved = true) =>
			browser.post<GrantChanged>('/api/grants/decide', { id, isApproved });

		test('[PP12] are proposed by one, approved by another, and work from then on', async () => {
			const [admin, guo] = [await seat('wu', 'system_admin'), await seat('guo', 'security_admin')];
			await person('li.na');
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			const { status, body } = await propose(admin, 'li.na', 'department_head', 'city', {
				lines: ['law', 'courses', 'law'],
				reason: '新任'
			});
			expect([status, body.grant.state, body.grant.lines]).toEqual([201, 'proposed', ['courses', 'law']]);
			expect((await session(browser)).roles).toEqual([]);
			expect((await decide(admin, body.grant.id)).body.code).toBe('no_right');
			const approved = await decide(guo, body.grant.id);
			expect(approved.body.grant).toMatchObject({
				state: 'active',
				decidedBy: { name: 'guo!' },
				proposedBy: { name: 'wu!' }
			});
			expect((await session(browser)).grants).toMatchObject([{ role: 'department_head', lines: ['courses', 'law'] }]);
			expect((await decide(guo, body.grant.id)).body.code).toBe('wrong_state');
			const withdrawn = await guo.post<GrantChanged>('/api/grants/withdraw', { id: body.grant.id, reason: '调任' });
			expect(withdrawn.body.grant.state).toBe('withdrawn');
			expect((await session(browser)).roles).toEqual([]);
			expect(actions().filter((action) => action.startsWith('grant.'))).toEqual([
				'grant.proposed',
				'grant.approved',
				'grant.withdrawn'
			]);
		});

		test('[PP12] nobody decides about what they proposed or what would be theirs', async () => {
			const admin = await seat('wu', 'system_admin');
			const guo = await seat('guo', 'security_admin');
			const own = await propose(admin, 'guo', 'leader', 'city');
			expect((await decide(guo, own.body.grant.id)).body.code).toBe('own_grant');
			await person('li.na');
			const { db } = database;
			const id = (await personByName(db, 'li.na'))!.id;
			const grant = {
				personId: id,
				role: 'leader',
				scope: 'city',
				lines: null,
				reason: null,
				at: doors.clock,
				expiresAt: null
			} as const;
			const proposed = await insertGrant(db, { ...grant, proposedBy: guo.id });
			expect((await decide(guo, proposed)).body.code).toBe('own_proposal');
			expect((await decide(guo, 9999)).body.code).toBe('unknown_grant');
			expect((await guo.post('/api/grants/decide', { id: proposed })).body.fields).toEqual({ isApproved: 'bad_form' });
		});

		test('[PP12] district administrators propose keepers and street administrators of their own district', async () => {
			const qian = await seat('qian', 'district_admin', 'district:A');
			await person('xue');
			expect((await propose(qian, 'xue', 'keeper', 'station:S-A')).status).toBe(201);
			expect((await propose(qian, 'xue', 'street_admin', 'street:A1')).status).toBe(201);
			for (const [role, scope] of [
				['keeper', 'station:S-B'],
				['street_admin', 'street:B1'],
				['district_admin', 'district:A'],
				['duty_officer', 'district:A'],
				['leader', 'city']
			] as const) {
				expect([scope, (await propose(qian, 'xue', role, scope)).body.code]).toEqual([scope, 'not_yours_to_propose']);
			}
			await propose(await seat('wu', 'system_admin'), 'xue', 'keeper', 'station:S-B');
			const { grants, may } = (await qian.get<GrantList>('/api/grants')).body;
			expect(grants.map(({ scope, scopeName }) => [scope, scopeName])).toEqual([
				['street:A1', '堰桥街道'],
				['station:S-A', '驿站 S-A']
			]);
			expect(may).toEqual({ roles: ['street_admin', 'keeper'], scopes: ['district:A'] });
		});

		test('[PP12] fit their scope, which the registry knows', async () => {
			const admin = await seat('wu', 'system_admin');
			await person('xue');
			for (const [role, scope, code] of [
				['auditor', 'district:A', 'needs_city'],
				['keeper', 'district:A', 'needs_station'],
				['keeper', 'station:S-X', 'unknown_scope'],
				['district_admin', 'street:A', 'unknown_scope'],
				['district_admin', 'everywhere', 'bad_form']
			] as const) {
				expect([scope, (await propose(admin, 'xue', role, scope)).body.fields]).toEqual([scope, { scope: code }]);
			}
			const bad = await propose(admin, 'xue', 'king' as Role, 'city', { lines: [], expiresAt: '2020-01-01' });
			expect(bad.body.fields).toEqual({ role: 'bad_form', lines: 'bad_form', expiresAt: 'in_the_past' });
			expect((await propose(admin, 'nobody', 'leader', 'city')).body.code).toBe('unknown_person');
			await propose(admin, 'xue', 'leader', 'city');
			expect((await propose(admin, 'xue', 'leader', 'city')).body.code).toBe('wrong_state');
		});

		test('[PP12] system administrator, security administrator and auditor are never one person, also not one after the other', async () => {
			const [admin, guo] = [await seat('wu', 'system_admin'), await seat('guo', 'security_admin')];
			await person('li.na');
			const first = await propose(admin, 'li.na', 'auditor', 'city');
			expect((await propose(admin, 'li.na', 'security_admin', 'city')).body.code).toBe('forbidden_pair');
			expect((await propose(admin, 'guo', 'auditor', 'city')).body.code).toBe('forbidden_pair');
			const { db } = database;
			const id = (await personByName(db, 'li.na'))!.id;
			const grant = {
				personId: id,
				scope: 'city',
				lines: null,
				reason: null,
				at: doors.clock,
				expiresAt: null
			} as const;
			await insertGrant(db, { ...grant, role: 'system_admin', proposedBy: 'test' });
			expect((await decide(guo, first.body.grant.id)).body.code).toBe('forbidden_pair');
			expect((await decide(guo, first.body.grant.id, false)).body.grant.state).toBe('declined');
		});

		test('[PP12] two proposals at once do not make a forbidden pair', async () => {
			const admin = await seat('wu', 'system_admin');
			await person('li.na');
			const roles: Role[] = ['auditor', 'security_admin', 'system_admin'];
			const answers = await Promise.all(roles.map((role) => propose(admin, 'li.na', role, 'city')));
			expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
		});

		test('[PP12] the last administrator of a kind keeps the grant, and an auditor takes none away', async () => {
			const [admin, guo, you] = [
				await seat('wu', 'system_admin'),
				await seat('guo', 'security_admin'),
				await seat('you', 'auditor')
			];
			const { people } = (await admin.get<PeopleList>('/api/people')).body;
			const idOf = (name: string): number => people.find(({ userName }) => userName === name)!.grants[0]!.id;
			for (const name of ['wu', 'guo', 'you']) {
				expect((await guo.post('/api/grants/withdraw', { id: idOf(name) })).body.code).toBe('last_administrator');
			}
			expect((await you.post('/api/grants/withdraw', { id: idOf('wu') })).body.code).toBe('no_right');
		});

		test('[PP12] end at their date', async () => {
			const [admin, guo] = [await seat('wu', 'system_admin'), await seat('guo', 'security_admin')];
			await person('li.na');
			const expiresAt = new Date(doors.clock + 5 * MINUTE).toISOString();
			const { body } = await propose(admin, 'li.na', 'leader', 'city', { expiresAt });
			await decide(guo, body.grant.id);
			const browser = doors.browser();
			await signIn(browser, 'li.na');
			expect((await session(browser)).roles).toEqual(['leader']);
			doors.clock += 6 * MINUTE;
			expect((await session(browser)).roles).toEqual([]);
		});
	});

	describe('sample people', () => {
		test('[PP14] one of each role signs in without a password, in the demo city', async () => {
			await reopen({ isDemoCity: true });
			await makeSamplePeople(database.db, doors.clock);
			await makeSamplePeople(database.db, doors.clock);
			const { people } = (await doors.browser().get<SampleList>('/api/session/sample')).body;
			expect(people.flatMap(({ roles }) => roles).sort()).toHaveLength(11);
			expect(people.find(({ roles }) => roles.includes('district_admin'))).toMatchObject({
				scope: 'district:A',
				scopeName: '惠山区'
			});
			for (const { userName, roles } of people) {
				const browser = doors.browser();
				expect((await browser.post('/api/session/sample', { userName })).body).toEqual({ need: null, next: '/' });
				expect((await session(browser)).roles).toEqual(roles);
			}
		});

		test('[PP14] nowhere else, and in no other way, and nobody changes them', async () => {
			await makeSamplePeople(database.db, doors.clock);
			const browser = doors.browser();
			expect((await browser.get('/api/session/sample')).status).toBe(404);
			const refused = await browser.post('/api/session/sample', { userName: 'sample.system' });
			expect([refused.status, refused.body.code]).toEqual([404, 'not_here']);
			const sample = (await personByName(database.db, 'sample.system'))!;
			await setPassword(database.db, sample.id, await doors.passwords.hash(PASSWORD), doors.clock, 5);
			expect((await signIn(browser, 'sample.system')).status).toBe(401);
			const admin = await seat('wu', 'system_admin');
			expect((await admin.post('/api/people/link', { id: sample.id })).body.code).toBe('sample_person');
			expect((await admin.post('/api/people/change', { id: sample.id, isDisabled: true })).body.code).toBe(
				'sample_person'
			);
			await expect(
				ACCOUNT_COMMANDS.linkUser(database, { userName: 'sample.system', resetSecondFactor: false })
			).rejects.toThrow('sample');
		});

		test('[PP14] real people are no samples', async () => {
			await reopen({ isDemoCity: true });
			await person('li.na');
			expect((await doors.browser().post('/api/session/sample', { userName: 'li.na' })).body.code).toBe(
				'unknown_person'
			);
		});
	});

	describe('the command line', () => {
		test('[PP15] makes an account with a grant and a link, lists it, sends a new link and disables it', async () => {
			const create = { userName: 'wu', displayName: '吴海涛', role: 'system_admin', scope: 'city', lines: null };
			// The command line has no clock but the real one.
			doors.clock = Date.now();
			const made = await ACCOUNT_COMMANDS.createUser(database, create);
			const browser = doors.browser();
			const token = made.path.slice(6);
			expect((await browser.post<LinkUsed>('/api/link', { token, password: PASSWORD })).body.need).toBe(
				'enrol_second_factor'
			);
			await enrol(browser);
			expect(await ACCOUNT_COMMANDS.listUsers(database, {})).toMatchObject([
				{ userName: 'wu', state: 'active', roles: ['system_admin'], hasSecondFactor: true }
			]);
			const again = await ACCOUNT_COMMANDS.linkUser(database, { userName: 'wu', resetSecondFactor: true });
			const reset = await doors.browser().post<LinkUsed>('/api/link', { token: again.path.slice(6), password: OTHER });
			expect(reset.body.need).toBe('enrol_second_factor');
			expect(await ACCOUNT_COMMANDS.disableUser(database, { userName: 'wu' })).toEqual({
				userName: 'wu',
				sessionsEnded: 1
			});
			await expect(ACCOUNT_COMMANDS.createUser(database, create)).rejects.toThrow('not given again');
			const { rows } = (await database.db.execute('select action from audit order by seq')) as {
				rows: { action: string }[];
			};
			// Other tests wrote there before, and nothing is ever taken out.
			expect(rows.slice(-6).map(({ action }) => action)).toEqual([
				...['person.created', 'grant.approved', 'link.made', 'second_factor.reset', 'link.made', 'person.disabled']
			]);
		});

		test('[PP15] says what is wrong with what was typed', async () => {
			const create = { userName: 'wu', displayName: null, role: 'keeper', scope: 'station:S-A', lines: null };
			for (const [wrong, sentence] of [
				[{ userName: 'W' }, 'NAME'],
				[{ role: 'king' }, '--role king'],
				[{ scope: 'city' }, 'station:CODE'],
				[{ scope: 'station:S-X' }, 'registry knows no'],
				[{ lines: ['law', 'war'] }, '--lines law,war']
			] as const) {
				await expect(ACCOUNT_COMMANDS.createUser(database, { ...create, ...wrong })).rejects.toThrow(sentence);
			}
			await expect(ACCOUNT_COMMANDS.disableUser(database, { userName: 'nobody' })).rejects.toThrow('There is no');
		});
	});

	test('[PP2] nothing that opens something is kept readable', async () => {
		const browser = await seat('wu', 'system_admin');
		const rows = JSON.stringify([
			await database.db.select().from(sessionTable),
			await database.db.select().from(peopleTable)
		]);
		expect(rows).not.toContain(browser.cookies.get('yizhan-session'));
		expect(rows).not.toContain(PASSWORD);
	});
});
