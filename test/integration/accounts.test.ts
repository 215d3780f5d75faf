/** Signing in and out, the second factor and passwords, on both databases. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people as peopleTable, sessions as sessionTable } from '#db/schema.ts';
import { ACCOUNT_COMMANDS } from '#server/accounts/commands.ts';
import { addressLimit } from '#server/accounts/limits.ts';
import { Passwords } from '#server/accounts/passwords.ts';
import type { FactorStart, Profile, SessionList, SignedIn } from '#server/accounts/shapes.ts';
import { setPassword } from '#server/store/credential-store.ts';
import { insertPerson, personByName } from '#server/store/people-store.ts';
import { codeAt, type TestBrowser } from '#test/support/accounts.ts';
import { testDatabases } from '#test/support/databases.ts';
import { OTHER, PASSWORD, Town } from '#test/support/town.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe.each(testDatabases())('signing in on $name', (kind) => {
	const town = new Town();
	beforeAll(() => town.open(kind));
	afterAll(() => town.database.close());
	beforeEach(() => town.empty());
	afterEach(() => town.doors.close());

	describe('signing in', () => {
		test('[PP6] opens a session that is over after signing out, whatever cookie is shown again', async () => {
			await town.person('li.na', ['department_head']);
			const browser = town.doors.browser();
			expect(await town.signIn(browser, ' Li.Na ')).toEqual({ status: 200, body: { need: null, next: '/wall' } });
			const here = await town.session(browser);
			expect([here.person?.userName, here.roles]).toEqual(['li.na', ['department_head']]);
			const cookie = new Map(browser.cookies);
			expect((await browser.post('/api/session/end')).status).toBe(200);
			for (const [name, value] of cookie) browser.cookies.set(name, value);
			expect((await town.session(browser)).person).toBeNull();
			expect((await browser.get('/api/profile')).body.code).toBe('sign_in_needed');
			expect(town.actions).toEqual(['session.started', 'session.ended']);
		});

		test('[PP3] unknown, wrong, disabled, expired and passwordless look the same and cost one hash each', async () => {
			await town.person('right');
			await town.person('gone');
			await ACCOUNT_COMMANDS.disableUser(town.database, { userName: 'gone' });
			const at = town.doors.clock;
			const common = { externalName: null, createdBy: 'test', at };
			await insertPerson(town.database.db, { ...common, userName: 'empty', displayName: 'e', expiresAt: null });
			const old = (await insertPerson(town.database.db, {
				...common,
				userName: 'old',
				displayName: 'o',
				expiresAt: at - 1
			}))!;
			await setPassword(town.database.db, old, await town.doors.passwords.hash(PASSWORD), at, 5);
			const tries = [
				['nobody', PASSWORD],
				['right', OTHER],
				['gone', PASSWORD],
				['empty', PASSWORD],
				['old', PASSWORD]
			] as const;
			const answers = [];
			for (const [userName, password] of tries) {
				const before = town.doors.passwords.computed;
				const { status, body } = await town.signIn(town.doors.browser(), userName, password);
				answers.push(JSON.stringify([status, body]));
				expect([userName, town.doors.passwords.computed - before]).toEqual([userName, 1]);
			}
			expect(new Set(answers).size).toBe(1);
			expect(answers[0]).toContain('sign_in_failed');
			expect(town.doors.audited.map(({ action, result }) => `${action} ${result}`)).toEqual(
				Array(5).fill('session.refused refused')
			);
			// A name that is nobody's is not kept: it may be a password in the wrong field.
			expect(town.doors.audited.map(({ object }) => object)).toEqual([
				null,
				...['person:right', 'person:gone', 'person:empty', 'person:old']
			]);
		});

		test('[PP4] five failures within 15 minutes lock for 30, also for a name that nobody has', async () => {
			await town.person('li.na');
			const statuses = [];
			for (const name of ['li.na', 'nobody']) {
				const own = [];
				for (let i = 0; i < 5; i++) own.push((await town.signIn(town.doors.browser(), name, OTHER)).status);
				const { status, body } = await town.signIn(town.doors.browser(), name);
				statuses.push(JSON.stringify([...own, status, body.code, body.retryAfterSeconds]));
			}
			expect(statuses[0]).toBe(JSON.stringify([401, 401, 401, 401, 401, 423, 'locked', 1800]));
			expect(statuses[1]).toBe(statuses[0]);
			expect(town.actions.filter((action) => action === 'person.locked')).toHaveLength(1);
			town.doors.clock += 30 * MINUTE;
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
		});

		test('[PP4] failures further apart than the window do not lock, and a success forgets them', async () => {
			await town.person('li.na');
			for (let i = 0; i < 4; i++) await town.signIn(town.doors.browser(), 'li.na', OTHER);
			town.doors.clock += 16 * MINUTE;
			for (let i = 0; i < 4; i++) expect((await town.signIn(town.doors.browser(), 'li.na', OTHER)).status).toBe(401);
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
			for (let i = 0; i < 4; i++) expect((await town.signIn(town.doors.browser(), 'li.na', OTHER)).status).toBe(401);
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
		});

		test('[PP4] many tries at once cannot overrun the lockout', async () => {
			await town.person('li.na');
			const before = town.doors.passwords.computed;
			const answers = await Promise.all(
				Array.from({ length: 20 }, () => town.signIn(town.doors.browser(), 'li.na', OTHER))
			);
			expect(town.doors.passwords.computed - before).toBe(5);
			expect(answers.filter(({ status }) => status === 423)).toHaveLength(15);
		});

		test('[PP5] an address that tries too often is told to wait, one that is right is not', async () => {
			await town.reopen({ limit: addressLimit({ points: 3, duration: 300 }) });
			await town.person('li.na');
			for (let i = 0; i < 6; i++) expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
			const answers = [];
			for (let i = 0; i < 4; i++) answers.push(await town.signIn(town.doors.browser(), `nobody${i}`, OTHER));
			expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
			expect(answers[3]!.body.retryAfterSeconds).toBeGreaterThan(0);
			expect(town.refusals).toEqual([
				{ actor: null, action: 'door.refused', object: 'POST /api/session', code: 'too_many_tries' }
			]);
		});

		test('[PP2] a password that was kept with other parameters is hashed anew when it is shown', async () => {
			const id = await town.person('li.na');
			const { db } = town.database;
			await setPassword(db, id, await new Passwords({ n: 32, r: 1, p: 1 }).hash(PASSWORD), town.doors.clock, 5);
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
			expect((await personByName(db, 'li.na'))?.passwordHash).toMatch(/^scrypt\$16\$1\$1\$/);
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
		});

		test('[PP6] goes on to a path of this site only', async () => {
			await town.person('li.na');
			const browser = town.doors.browser();
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
			const browser = town.doors.browser();
			const { status, body } = await browser.post('/api/session', { userName: '' });
			expect([status, body.code, body.fields]).toEqual([
				400,
				'bad_request',
				{ userName: 'missing', password: 'missing' }
			]);
			for (const text of ['', '[]', '{', '"x"', `{"userName":"${'x'.repeat(20_000)}"}`]) {
				const response = await browser.fetch(`${town.doors.url}/api/session`, { method: 'POST', body: text });
				expect(response.status).toBe(400);
			}
		});
	});

	describe('a session', () => {
		test('[PP7] ends when no hand moves, and asking alone does not keep it', async () => {
			await town.person('li.na', ['leader']);
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
			town.doors.clock += 10 * MINUTE;
			expect((await browser.get('/api/profile')).status).toBe(200);
			town.doors.clock += 6 * MINUTE;
			expect((await browser.get('/api/profile')).status).toBe(401);
		});

		test('[PP7] goes on with a hand at the desk, a duty seat for a shift, and ends after twelve hours whatever is done', async () => {
			await town.person('li.na', ['leader']);
			await town.person('zhou', ['duty_officer']);
			const [desk, duty] = [town.doors.browser(), town.doors.browser()];
			await town.signIn(desk, 'li.na');
			await town.signIn(duty, 'zhou');
			for (let i = 0; i < 36; i++) {
				town.doors.clock += 14 * MINUTE;
				expect((await desk.post('/api/session/activity')).status).toBe(200);
			}
			// 8 h 24 min without a hand.
			expect((await town.session(duty)).person).toBeNull();
			await town.signIn(duty, 'zhou');
			town.doors.clock += 3 * 60 * MINUTE + 37 * MINUTE;
			expect((await town.session(duty)).person?.userName).toBe('zhou');
			expect((await desk.post('/api/session/activity')).status).toBe(401);
		});

		test('[PP7] is listed and ended by its person, one or all others, and by nobody else', async () => {
			await town.person('li.na');
			await town.person('zhou');
			const [first, second, third, foreign] = [
				town.doors.browser(),
				town.doors.browser(),
				town.doors.browser(),
				town.doors.browser()
			];
			for (const browser of [first, second, third]) await town.signIn(browser, 'li.na');
			await town.signIn(foreign, 'zhou');
			const { sessions } = (await first.get<SessionList>('/api/profile/sessions')).body;
			expect(sessions).toHaveLength(3);
			const [other] = sessions.filter(({ isThis }) => !isThis);
			expect((await foreign.post('/api/profile/sessions/end', { id: other!.id })).body.code).toBe('unknown_session');
			expect((await first.post('/api/profile/sessions/end', { id: other!.id })).body).toEqual({ ended: 1 });
			expect((await first.post('/api/profile/sessions/end', { allOthers: true })).body).toEqual({ ended: 1 });
			expect((await first.get('/api/profile')).status).toBe(200);
			for (const browser of [second, third]) expect((await browser.get('/api/profile')).status).toBe(401);
			expect((await foreign.get('/api/profile')).status).toBe(200);
			// One that nobody touched is not listed as open, though nobody has asked with it since.
			town.doors.clock += 14 * MINUTE;
			await town.signIn(second, 'li.na');
			town.doors.clock += 2 * MINUTE;
			expect((await second.get<SessionList>('/api/profile/sessions')).body.sessions).toHaveLength(1);
		});

		test('[PP7] of this browser is replaced when somebody else signs in there', async () => {
			await town.person('li.na');
			await town.person('zhou');
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
			const before = browser.cookies.get('yizhan-session')!;
			await town.signIn(browser, 'zhou');
			expect((await town.session(browser)).person?.userName).toBe('zhou');
			browser.cookies.set('yizhan-session', before);
			expect((await town.session(browser)).person).toBeNull();
		});
	});

	describe('a second factor', () => {
		test('[PP8] is asked of administrators before anything else is open, and gives ten recovery codes once', async () => {
			await town.person('wu', ['system_admin']);
			const browser = town.doors.browser();
			expect((await town.signIn(browser, 'wu')).body.need).toBe('enrol_second_factor');
			expect((await browser.get('/api/people')).body.code).toBe('second_factor_needed');
			expect((await browser.post('/api/profile/password', {})).body.code).toBe('second_factor_needed');
			const before = browser.cookies.get('yizhan-session');
			const recoveryCodes = await town.enrol(browser);
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
			await town.person('wu', ['system_admin']);
			const browser = town.doors.browser();
			await town.signIn(browser, 'wu');
			const { body } = await browser.post<FactorStart>('/api/profile/second-factor/start');
			expect(new URL(body.uri).searchParams.get('secret')).toBe(body.secret.replaceAll(' ', ''));
			expect(body.qr.path).toMatch(/^(M\d+ \d+h\d+v1H\d+z)+$/);
		});

		test('[PP8] is asked for after the password, under a new token, and a code counts once', async () => {
			await town.seat('wu', 'system_admin');
			const secret = await town.secretOf('wu');
			const [first, second] = [town.doors.browser(), town.doors.browser()];
			town.doors.clock += MINUTE;
			for (const each of [first, second]) expect((await town.signIn(each, 'wu')).body.need).toBe('second_factor');
			const before = first.cookies.get('yizhan-session')!;
			expect((await first.get('/api/people')).body.code).toBe('second_factor_needed');
			expect((await first.post('/api/profile/second-factor/start', {})).body.code).toBe('second_factor_needed');
			const code = codeAt(secret, town.doors.clock);
			const shown = await first.post<SignedIn>('/api/session/second-factor', { code, next: '/people' });
			expect(shown).toEqual({ status: 200, body: { need: null, next: '/people' } });
			expect((await first.get('/api/people')).status).toBe(200);
			expect((await second.post('/api/session/second-factor', { code })).body.code).toBe('wrong_code');
			// The token from before the second factor is worth nothing.
			const thief = town.doors.browser();
			thief.cookies.set('yizhan-session', before);
			expect((await town.session(thief)).person).toBeNull();
			// One step off on either side is taken; two are not.
			town.doors.clock += MINUTE;
			const late = codeAt(secret, town.doors.clock - MINUTE);
			expect((await second.post('/api/session/second-factor', { code: late })).body.code).toBe('wrong_code');
			const early = codeAt(secret, town.doors.clock + MINUTE / 2);
			expect((await second.post('/api/session/second-factor', { code: early })).status).toBe(200);
		});

		test('[PP8] five wrong codes lock the account and end the session, however often the password was right', async () => {
			await town.seat('wu', 'system_admin');
			town.doors.clock += MINUTE;
			const right = codeAt(await town.secretOf('wu'), town.doors.clock);
			const wrong = right === '000000' ? '111111' : '000000';
			const statuses = [];
			for (let i = 0; i < 5; i++) {
				const browser = town.doors.browser();
				expect((await town.signIn(browser, 'wu')).body.need).toBe('second_factor');
				statuses.push((await browser.post('/api/session/second-factor', { code: wrong })).status);
				if (i === 4) expect((await town.session(browser)).person).toBeNull();
			}
			expect(statuses).toEqual([403, 403, 403, 403, 423]);
			expect(town.refusals).toEqual([
				{ actor: 'wu', action: 'door.refused', object: 'POST /api/session/second-factor', code: 'locked' }
			]);
			expect((await town.signIn(town.doors.browser(), 'wu')).status).toBe(423);
		});

		test('[PP8] a recovery code takes its place, once, in whatever way it is written', async () => {
			await town.person('wu', ['system_admin']);
			const own = town.doors.browser();
			await town.signIn(own, 'wu');
			const recoveryCodes = await town.enrol(own);
			const code = ` ${recoveryCodes[0]!.toUpperCase().replace('-', ' ')} `;
			const [first, second] = [town.doors.browser(), town.doors.browser()];
			await town.signIn(first, 'wu');
			await town.signIn(second, 'wu');
			const answers = await Promise.all(
				[first, second].map((browser) => browser.post('/api/session/second-factor', { code }))
			);
			expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
			expect((await own.get<Profile>('/api/profile')).body.recoveryCodesLeft).toBe(9);
		});

		test('[PP8] is taken away with a code, and asked for again at once where a role needs it', async () => {
			const browser = await town.seat('wu', 'system_admin');
			town.doors.clock += MINUTE;
			const code = codeAt(await town.secretOf('wu'), town.doors.clock);
			expect((await browser.post<SignedIn>('/api/profile/second-factor/remove', { code })).body.need).toBe(
				'enrol_second_factor'
			);
			expect((await browser.get('/api/people')).body.code).toBe('second_factor_needed');
		});

		test('[PP8] is begun with the present password where nothing forces it', async () => {
			await town.person('li.na', ['leader']);
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
			const refused = await browser.post('/api/profile/second-factor/start', { password: OTHER });
			expect([refused.status, refused.body.code]).toEqual([403, 'wrong_password']);
			await town.enrol(browser);
			expect((await browser.post('/api/profile/second-factor/start', { password: PASSWORD })).body.code).toBe(
				'second_factor_present'
			);
		});
	});

	describe('a password', () => {
		const change = (browser: TestBrowser, password: string, newPassword: string) =>
			browser.post<SignedIn>('/api/profile/password', { password, newPassword });

		test('[PP1] follows the rules, and is none of the last five', async () => {
			await town.person('li.na');
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
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
				town.doors.clock += 1000;
				expect((await change(browser, present, wanted)).status).toBe(200);
				present = wanted;
			}
			// Five others came since.
			town.doors.clock += 1000;
			expect((await change(browser, present, `${OTHER} 0`)).body.fields).toEqual({ newPassword: 'used_before' });
			expect((await change(browser, present, PASSWORD)).status).toBe(200);
		});

		test('[PP1] is changed with the present one, and all other sessions end', async () => {
			await town.person('li.na');
			const [own, other] = [town.doors.browser(), town.doors.browser()];
			await town.signIn(own, 'li.na');
			await town.signIn(other, 'li.na');
			const refused = await change(own, OTHER, OTHER);
			expect([refused.status, refused.body.code, refused.body.fields]).toEqual([
				403,
				'wrong_password',
				{ password: 'wrong' }
			]);
			expect((await change(own, PASSWORD, OTHER)).status).toBe(200);
			expect((await own.get('/api/profile')).status).toBe(200);
			expect((await other.get('/api/profile')).status).toBe(401);
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(401);
			expect((await town.signIn(town.doors.browser(), 'li.na', OTHER)).status).toBe(200);
		});

		test('[PP1] that is too old has to be changed before anything else', async () => {
			await town.person('li.na', ['leader']);
			town.doors.clock += 91 * DAY;
			const browser = town.doors.browser();
			expect((await town.signIn(browser, 'li.na')).body.need).toBe('new_password');
			expect((await browser.get('/api/profile')).body.code).toBe('new_password_needed');
			expect((await town.session(browser)).grants).toEqual([]);
			expect((await change(browser, PASSWORD, OTHER)).body.need).toBeNull();
			expect((await browser.get('/api/profile')).status).toBe(200);
		});
	});

	test('[PE12] links that open nothing, guessed or old, are recorded with where they were tried; a wrong form is not', async () => {
		const browser = town.doors.browser();
		await browser.post('/api/link/view', { token: 'guess' });
		await browser.post('/api/link', { token: 'guess', password: PASSWORD });
		await browser.post('/api/link', {});
		await browser.post('/api/session', { userName: '' });
		expect(town.refusals).toEqual([
			{ actor: null, action: 'door.refused', object: 'POST /api/link/view', code: 'link_unknown' },
			{ actor: null, action: 'door.refused', object: 'POST /api/link', code: 'link_unknown' }
		]);
		expect(town.doors.audited[0]!.actor).toMatchObject({ kind: 'nobody', address: '127.0.0.1' });
		expect(JSON.stringify(town.doors.audited)).not.toContain('guess');
	});

	test('[PP2] nothing that opens something is kept readable', async () => {
		const browser = await town.seat('wu', 'system_admin');
		const rows = JSON.stringify([
			await town.database.db.select().from(sessionTable),
			await town.database.db.select().from(peopleTable)
		]);
		expect(rows).not.toContain(browser.cookies.get('yizhan-session'));
		expect(rows).not.toContain(PASSWORD);
	});
});
