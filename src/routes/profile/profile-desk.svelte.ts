/** One's own account: what the server knows of it, and its sessions. */
import { ask, type Answer, type DoorProblem } from '#lib/panel/account/door.ts';
import { fieldText, problemText } from '#lib/panel/account/problem-words.ts';
import { renewing } from '#lib/shell/leave.ts';
import type {
	EndSessionsRequest,
	EndedSessions,
	PasswordRequest,
	Profile,
	SessionList,
	SessionRow,
	SignedIn
} from '#server/accounts/shapes.ts';

export class ProfileDesk {
	profile = $state.raw<Profile | null>(null);
	sessions = $state.raw<readonly SessionRow[] | null>(null);
	problem = $state.raw<DoorProblem | null>(null);
	isBusy = $state.raw(false);
	/** beside the fields of the change of password */
	problems = $state.raw<Readonly<Record<string, string | undefined>>>({});
	/** above its form; empty = nothing */
	said = $state.raw('');

	async load(): Promise<void> {
		const [profile, sessions] = await Promise.all([
			ask<Profile>('/api/profile'),
			ask<SessionList>('/api/profile/sessions')
		]);
		this.problem = [profile, sessions].flatMap((answer) => (answer.ok ? [] : [answer.problem]))[0] ?? null;
		if (profile.ok) this.profile = profile.value;
		if (sessions.ok) this.sessions = sessions.value.sessions;
	}

	/** True once the new password holds; other sessions have ended then. */
	async changePassword(present: string, next: string): Promise<boolean> {
		const hasPassword = this.profile?.hasPassword ?? true;
		const missing = {
			...(hasPassword && present === '' && { password: fieldText('missing') }),
			...(next === '' && { newPassword: fieldText('missing') })
		};
		this.problems = missing;
		this.said = '';
		if (Object.keys(missing).length > 0) return false;
		const body: PasswordRequest = { newPassword: next, ...(hasPassword && { password: present }) };
		this.isBusy = true;
		const answer = await renewing(ask<SignedIn>('/api/profile/password', body));
		this.isBusy = false;
		if (answer.ok) await this.load();
		else this.#refuse(answer.problem);
		return answer.ok;
	}

	async endSession(id: string): Promise<Answer<EndedSessions>> {
		return this.#end({ id });
	}

	async endOthers(): Promise<Answer<EndedSessions>> {
		return this.#end({ allOthers: true });
	}

	forgetProblems(): void {
		this.problems = {};
		this.said = '';
	}

	async #end(body: EndSessionsRequest): Promise<Answer<EndedSessions>> {
		this.isBusy = true;
		const answer = await ask<EndedSessions>('/api/profile/sessions/end', body);
		if (answer.ok) await this.load();
		this.isBusy = false;
		return answer;
	}

	#refuse(problem: DoorProblem): void {
		const beside = Object.fromEntries(Object.entries(problem.fields).map(([name, why]) => [name, fieldText(why)]));
		if (problem.code === 'wrong_password') this.problems = { ...beside, password: problemText(problem) };
		else this.problems = beside;
		if (Object.keys(this.problems).length === 0) this.said = problemText(problem);
	}
}
