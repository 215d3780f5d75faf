/** Links, the first administrators, accounts, grants, samples and the command line, on both databases. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people as peopleTable } from '#db/schema.ts';
import type { Role } from '#domain/role.ts';
import { ACCOUNT_COMMANDS } from '#server/accounts/commands.ts';
import { firstLink } from '#server/accounts/links.ts';
import { makeSamplePeople } from '#server/accounts/samples.ts';
import type {
	GrantChanged,
	GrantList,
	LinkUsed,
	LinkView,
	NewLink,
	PeopleList,
	PersonMade,
	SampleList,
	SessionList
} from '#server/accounts/shapes.ts';
import { setPassword } from '#server/store/credential-store.ts';
import { insertGrant } from '#server/store/grant-store.ts';
import { personByName } from '#server/store/people-store.ts';
import { codeAt, type TestBrowser } from '#test/support/accounts.ts';
import { testDatabases } from '#test/support/databases.ts';
import { OTHER, PASSWORD, Town } from '#test/support/town.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe.each(testDatabases())('people on $name', (kind) => {
	const town = new Town();
	beforeAll(() => town.open(kind));
	afterAll(() => town.database.close());
	beforeEach(() => town.empty());
	afterEach(() => town.doors.close());

	describe('a link', () => {
		async function linkOf(admin: TestBrowser, userName: string): Promise<{ token: string; id: string }> {
			const { status, body } = await admin.post<PersonMade>('/api/people', { userName, displayName: '李娜' });
			expect(status).toBe(201);
			return { token: body.link!.path.replace('/link/', ''), id: body.person.id };
		}
		const use = (token: string, password = PASSWORD) =>
			town.doors.browser().post<LinkUsed>('/api/link', { token, password });

		test('[PP9] sets a password once and signs in; it can be looked at before', async () => {
			const { token } = await linkOf(await town.seat('wu', 'system_admin'), 'li.na');
			const browser = town.doors.browser();
			const seen = await browser.post<LinkView>('/api/link/view', { token });
			expect(seen.body).toMatchObject({ kind: 'set_password', userName: 'li.na', displayName: '李娜' });
			const bad = await browser.post('/api/link', { token, password: 'short' });
			expect([bad.status, bad.body.fields]).toEqual([400, { password: 'too_short' }]);
			const used = await browser.post<LinkUsed>('/api/link', { token, password: PASSWORD });
			expect(used).toEqual({ status: 200, body: { need: null, next: '/', links: [] } });
			expect((await town.session(browser)).person?.userName).toBe('li.na');
			expect((await use(token)).body.code).toBe('link_used');
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(200);
			expect(JSON.stringify(town.doors.audited)).not.toContain(token);
		});

		test('[PP9] is good for one of two who use it at once', async () => {
			const { token } = await linkOf(await town.seat('wu', 'system_admin'), 'li.na');
			const answers = await Promise.all([use(token), use(token, OTHER)]);
			expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
		});

		test('[PP9] is void after 72 hours, after a newer one, and when the account is disabled', async () => {
			const admin = await town.seat('wu', 'system_admin');
			await town.person('wu2', ['system_admin']);
			const { token, id } = await linkOf(admin, 'li.na');
			const newer = await admin.post<NewLink>('/api/people/link', { id });
			const next = newer.body.link.path.replace('/link/', '');
			expect((await use(token)).body.code).toBe('link_unknown');
			expect((await use('x')).body.code).toBe('link_unknown');
			town.doors.clock += 3 * DAY;
			expect((await use(next)).body.code).toBe('link_expired');
			await town.signIn(admin, 'wu');
			await admin.post('/api/session/second-factor', { code: codeAt(await town.secretOf('wu'), town.doors.clock) });
			const third = (await admin.post<NewLink>('/api/people/link', { id })).body.link.path.replace('/link/', '');
			expect((await admin.post('/api/people/change', { id, isDisabled: true })).status).toBe(200);
			expect((await use(third)).body.code).toBe('link_unknown');
			expect((await admin.post('/api/people/link', { id })).body.code).toBe('wrong_state');
		});

		test('[PP9] for a lost password ends every session; the second factor goes only when asked', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const other = await town.seat('qian', 'district_admin', 'district:A');
			const kept = (await admin.post<NewLink>('/api/people/link', { id: other.id })).body.link;
			const browser = town.doors.browser();
			const answer = await browser.post<LinkUsed>('/api/link', { token: kept.path.slice(6), password: OTHER });
			expect(answer.body.need).toBe('second_factor');
			expect((await other.get('/api/profile')).status).toBe(401);
			const reset = await admin.post<NewLink>('/api/people/link', { id: other.id, resetSecondFactor: true });
			expect((await personByName(town.database.db, 'qian'))?.isTotpConfirmed).toBe(true);
			expect(town.actions).not.toContain('second_factor.reset');
			expect((await browser.post<LinkView>('/api/link/view', { token: reset.body.link.path.slice(6) })).body.kind).toBe(
				'set_password'
			);
			const again = await browser.post<LinkUsed>('/api/link', {
				token: reset.body.link.path.slice(6),
				password: 'Third time in the fog'
			});
			expect(again.body.need).toBe('enrol_second_factor');
			expect(town.actions).toContain('second_factor.reset');
			const links = town.doors.audited.filter(({ action }) => action.startsWith('link.'));
			expect(links.map(({ action, detail }) => `${action} ${detail?.['kind'] as string}`)).toEqual([
				...['link.made set_password', 'link.used set_password'],
				...['link.made reset_factor', 'link.used reset_factor']
			]);
		});

		test('[PP9][PE5] to another of the three administrators is made by none of them, nor is their other name changed', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const ids = [
				(await town.seat('guo', 'security_admin')).id,
				(await town.seat('you', 'auditor')).id,
				(await town.seat('wu2', 'system_admin')).id,
				await town.person('guo2', ['security_admin'])
			];
			for (const id of ids) {
				for (const [door, more] of [
					['link', {}],
					['link', { resetSecondFactor: true }],
					['change', { externalName: 'wu@union' }]
				] as const) {
					const { status, body } = await admin.post(`/api/people/${door}`, { id, ...more });
					expect([door, status, body.code]).toEqual([door, 403, 'separate_administrator']);
				}
				expect((await admin.post('/api/people/change', { id, displayName: '新名', externalName: null })).status).toBe(
					200
				);
			}
			const refusals = town.doors.audited.filter(({ action }) => action === 'door.refused');
			expect(refusals).toHaveLength(12);
			expect(refusals[0]).toMatchObject({
				actor: { kind: 'person', name: 'wu' },
				object: 'POST /api/people/link',
				detail: { code: 'separate_administrator' }
			});
			expect((await town.signIn(town.doors.browser(), 'guo')).body.need).toBe('second_factor');
			// One's own are one's own.
			expect((await admin.post('/api/people/link', { id: admin.id, resetSecondFactor: true })).status).toBe(200);
			expect((await admin.post('/api/people/change', { id: admin.id, externalName: 'wu@union' })).status).toBe(200);
			// The command line is the way back in.
			town.doors.clock = Date.now();
			const { path } = await ACCOUNT_COMMANDS.linkUser(town.database, { userName: 'guo', resetSecondFactor: true });
			const used = await town.doors.browser().post<LinkUsed>('/api/link', { token: path.slice(6), password: OTHER });
			expect(used.body.need).toBe('enrol_second_factor');
		});

		test('[PP9][PP12] to a new administrator is made and used before the approval, which voids every other', async () => {
			const [admin, guo] = [await town.seat('wu', 'system_admin'), await town.seat('guo', 'security_admin')];
			const { token, id } = await linkOf(admin, 'li.na');
			const wish = { userName: 'li.na', role: 'auditor', scope: 'city' };
			const { grant } = (await admin.post<GrantChanged>('/api/grants/propose', wish)).body;
			const approve = () => guo.post<GrantChanged>('/api/grants/decide', { id: grant.id, isApproved: true });
			expect((await approve()).body.code).toBe('not_activated');
			for (const [door, more] of [
				['link', { resetSecondFactor: true }],
				['change', { externalName: 'wu@union' }]
			] as const) {
				expect((await admin.post(`/api/people/${door}`, { id, ...more })).body.code).toBe('separate_administrator');
			}
			expect((await use(token)).status).toBe(200);
			expect((await admin.post('/api/people/link', { id })).body.code).toBe('separate_administrator');
			expect((await approve()).body.grant.state).toBe('active');

			// A link that was made for an ordinary person opens nothing once they are in office.
			const qian = await town.person('qian');
			const early = (await admin.post<NewLink>('/api/people/link', { id: qian, resetSecondFactor: true })).body.link;
			const next = await admin.post<GrantChanged>('/api/grants/propose', { ...wish, userName: 'qian' });
			await guo.post('/api/grants/decide', { id: next.body.grant.id, isApproved: true });
			expect((await use(early.path.slice(6), OTHER)).body.code).toBe('link_unknown');
			expect((await town.signIn(town.doors.browser(), 'qian')).status).toBe(200);
		});

		test('[PP9] is not made for who comes into office at the same moment', async () => {
			const [admin, guo] = [await town.seat('wu', 'system_admin'), await town.seat('guo', 'security_admin')];
			const id = await town.person('li.na');
			const wish = { userName: 'li.na', role: 'auditor', scope: 'city' };
			const { grant } = (await admin.post<GrantChanged>('/api/grants/propose', wish)).body;
			const [, ...links] = await Promise.all([
				guo.post('/api/grants/decide', { id: grant.id, isApproved: true }),
				...Array.from({ length: 4 }, () => admin.post<NewLink>('/api/people/link', { id }))
			]);
			for (const { body } of links) expect(body.code).toBe('separate_administrator');
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
		const link = async (): Promise<string> =>
			(await firstLink({ db: town.database.db, now: town.doors.clock }))!.slice(6);

		test('[PP10] makes three administrators who are three people, each with a link of their own', async () => {
			const token = await link();
			const browser = town.doors.browser();
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
			await town.enrol(browser);
			const { people } = (await browser.get<PeopleList>('/api/people')).body;
			expect(people.map(({ userName, grants }) => [userName, grants[0]!.role, grants[0]!.proposedBy.id])).toEqual([
				['guo', 'security_admin', 'setup'],
				['wu', 'system_admin', 'setup'],
				['you', 'auditor', 'setup']
			]);
			const guo = town.doors.browser();
			const own = await guo.post<LinkUsed>('/api/link', { token: body.links[0]!.path.slice(6), password: OTHER });
			expect(own.body.need).toBe('enrol_second_factor');
			expect(await firstLink({ db: town.database.db, now: town.doors.clock })).toBeNull();
			expect(town.actions.slice(0, 9)).toEqual([
				'link.used',
				...['person.created', 'grant.approved'],
				...['person.created', 'grant.approved', 'link.made'],
				...['person.created', 'grant.approved', 'link.made']
			]);
		});

		test('[PP10] names what is wrong beside its field, and makes nobody', async () => {
			const token = await link();
			const { status, body } = await town.doors.browser().post('/api/link', {
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
			const weak = await town.doors.browser().post('/api/link', { ...THREE, token, password: 'short' });
			expect(weak.body.fields).toEqual({ password: 'too_short' });
			expect(await town.database.db.select().from(peopleTable)).toEqual([]);
		});

		test('[PP10] a second start voids the first link, and two at once do not make two administrators', async () => {
			const [first, second] = [await link(), await link()];
			expect((await town.doors.browser().post('/api/link', { token: first, ...THREE })).body.code).toBe('link_unknown');
			const more = await Promise.all([link(), link()]);
			const answers = await Promise.all(
				[second, ...more, ...more].map((token, index) =>
					town.doors.browser().post('/api/link', { ...THREE, token, userName: `wu${index}` })
				)
			);
			expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
			expect(await town.database.db.select().from(peopleTable)).toHaveLength(3);
		});
	});

	describe('accounts', () => {
		test('[PP11] are made by system administrators, looked at by two others, and by nobody else', async () => {
			const admin = await town.seat('wu', 'system_admin');
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
				const browser = await town.seat(name, role);
				expect((await browser.get('/api/people')).status).toBe(200);
				expect((await browser.post('/api/people', { userName: 'x1', displayName: 'x' })).body.code).toBe('no_right');
			}
			for (const role of ['leader', 'district_admin', 'duty_chief'] as const) {
				const browser = await town.seat(`p.${role}`, role, role === 'district_admin' ? 'district:A' : 'city');
				expect([role, (await browser.get('/api/people')).body.code]).toEqual([role, 'no_right']);
			}
			expect(town.actions).toContain('people.viewed');
		});

		test('[PP11] have names that are given once, also after they are gone', async () => {
			const admin = await town.seat('wu', 'system_admin');
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
			const admin = await town.seat('wu', 'system_admin');
			const other = await town.seat('li.na', 'leader');
			expect((await admin.post('/api/people/change', { id: other.id, isDisabled: true })).status).toBe(200);
			expect(town.doors.changes.at(-1)).toEqual({ kind: 'person', id: other.id });
			expect((await other.get('/api/profile')).status).toBe(401);
			expect((await town.signIn(town.doors.browser(), 'li.na')).status).toBe(401);
			await admin.post('/api/people/change', { id: other.id, isDisabled: false });
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
			expect((await town.session(browser)).roles).toEqual(['leader']);
			expect(town.actions).toEqual(expect.arrayContaining(['person.disabled', 'person.changed']));
		});

		test('[PP11] end by themselves, are unlocked by an administrator, and nobody disables themselves', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const id = await town.person('li.na', ['leader']);
			for (let i = 0; i < 5; i++) await town.signIn(town.doors.browser(), 'li.na', OTHER);
			const { people } = (await admin.get<PeopleList>('/api/people?q=li.n')).body;
			expect(people.map(({ userName, lockedUntil }) => [userName, lockedUntil !== null])).toEqual([['li.na', true]]);
			const expiresAt = new Date(town.doors.clock + 5 * MINUTE).toISOString();
			const changed = await admin.post<{ person: object }>('/api/people/change', {
				id,
				unlock: true,
				expiresAt,
				displayName: '李娜'
			});
			expect(changed.body.person).toMatchObject({ lockedUntil: null, expiresAt, displayName: '李娜' });
			const browser = town.doors.browser();
			expect((await town.signIn(browser, 'li.na')).status).toBe(200);
			town.doors.clock += 6 * MINUTE;
			expect((await browser.get('/api/profile')).status).toBe(401);
			expect((await admin.post('/api/people/change', { id: admin.id, isDisabled: true })).body.code).toBe('own_grant');
		});

		test('[PP11] the last administrator of a kind stays', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const guo = await town.person('guo', ['security_admin']);
			expect((await admin.post('/api/people/change', { id: guo, isDisabled: true })).body.code).toBe(
				'last_administrator'
			);
			// Who has not set up the second factor cannot do the work yet.
			await town.person('guo2', ['security_admin']);
			expect((await admin.post('/api/people/change', { id: guo, isDisabled: true })).body.code).toBe(
				'last_administrator'
			);
			const second = town.doors.browser();
			await town.signIn(second, 'guo2');
			await town.enrol(second);
			expect((await admin.post('/api/people/change', { id: guo, isDisabled: true })).status).toBe(200);
			const refusals = town.doors.audited.filter(({ action }) => action === 'door.refused');
			expect(refusals.map(({ object, detail }) => [object, detail])).toEqual(
				Array(2).fill(['POST /api/people/change', { code: 'last_administrator' }])
			);
		});

		test('[PP11] the last day of an office does not come nearer, one end after the other', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const [guo, guo2] = [await town.seat('guo', 'security_admin'), await town.seat('guo2', 'security_admin')];
			const day = (days: number): string => new Date(town.doors.clock + days * DAY).toISOString();
			const end = async (id: string, expiresAt: string | null): Promise<string> => {
				const { status, body } = await admin.post('/api/people/change', { id, expiresAt });
				return status === 200 ? 'ok' : body.code;
			};
			expect(await end(guo.id, day(60))).toBe('ok');
			// The other one's end is later than that, but nobody would be there after it.
			expect(await end(guo2.id, day(30))).toBe('last_administrator');
			expect(await end(guo2.id, day(90))).toBe('last_administrator');
			expect((await admin.post('/api/people/change', { id: guo2.id, isDisabled: true })).body.code).toBe(
				'last_administrator'
			);
			const { people } = (await admin.get<PeopleList>('/api/people?q=guo2')).body;
			const withdrawn = await guo.post('/api/grants/withdraw', { id: people[0]!.grants[0]!.id });
			expect(withdrawn.body.code).toBe('last_administrator');
			expect(await end(guo.id, day(30))).toBe('ok');
			expect(await end(guo.id, day(90))).toBe('ok');
			expect(await end(guo.id, null)).toBe('ok');
			expect(await end(guo2.id, day(30))).toBe('ok');
			expect(await end(admin.id, day(30))).toBe('last_administrator');
		});

		test('[PP11] whose grant has an end does not stand in for one who has none', async () => {
			const [admin, guo] = [await town.seat('wu', 'system_admin'), await town.seat('guo', 'security_admin')];
			const you = await town.seat('you', 'auditor');
			await town.person('you2');
			const expiresAt = new Date(town.doors.clock + 30 * DAY).toISOString();
			const wish = { userName: 'you2', role: 'auditor', scope: 'city', expiresAt };
			const { grant } = (await admin.post<GrantChanged>('/api/grants/propose', wish)).body;
			expect((await guo.post('/api/grants/decide', { id: grant.id, isApproved: true })).status).toBe(200);
			const second = town.doors.browser();
			await town.signIn(second, 'you2');
			await town.enrol(second);
			expect((await admin.post('/api/people/change', { id: you.id, isDisabled: true })).body.code).toBe(
				'last_administrator'
			);
			expect((await admin.post('/api/grants/withdraw', { id: grant.id })).status).toBe(200);
		});

		test('NUL and half pairs in ids, names and texts are wrong values, and no faults of ours', async () => {
			const admin = await town.seat('wu', 'system_admin');
			for (const bad of ['a\0b', 'a\ud800b']) {
				for (const [path, body, fields] of [
					['/api/people', { userName: bad, displayName: 'x' }, { userName: 'bad_form' }],
					['/api/people', { userName: 'x1', displayName: bad }, { displayName: 'bad_form' }],
					['/api/people', { userName: 'x1', displayName: 'x', externalName: bad }, { externalName: 'bad_form' }],
					['/api/people/change', { id: bad }, { id: 'bad_form' }],
					['/api/people/link', { id: bad }, { id: 'bad_form' }],
					['/api/people/sessions/end', { id: bad }, { id: 'bad_form' }],
					['/api/people/sessions/end', { id: admin.id, sessionId: bad }, { sessionId: 'bad_form' }],
					['/api/profile/sessions/end', { id: bad }, { id: 'bad_form' }],
					[
						'/api/profile/password',
						{ password: bad, newPassword: bad },
						{ password: 'bad_form', newPassword: 'bad_form' }
					],
					['/api/session', { userName: bad, password: bad }, { userName: 'bad_form', password: 'bad_form' }],
					['/api/link', { token: bad, password: bad }, { token: 'bad_form' }],
					['/api/grants/propose', { userName: bad, role: 'leader', scope: 'city' }, { userName: 'bad_form' }],
					['/api/grants/propose', { personId: bad, role: 'leader', scope: 'city' }, { personId: 'bad_form' }],
					['/api/grants/withdraw', { id: 1, reason: bad }, { reason: 'bad_form' }]
				] as const) {
					const answer = await admin.post(path, body);
					expect([path, answer.status, answer.body.fields]).toEqual([path, 400, fields]);
				}
			}
			expect((await admin.get('/api/people/sessions?id=a%00b')).body.code).toBe('unknown_person');
			for (const field of ['q', 'state'])
				expect((await admin.get(`/api/people?${field}=a%00b`)).body.fields).toEqual({ [field]: 'bad_form' });
			await town.reopen({ isDemoCity: true });
			const sample = await town.doors.browser().post('/api/session/sample', { userName: 'a\0b' });
			expect([sample.status, sample.body.fields]).toEqual([400, { userName: 'bad_form' }]);
			expect((await town.doors.browser().get('/api/session/oidc/callback?code=a%00b&state=%00')).status).toBe(404);
		});

		test('[PP7] a system administrator sees and ends the sessions of others', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const other = await town.seat('li.na', 'leader');
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
			// Nobody looks unseen, and looking again within a minute is the same look.
			const looks = () => town.doors.audited.filter(({ action, object }) => action === 'people.viewed' && object);
			expect(looks()).toMatchObject([{ object: 'person:li.na', actor: { name: 'wu' }, result: 'ok' }]);
			await admin.get(`/api/people/sessions?id=${other.id}`);
			expect(looks()).toHaveLength(1);
			town.doors.clock += 2 * MINUTE;
			await admin.get(`/api/people/sessions?id=${other.id}`);
			expect(looks()).toHaveLength(2);
		});
	});

	describe('grants', () => {
		const propose = (browser: TestBrowser, userName: string, role: Role, scope: string, more: object = {}) =>
			browser.post<GrantChanged>('/api/grants/propose', { userName, role, scope, ...more });
		const decide = (browser: TestBrowser, id: number, isApproved = true) =>
			browser.post<GrantChanged>('/api/grants/decide', { id, isApproved });

		test('[PP12] are proposed by one, approved by another, and work from then on', async () => {
			const [admin, guo] = [await town.seat('wu', 'system_admin'), await town.seat('guo', 'security_admin')];
			await town.person('li.na');
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
			const { status, body } = await propose(admin, 'li.na', 'department_head', 'city', {
				lines: ['law', 'courses', 'law'],
				reason: '新任'
			});
			expect([status, body.grant.state, body.grant.lines]).toEqual([201, 'proposed', ['courses', 'law']]);
			expect((await town.session(browser)).roles).toEqual([]);
			expect((await decide(admin, body.grant.id)).body.code).toBe('no_right');
			const approved = await decide(guo, body.grant.id);
			expect(approved.body.grant).toMatchObject({
				state: 'active',
				decidedBy: { name: 'guo!' },
				proposedBy: { name: 'wu!' }
			});
			expect((await town.session(browser)).grants).toMatchObject([
				{ role: 'department_head', lines: ['courses', 'law'] }
			]);
			expect((await decide(guo, body.grant.id)).body.code).toBe('wrong_state');
			const withdrawn = await guo.post<GrantChanged>('/api/grants/withdraw', { id: body.grant.id, reason: '调任' });
			expect(withdrawn.body.grant.state).toBe('withdrawn');
			expect((await town.session(browser)).roles).toEqual([]);
			expect(town.actions.filter((action) => action.startsWith('grant.'))).toEqual([
				'grant.proposed',
				'grant.approved',
				'grant.withdrawn'
			]);
		});

		test('[PP12] nobody decides about what they proposed or what would be theirs', async () => {
			const admin = await town.seat('wu', 'system_admin');
			const guo = await town.seat('guo', 'security_admin');
			const own = await propose(admin, 'guo', 'leader', 'city');
			expect((await decide(guo, own.body.grant.id)).body.code).toBe('own_grant');
			await town.person('li.na');
			const { db } = town.database;
			const id = (await personByName(db, 'li.na'))!.id;
			const grant = {
				personId: id,
				role: 'leader',
				scope: 'city',
				lines: null,
				reason: null,
				at: town.doors.clock,
				expiresAt: null
			} as const;
			const proposed = await insertGrant(db, { ...grant, proposedBy: guo.id });
			expect((await decide(guo, proposed)).body.code).toBe('own_proposal');
			expect((await decide(guo, 9999)).body.code).toBe('unknown_grant');
			expect((await guo.post('/api/grants/decide', { id: proposed })).body.fields).toEqual({ isApproved: 'bad_form' });
			// What may not be is recorded; a wrong number or form is not.
			expect(town.refusals).toEqual(
				['own_grant', 'own_proposal'].map((code) => {
					return { actor: 'guo', action: 'door.refused', object: 'POST /api/grants/decide', code };
				})
			);
		});

		test('[PP12] district administrators propose keepers and street administrators of their own district', async () => {
			const qian = await town.seat('qian', 'district_admin', 'district:A');
			await town.person('xue');
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
			await propose(await town.seat('wu', 'system_admin'), 'xue', 'keeper', 'station:S-B');
			const { grants, may } = (await qian.get<GrantList>('/api/grants')).body;
			expect(grants.map(({ scope, scopeName }) => [scope, scopeName])).toEqual([
				['street:A1', '堰桥街道'],
				['station:S-A', '驿站 S-A']
			]);
			expect(may).toEqual({ roles: ['street_admin', 'keeper'], scopes: ['district:A'] });
		});

		test('[PP12] fit their scope, which the registry knows', async () => {
			const admin = await town.seat('wu', 'system_admin');
			await town.person('xue');
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
			const [admin, guo] = [await town.seat('wu', 'system_admin'), await town.seat('guo', 'security_admin')];
			await town.person('li.na');
			const first = await propose(admin, 'li.na', 'auditor', 'city');
			expect((await propose(admin, 'li.na', 'security_admin', 'city')).body.code).toBe('forbidden_pair');
			expect((await propose(admin, 'guo', 'auditor', 'city')).body.code).toBe('forbidden_pair');
			const { db } = town.database;
			const id = (await personByName(db, 'li.na'))!.id;
			const grant = {
				personId: id,
				scope: 'city',
				lines: null,
				reason: null,
				at: town.doors.clock,
				expiresAt: null
			} as const;
			await insertGrant(db, { ...grant, role: 'system_admin', proposedBy: 'test' });
			expect((await decide(guo, first.body.grant.id)).body.code).toBe('forbidden_pair');
			expect((await decide(guo, first.body.grant.id, false)).body.grant.state).toBe('declined');
		});

		test('[PP12] two proposals at once do not make a forbidden pair', async () => {
			const admin = await town.seat('wu', 'system_admin');
			await town.person('li.na');
			const roles: Role[] = ['auditor', 'security_admin', 'system_admin'];
			const answers = await Promise.all(roles.map((role) => propose(admin, 'li.na', role, 'city')));
			expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
		});

		test('[PP12] the last administrator of a kind keeps the grant, and an auditor takes none away', async () => {
			const [admin, guo, you] = [
				await town.seat('wu', 'system_admin'),
				await town.seat('guo', 'security_admin'),
				await town.seat('you', 'auditor')
			];
			const { people } = (await admin.get<PeopleList>('/api/people')).body;
			const idOf = (name: string): number => people.find(({ userName }) => userName === name)!.grants[0]!.id;
			for (const name of ['wu', 'guo', 'you']) {
				expect((await guo.post('/api/grants/withdraw', { id: idOf(name) })).body.code).toBe('last_administrator');
			}
			expect((await you.post('/api/grants/withdraw', { id: idOf('wu') })).body.code).toBe('no_right');
			expect(town.refusals.map(({ actor, code }) => [actor, code])).toEqual([
				...Array<string[]>(3).fill(['guo', 'last_administrator']),
				['you', 'no_right']
			]);
		});

		test('[PP12] end at their date', async () => {
			const [admin, guo] = [await town.seat('wu', 'system_admin'), await town.seat('guo', 'security_admin')];
			await town.person('li.na');
			const expiresAt = new Date(town.doors.clock + 5 * MINUTE).toISOString();
			const { body } = await propose(admin, 'li.na', 'leader', 'city', { expiresAt });
			await decide(guo, body.grant.id);
			const browser = town.doors.browser();
			await town.signIn(browser, 'li.na');
			expect((await town.session(browser)).roles).toEqual(['leader']);
			town.doors.clock += 6 * MINUTE;
			expect((await town.session(browser)).roles).toEqual([]);
		});
	});

	describe('sample people', () => {
		test('[PP14] one of each role signs in without a password, in the demo city', async () => {
			await town.reopen({ isDemoCity: true });
			await makeSamplePeople(town.database.db, town.doors.clock);
			await makeSamplePeople(town.database.db, town.doors.clock);
			const { people } = (await town.doors.browser().get<SampleList>('/api/session/sample')).body;
			expect(new Set(people.flatMap(({ roles }) => roles)).size).toBe(11);
			expect(people.find(({ userName }) => userName === 'sample.district')).toMatchObject({
				scope: 'district:A',
				scopeName: '惠山区'
			});
			for (const { userName, roles } of people) {
				const browser = town.doors.browser();
				expect((await browser.post('/api/session/sample', { userName })).body).toEqual({ need: null, next: '/' });
				expect((await town.session(browser)).roles).toEqual(roles);
			}
		});

		test('[PP14] nowhere else, and in no other way, and nobody changes them', async () => {
			await makeSamplePeople(town.database.db, town.doors.clock);
			const browser = town.doors.browser();
			expect((await browser.get('/api/session/sample')).status).toBe(404);
			const refused = await browser.post('/api/session/sample', { userName: 'sample.system' });
			expect([refused.status, refused.body.code]).toEqual([404, 'not_here']);
			const sample = (await personByName(town.database.db, 'sample.system'))!;
			await setPassword(town.database.db, sample.id, await town.doors.passwords.hash(PASSWORD), town.doors.clock, 5);
			expect((await town.signIn(browser, 'sample.system')).status).toBe(401);
			const admin = await town.seat('wu', 'system_admin');
			expect((await admin.post('/api/people/link', { id: sample.id })).body.code).toBe('sample_person');
			expect((await admin.post('/api/people/change', { id: sample.id, isDisabled: true })).body.code).toBe(
				'sample_person'
			);
			await expect(
				ACCOUNT_COMMANDS.linkUser(town.database, { userName: 'sample.system', resetSecondFactor: false })
			).rejects.toThrow('sample');
		});

		test('[PP14] real people are no samples', async () => {
			await town.reopen({ isDemoCity: true });
			await town.person('li.na');
			expect((await town.doors.browser().post('/api/session/sample', { userName: 'li.na' })).body.code).toBe(
				'unknown_person'
			);
		});
	});

	describe('the command line', () => {
		test('[PP15] makes an account with a grant and a link, lists it, sends a new link and disables it', async () => {
			const create = { userName: 'wu', displayName: '吴海涛', role: 'system_admin', scope: 'city', lines: null };
			// The command line has no clock but the real one.
			town.doors.clock = Date.now();
			const made = await ACCOUNT_COMMANDS.createUser(town.database, create);
			const browser = town.doors.browser();
			const token = made.path.slice(6);
			expect((await browser.post<LinkUsed>('/api/link', { token, password: PASSWORD })).body.need).toBe(
				'enrol_second_factor'
			);
			await town.enrol(browser);
			expect(await ACCOUNT_COMMANDS.listUsers(town.database, {})).toMatchObject([
				{ userName: 'wu', state: 'active', roles: ['system_admin'], hasSecondFactor: true }
			]);
			const again = await ACCOUNT_COMMANDS.linkUser(town.database, { userName: 'wu', resetSecondFactor: true });
			const reset = await town.doors
				.browser()
				.post<LinkUsed>('/api/link', { token: again.path.slice(6), password: OTHER });
			expect(reset.body.need).toBe('enrol_second_factor');
			expect(await ACCOUNT_COMMANDS.disableUser(town.database, { userName: 'wu' })).toEqual({
				userName: 'wu',
				sessionsEnded: 1
			});
			await expect(ACCOUNT_COMMANDS.createUser(town.database, create)).rejects.toThrow('not given again');
			const { rows } = (await town.database.db.execute('select action from audit order by seq')) as {
				rows: { action: string }[];
			};
			// Other tests wrote there before, and nothing is ever taken out.
			expect(rows.slice(-5).map(({ action }) => action)).toEqual([
				...['person.created', 'grant.approved', 'link.made', 'link.made', 'person.disabled']
			]);
			expect(town.actions).toContain('second_factor.reset');
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
				await expect(ACCOUNT_COMMANDS.createUser(town.database, { ...create, ...wrong })).rejects.toThrow(sentence);
			}
			await expect(ACCOUNT_COMMANDS.disableUser(town.database, { userName: 'nobody' })).rejects.toThrow('There is no');
		});
	});
});
