/** The people of the product and their grants, as the doors tell them, and what may be done with them. */
import { ask, type Answer, type DoorProblem } from '#lib/panel/account/door.ts';
import { fieldText, problemText } from '#lib/panel/account/problem-words.ts';
import { m } from '#lib/paraglide/messages.js';
import type {
	ChangePersonRequest,
	DecideRequest,
	EndedSessions,
	EndPersonSessionsRequest,
	GrantChanged,
	GrantList,
	GrantRow,
	NewLink,
	NewLinkRequest,
	NewPersonRequest,
	PeopleList,
	PersonChanged,
	PersonMade,
	PersonRow,
	ProposeRequest,
	SessionList,
	SessionRow,
	WithdrawRequest
} from '#server/accounts/shapes.ts';

type Problems = Readonly<Record<string, string | undefined>>;

export class PeopleDesk {
	people = $state.raw<readonly PersonRow[] | null>(null);
	may = $state.raw<PeopleList['may']>({ write: false, propose: false, decide: false });
	/** of who proposes: what, and where */
	grants = $state.raw<GrantList | null>(null);
	/** of the person that is looked at */
	sessions = $state.raw<readonly SessionRow[] | null>(null);
	/** why the lists could not be read */
	problem = $state.raw<DoorProblem | null>(null);
	isBusy = $state.raw(false);
	/** of the form that was sent last: beside its fields, and above them */
	problems = $state.raw<Problems>({});
	said = $state.raw('');

	readonly proposals: readonly GrantRow[] = $derived(
		(this.people?.flatMap(({ grants }) => grants) ?? [])
			.filter(({ state }) => state === 'proposed')
			.sort((a, b) => a.proposedAt.localeCompare(b.proposedAt))
	);

	/** The list of people; for who proposes what they may propose too. */
	async load(): Promise<void> {
		const answer = await ask<PeopleList>('/api/people');
		this.problem = answer.ok ? null : answer.problem;
		if (!answer.ok) return;
		this.people = answer.value.people;
		this.may = answer.value.may;
		if (answer.value.may.propose && this.grants === null) await this.loadGrants();
	}

	async loadGrants(): Promise<void> {
		const answer = await ask<GrantList>('/api/grants');
		this.problem = answer.ok ? null : answer.problem;
		if (answer.ok) this.grants = answer.value;
	}

	async loadSessions(id: string): Promise<void> {
		const answer = await ask<SessionList>(`/api/people/sessions?id=${encodeURIComponent(id)}`);
		if (answer.ok) this.sessions = answer.value.sessions;
		else this.problem = answer.problem;
	}

	make(body: NewPersonRequest): Promise<Answer<PersonMade>> {
		return this.#send('/api/people', body);
	}

	change(body: ChangePersonRequest): Promise<Answer<PersonChanged>> {
		return this.#send('/api/people/change', body);
	}

	newLink(body: NewLinkRequest): Promise<Answer<NewLink>> {
		return this.#send('/api/people/link', body);
	}

	async endSessions(body: EndPersonSessionsRequest): Promise<Answer<EndedSessions>> {
		const answer = await this.#send<EndedSessions>('/api/people/sessions/end', body);
		await this.loadSessions(body.id);
		return answer;
	}

	async propose(body: ProposeRequest): Promise<Answer<GrantChanged>> {
		const answer = await this.#send<GrantChanged>('/api/grants/propose', body);
		if (!answer.ok && answer.problem.code === 'unknown_person' && 'userName' in body) {
			this.problems = { userName: m.people_user_unknown() };
			this.said = '';
		}
		return answer;
	}

	decide(body: DecideRequest): Promise<Answer<GrantChanged>> {
		return this.#send('/api/grants/decide', body);
	}

	withdraw(body: WithdrawRequest): Promise<Answer<GrantChanged>> {
		return this.#send('/api/grants/withdraw', body);
	}

	/** A form is opened: what was wrong with the last one is over. */
	begin(): void {
		this.problems = {};
		this.said = '';
	}

	/** Fields that were left empty, by name: said before anything is sent. True = none. */
	hasAll(fields: Readonly<Record<string, string>>): boolean {
		const empty = Object.entries(fields).filter(([, value]) => value.trim() === '');
		this.problems = Object.fromEntries(empty.map(([name]) => [name, fieldText('missing')]));
		this.said = '';
		return empty.length === 0;
	}

	async #send<T>(url: string, body: object): Promise<Answer<T>> {
		this.isBusy = true;
		this.begin();
		const answer = await ask<T>(url, body);
		if (answer.ok) await this.#again();
		else this.#refuse(answer.problem);
		this.isBusy = false;
		return answer;
	}

	/** What was shown is old once something was changed. */
	async #again(): Promise<void> {
		if (this.people !== null) await this.load();
		if (this.grants !== null) await this.loadGrants();
	}

	#refuse(problem: DoorProblem): void {
		this.problems = Object.fromEntries(
			Object.entries(problem.fields).map(([name, why]) => [name, fieldText(why, name)])
		);
		// What stands beside a field needs no second sentence, unless it says more.
		const isBeside = Object.keys(this.problems).length > 0 && ['bad_request', 'taken'].includes(problem.code);
		if (!isBeside) this.said = problemText(problem);
	}
}
