/** Setting up a second factor, or another one in its place, or doing without: a few steps in one dialog. */
import { ask, type Answer } from '#lib/panel/account/door.ts';
import { fieldText, problemText } from '#lib/panel/account/problem-words.ts';
import { renewing } from '#lib/shell/leave.ts';
import type {
	FactorConfirmed,
	FactorConfirmRequest,
	FactorRemoveRequest,
	FactorStart,
	FactorStartRequest,
	Profile,
	SignedIn
} from '#server/accounts/shapes.ts';

export type FactorGoal = 'enrol' | 'replace' | 'remove';
export type FactorStep = 'password' | 'old_code' | 'key' | 'codes' | 'done';

export class FactorFlow {
	readonly goal: FactorGoal;
	step = $state.raw<FactorStep>('password');
	start = $state.raw<FactorStart | null>(null);
	codes = $state.raw<readonly string[]>([]);
	password = $state('');
	/** beside the field of the step; undefined = nothing is wrong */
	problem = $state.raw<string | undefined>(undefined);
	isBusy = $state.raw(false);
	/** the old factor is gone and no new one there: to be told to who closes the dialog now */
	isBetween = $state.raw(false);
	readonly #profile: Profile;

	constructor(goal: FactorGoal, profile: Profile) {
		this.goal = goal;
		this.#profile = profile;
		this.step = goal === 'enrol' ? 'password' : 'old_code';
	}

	get asksPassword(): boolean {
		return this.#profile.hasPassword;
	}

	/** Shows the password and is given a key. */
	async begin(): Promise<void> {
		if (this.asksPassword && this.password === '') {
			this.problem = fieldText('missing');
			return;
		}
		const body: FactorStartRequest = this.asksPassword ? { password: this.password } : {};
		const answer = await this.#ask<FactorStart>('/api/profile/second-factor/start', body);
		if (!answer.ok) return;
		this.start = answer.value;
		this.step = 'key';
	}

	/** Shows the old factor once more, which takes it away. */
	async remove(code: string): Promise<void> {
		const body: FactorRemoveRequest = { code };
		const answer = await this.#ask<SignedIn>('/api/profile/second-factor/remove', body);
		if (!answer.ok) return;
		if (this.goal === 'remove') {
			this.step = 'done';
			return;
		}
		this.isBetween = true;
		// Where the roles ask for a factor the session itself does now, and no password is asked on top.
		this.step = 'password';
		if (answer.value.need === 'enrol_second_factor') await this.#beginWithout();
	}

	async confirm(code: string): Promise<void> {
		const body: FactorConfirmRequest = { code };
		const answer = await this.#ask<FactorConfirmed>('/api/profile/second-factor/confirm', body);
		if (!answer.ok) return;
		this.isBetween = false;
		this.codes = answer.value.recoveryCodes;
		this.step = 'codes';
	}

	async #beginWithout(): Promise<void> {
		const answer = await this.#ask<FactorStart>('/api/profile/second-factor/start', {});
		if (!answer.ok) return;
		this.start = answer.value;
		this.step = 'key';
	}

	async #ask<T>(url: string, body: object): Promise<Answer<T>> {
		this.isBusy = true;
		this.problem = undefined;
		const answer = await renewing(ask<T>(url, body));
		this.isBusy = false;
		if (!answer.ok) this.problem = problemText(answer.problem);
		return answer;
	}
}
