/** People who are there already, for tests of the doors of people: accounts, sign-ins and second factors in few words. */
import { expect } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import type { Role } from '#domain/role.ts';
import type { FactorConfirmed, FactorStart, SessionAnswer, SignedIn } from '#server/accounts/shapes.ts';
import { setPassword } from '#server/store/credential-store.ts';
import { insertGrant } from '#server/store/grant-store.ts';
import { insertPerson, personByName } from '#server/store/people-store.ts';
import {
	codeAt,
	insertPlaces,
	openAccountDoors,
	type AccountDoors,
	type Answered,
	type Refused,
	type TestBrowser
} from './accounts.ts';
import type { TestDatabase } from './databases.ts';

/** Of everybody, unless said otherwise. */
export const PASSWORD = 'Lake-Tai in the fog';
export const OTHER = 'Nine lotus ponds, 2026';

export class Town {
	database!: OpenDatabase;
	doors!: AccountDoors;

	/** A database with places and nobody in it. */
	async open({ open }: Pick<TestDatabase, 'open'>): Promise<void> {
		this.database = await open();
		await insertPlaces(this.database);
	}

	/** Nobody again, and new doors; sessions, links, grants and former passwords go with the people. */
	async empty(): Promise<void> {
		await this.database.db.execute('truncate people restart identity cascade');
		this.doors = await openAccountDoors(this.database);
	}

	/** Other doors on the same database. */
	async reopen(more: Parameters<typeof openAccountDoors>[1]): Promise<void> {
		await this.doors.close();
		this.doors = await openAccountDoors(this.database, { clock: this.doors.clock, ...more });
	}

	/** An account with a password and roles in force, as other people would have made it. */
	async person(userName: string, roles: readonly Role[] = [], scope = 'city'): Promise<string> {
		const { db } = this.database;
		const at = this.doors.clock;
		const names = { userName, displayName: `${userName}!`, externalName: null, expiresAt: null };
		const id = (await insertPerson(db, { ...names, createdBy: 'test', at }))!;
		await setPassword(db, id, await this.doors.passwords.hash(PASSWORD), at, 5);
		for (const role of roles) {
			const grant = { personId: id, role, scope, lines: null, reason: null, proposedBy: 'test', at, expiresAt: null };
			await insertGrant(db, { ...grant, isActive: true });
		}
		return id;
	}

	signIn(browser: TestBrowser, userName: string, password = PASSWORD): Promise<Answered<SignedIn & Refused>> {
		return browser.post('/api/session', { userName, password, next: '/wall' });
	}

	async session(browser: TestBrowser): Promise<SessionAnswer> {
		return (await browser.get<SessionAnswer>('/api/session')).body;
	}

	/** Sets up a second factor in a session that needs one, or may have one; its recovery codes. */
	async enrol(browser: TestBrowser): Promise<readonly string[]> {
		const started = await browser.post<FactorStart>('/api/profile/second-factor/start', { password: PASSWORD });
		expect(started.status).toBe(200);
		const code = codeAt(started.body.secret, this.doors.clock);
		const confirmed = await browser.post<FactorConfirmed>('/api/profile/second-factor/confirm', { code });
		expect([confirmed.status, confirmed.body.need]).toEqual([200, null]);
		return confirmed.body.recoveryCodes;
	}

	async secretOf(userName: string): Promise<string> {
		return (await personByName(this.database.db, userName))!.totpSecret!;
	}

	/** Somebody of a role, signed in, with a second factor where the role asks for one. */
	async seat(userName: string, role: Role, scope = 'city'): Promise<TestBrowser & { id: string }> {
		const id = await this.person(userName, [role], scope);
		const browser = this.doors.browser();
		const { body } = await this.signIn(browser, userName);
		if (body.need === 'enrol_second_factor') await this.enrol(browser);
		return Object.assign(browser, { id });
	}

	/** Who was refused what at which door, in order. */
	get refusals(): { actor: string | null; action: string; object: string | null | undefined; code: unknown }[] {
		return this.doors.audited
			.filter(({ action }) => action === 'door.refused')
			.map(({ actor, action, object, detail }) => ({ actor: actor.name, action, object, code: detail?.['code'] }));
	}

	/** What was recorded, in order. */
	get actions(): string[] {
		return this.doors.audited.map(({ action }) => action);
	}
}
