/** Refusals of the doors of people: a status, a code, a sentence that says what to do, and what is wrong beside which field. */
import type { ServerResponse } from 'node:http';
import { sendJson, type Route } from '#server/http/route.ts';
import type { FieldCode, Problem, ProblemCode } from './shapes.ts';

export interface ProblemMore {
	readonly fields?: { readonly [field: string]: FieldCode };
	readonly retryAfterSeconds?: number;
}

export class AccountProblem extends Error {
	readonly status: number;
	readonly code: ProblemCode;
	readonly more: ProblemMore;

	constructor(code: ProblemCode, more: ProblemMore = {}) {
		const [status, message] = SAID[code];
		super(message);
		this.status = status;
		this.code = code;
		this.more = more;
	}
}

const SAID: Record<ProblemCode, readonly [number, string]> = {
	bad_request: [400, 'The request is not in the form of this door. Look at the fields that it names.'],
	sign_in_failed: [
		401,
		'The user name or the password is not right. Try again, or ask an administrator for a new link.'
	],
	wrong_code: [403, 'This code is not right, or it was used before. Wait for the next one and try again.'],
	wrong_password: [403, 'The present password is not right. Try again.'],
	second_factor_needed: [403, 'Show the code of your second factor first.'],
	new_password_needed: [403, 'Set a new password first.'],
	locked: [
		423,
		'Too many tries failed, so this account is locked for a while. Wait, or ask an administrator to unlock it.'
	],
	too_many_tries: [429, 'Too many tries came from this address. Wait a moment and try again.'],
	link_unknown: [404, 'There is no such link. Copy the whole address, or ask for a new link.'],
	link_used: [410, 'This link was used already. Sign in, or ask for a new link.'],
	link_expired: [410, 'This link is too old. Ask for a new one.'],
	second_factor_present: [409, 'There is a second factor already. Remove it first to set up another.'],
	second_factor_absent: [409, 'There is no second factor to show. Set one up first.'],
	unknown_person: [404, 'There is no such person. Look at the list again.'],
	unknown_grant: [404, 'There is no such grant. Look at the list again.'],
	unknown_session: [404, 'There is no such open session. Look at the list again.'],
	not_here: [404, 'This way to sign in is not offered here.'],
	wrong_state: [409, 'This was done already, or somebody else was faster. Look at the list again.'],
	taken: [409, 'This name belongs to somebody, or did once. Choose another.'],
	own_proposal: [403, 'Nobody decides about what they proposed themselves. Another security administrator has to.'],
	own_grant: [403, 'Nobody decides about their own account or grants. Another administrator has to.'],
	no_right: [403, 'Your roles do not include this. Ask an administrator for a grant.'],
	not_yours_to_propose: [
		403,
		'You may not propose this role or this scope. Choose another, or ask a system administrator.'
	],
	forbidden_pair: [
		409,
		'System administrator, security administrator and auditor are never one person. Choose somebody else.'
	],
	last_administrator: [409, 'This is the last one who can do this work. Give somebody else the role first.'],
	sample_person: [409, 'This is a sample person of the demo city, who is not changed.']
};

export const badField = (field: string, code: FieldCode): AccountProblem =>
	new AccountProblem('bad_request', { fields: { [field]: code } });

/** A door whose refusals are thrown as `AccountProblem`; anything else thrown is a fault of ours. */
export function answering(route: Route): Route {
	return async (request, response, url, caller) => {
		try {
			await route(request, response, url, caller);
		} catch (error) {
			if (!(error instanceof AccountProblem)) throw error;
			sendAccountProblem(response, error);
		}
	};
}

function sendAccountProblem(response: ServerResponse, { status, code, message, more }: AccountProblem): void {
	if (more.retryAfterSeconds !== undefined) response.setHeader('retry-after', more.retryAfterSeconds);
	const problem: Problem = { code, message, ...more };
	sendJson(response, status, problem);
}
