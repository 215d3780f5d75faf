/** The rules of a password as a list that is ticked off while somebody types. Pure. */
import { LONG_ENOUGH, passwordProblems, SHORTEST } from '#domain/password.ts';
import { m } from '#lib/paraglide/messages.js';

export interface RuleLine {
	readonly id: string;
	readonly label: string;
	readonly isMet: boolean;
}

/** Nothing typed: nothing is met. That it was not used before only the server knows; it says so when it was. */
export function passwordRules(password: string, userName: string): RuleLine[] {
	const problems = passwordProblems(password, userName);
	const isMet = (...codes: readonly string[]): boolean =>
		password !== '' && !problems.some((problem) => codes.includes(problem));
	return [
		{
			id: 'length',
			label: m.account_rule_length({ long: LONG_ENOUGH, shortest: SHORTEST }),
			isMet: isMet('too_short', 'too_plain', 'too_long')
		},
		{ id: 'name', label: m.account_rule_name(), isMet: isMet('has_user_name') },
		{ id: 'common', label: m.account_rule_common(), isMet: isMet('too_common') }
	];
}
