/** A one-time link: what it is for, and using it. The secret is in the address and goes in bodies only, never in a query. */
import { passwordProblems } from '#domain/password.ts';
import { ask, type DoorProblem } from '#lib/panel/account/door.ts';
import { fieldText, problemText } from '#lib/panel/account/problem-words.ts';
import { isUserName } from '#lib/panel/account/user-name.ts';
import type { FieldCode, LinkRequest, LinkUsed, LinkView, LinkViewRequest, MadeLink } from '#server/accounts/shapes.ts';

export interface NewAccount {
	userName: string;
	displayName: string;
}

const nobody = (): NewAccount => ({ userName: '', displayName: '' });

export class LinkDesk {
	/** null = not known yet, or the link is worth nothing */
	view = $state.raw<LinkView | null>(null);
	/** why the link is worth nothing; empty = it is, or nobody knows yet */
	broken = $state.raw('');
	brokenCode = $state.raw('');
	said = $state.raw('');
	problems = $state.raw<Readonly<Record<string, string | undefined>>>({});
	isBusy = $state.raw(false);
	password = $state('');
	first = $state(nobody());
	security = $state(nobody());
	auditor = $state(nobody());
	/** of the two other administrators, to be handed on; null = the link was not used yet */
	links = $state.raw<readonly MadeLink[] | null>(null);
	readonly #token: string;
	readonly #leave: (path: string) => void;

	constructor(token: string, leave: (path: string) => void) {
		this.#token = token;
		this.#leave = leave;
	}

	/** The name that the password must not contain. */
	get userName(): string {
		return this.view?.userName ?? this.first.userName;
	}

	async look(): Promise<void> {
		const body: LinkViewRequest = { token: this.#token };
		const answer = await ask<LinkView>('/api/link/view', body);
		if (answer.ok) {
			this.view = answer.value;
			return;
		}
		this.broken = problemText(answer.problem);
		this.brokenCode = answer.problem.code;
	}

	async use(): Promise<void> {
		const isFirst = this.view?.kind === 'first_administrator';
		this.problems = this.#wrong(isFirst);
		if (Object.keys(this.problems).length > 0) return;
		this.isBusy = true;
		this.said = '';
		const answer = await ask<LinkUsed>('/api/link', this.#body(isFirst));
		this.isBusy = false;
		if (!answer.ok) return this.#refuse(answer.problem);
		this.password = '';
		this.links = answer.value.links;
		if (answer.value.links.length === 0) this.goOn();
	}

	/** What the account still needs, such as a second factor, is asked for where one signs in. */
	goOn(): void {
		this.#leave('/sign-in');
	}

	#body(isFirst: boolean): LinkRequest {
		const { password, first, security, auditor } = this;
		if (!isFirst) return { token: this.#token, password };
		return { token: this.#token, password, ...first, securityAdmin: { ...security }, auditor: { ...auditor } };
	}

	/** All that can be seen from here, at once. */
	#wrong(isFirst: boolean): Record<string, string | undefined> {
		const forms: readonly (readonly [string, NewAccount])[] = isFirst
			? [
					['', this.first],
					['securityAdmin.', this.security],
					['auditor.', this.auditor]
				]
			: [];
		const wrong: (readonly [string, FieldCode])[] = forms.flatMap(([prefix, { userName, displayName }]) => [
			...(isUserName(userName) ? [] : [[`${prefix}userName`, userName.trim() ? 'bad_form' : 'missing'] as const]),
			...(displayName.trim() === '' ? [[`${prefix}displayName`, 'missing'] as const] : [])
		]);
		const weak = this.password === '' ? 'missing' : passwordProblems(this.password, this.userName)[0];
		if (weak) wrong.push(['password', weak]);
		return Object.fromEntries(wrong.map(([name, why]) => [name, fieldText(why, name)]));
	}

	#refuse(problem: DoorProblem): void {
		const { code, fields } = problem;
		this.problems = Object.fromEntries(Object.entries(fields).map(([name, why]) => [name, fieldText(why, name)]));
		if (code.startsWith('link_')) {
			this.view = null;
			this.broken = problemText(problem);
			this.brokenCode = code;
		} else if (Object.keys(fields).length === 0) this.said = problemText(problem);
	}
}
