/** The way in, step by step: name and password, second factor, what the account still needs. The server says what comes next. */
import { ask, type Answer, type DoorProblem } from '#lib/panel/account/door.ts';
import { fieldText, problemText } from '#lib/panel/account/problem-words.ts';
import type {
	FactorConfirmed,
	FactorStart,
	PasswordRequest,
	SampleList,
	SampleRequest,
	SecondFactorRequest,
	SessionAnswer,
	SignedIn,
	SignInRequest
} from '#server/accounts/shapes.ts';
import type { Need } from '#server/access/caller.ts';

export type Step = 'password' | Need | 'recovery_codes' | 'leaving';

export interface Lock {
	readonly code: 'locked' | 'too_many_tries';
	/** ms by this machine's clock */
	readonly until: number;
}

type Problems = Readonly<Record<string, string | undefined>>;

/** Where a refusal of each step stands; what belongs beside no field stands above the form. */
const BESIDE: Readonly<Record<string, string>> = {
	sign_in_failed: 'password',
	wrong_password: 'password',
	wrong_code: 'code'
};

export class SignInDesk {
	step = $state.raw<Step>('password');
	userName = $state('');
	password = $state('');
	newPassword = $state('');
	isBusy = $state.raw(false);
	problems = $state.raw<Problems>({});
	/** above the form; empty = nothing */
	said = $state.raw('');
	lock = $state.raw<Lock | null>(null);
	methods = $state.raw<SessionAnswer['methods'] | null>(null);
	samples = $state.raw<SampleList['people'] | null>(null);
	factor = $state.raw<FactorStart | null>(null);
	recoveryCodes = $state.raw<readonly string[]>([]);
	/** what comes once the recovery codes are kept */
	#afterCodes: SignedIn | null = null;
	readonly #next: string | undefined;
	readonly #leave: (path: string) => void;

	/** `next`: a path of this site, null = the server's choice. `leave` goes there, with all that this page knew forgotten. */
	constructor(next: string | null, leave: (path: string) => void) {
		this.#next = next ?? undefined;
		this.#leave = leave;
	}

	/** Asks how one can sign in here, and takes up a sign-in that was begun. */
	async start(): Promise<void> {
		const answer = await ask<SessionAnswer>('/api/session');
		if (!answer.ok) return this.#refuse(answer.problem);
		const { methods, person, need } = answer.value;
		this.methods = methods;
		if (person) {
			this.userName = person.userName;
			await this.#enter({ need, next: this.#next ?? '/' });
		}
		if (!methods.sample) return;
		const list = await ask<SampleList>('/api/session/sample');
		if (list.ok) this.samples = list.value.people;
		else this.#refuse(list.problem);
	}

	async signIn(): Promise<void> {
		const { userName, password } = this;
		const missing: Problems = {
			...(userName.trim() === '' && { userName: fieldText('missing') }),
			...(password === '' && { password: fieldText('missing') })
		};
		this.problems = missing;
		if (Object.keys(missing).length > 0) return;
		const body: SignInRequest = { userName: userName.trim(), password, ...this.#goal() };
		await this.#send('/api/session', body);
	}

	async signInAs(userName: string): Promise<void> {
		const body: SampleRequest = { userName, ...this.#goal() };
		await this.#send('/api/session/sample', body);
	}

	async showFactor(code: string): Promise<void> {
		const body: SecondFactorRequest = { code, ...this.#goal() };
		await this.#send('/api/session/second-factor', body);
	}

	async confirmFactor(code: string): Promise<void> {
		const answer = await this.#asking(ask<FactorConfirmed>('/api/profile/second-factor/confirm', { code }));
		if (!answer.ok) return;
		this.#afterCodes = { ...answer.value, next: this.#next ?? answer.value.next };
		this.recoveryCodes = answer.value.recoveryCodes;
		this.step = 'recovery_codes';
	}

	async codesKept(): Promise<void> {
		this.recoveryCodes = [];
		if (this.#afterCodes) await this.#enter(this.#afterCodes);
	}

	async changePassword(): Promise<void> {
		const body: PasswordRequest = { password: this.password, newPassword: this.newPassword };
		await this.#send('/api/profile/password', body);
	}

	/** Back to the beginning: another name, another person. */
	async startAgain(): Promise<void> {
		await ask('/api/session/end', {});
		this.password = this.newPassword = this.said = '';
		this.problems = {};
		this.lock = this.factor = null;
		this.step = 'password';
	}

	unlock(): void {
		this.lock = null;
	}

	#goal(): { next?: string } {
		return this.#next === undefined ? {} : { next: this.#next };
	}

	async #send(url: string, body: object): Promise<void> {
		const answer = await this.#asking(ask<SignedIn>(url, body));
		// Only the doors of signing in know where to go; the others answer with a place of their own.
		if (answer.ok) await this.#enter({ need: answer.value.need, next: this.#next ?? answer.value.next });
	}

	async #enter({ need, next }: SignedIn): Promise<void> {
		this.problems = {};
		this.said = '';
		if (need === null) {
			this.step = 'leaving';
			return this.#leave(next);
		}
		if (need === 'enrol_second_factor') await this.#startFactor();
		this.step = need;
	}

	async #startFactor(): Promise<void> {
		const answer = await this.#asking(ask<FactorStart>('/api/profile/second-factor/start', {}));
		if (answer.ok) this.factor = answer.value;
	}

	async #asking<T>(asked: Promise<Answer<T>>): Promise<Answer<T>> {
		this.isBusy = true;
		this.problems = {};
		this.said = '';
		const answer = await asked;
		this.isBusy = false;
		if (!answer.ok) this.#refuse(answer.problem);
		return answer;
	}

	#refuse(problem: DoorProblem): void {
		const { code, fields, retryAfterSeconds } = problem;
		if ((code === 'locked' || code === 'too_many_tries') && retryAfterSeconds !== null) {
			this.lock = { code, until: Date.now() + retryAfterSeconds * 1000 };
			return;
		}
		const field = BESIDE[code];
		const beside = Object.fromEntries(Object.entries(fields).map(([name, why]) => [name, fieldText(why)]));
		this.problems = field === undefined ? beside : { [field]: problemText(problem), ...beside };
		if (Object.keys(this.problems).length === 0) this.said = problemText(problem);
	}
}
