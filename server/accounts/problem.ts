/** Refusals of the doors of people: a status, a code, a sentence that says what to do, and what is wrong beside which field. */
import type { ServerResponse } from 'node:http';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
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
	separate_administrator: [
		403,
		'System and security administrators and auditors do not hold the keys of each other. Links for those in office come from the command line; nobody else changes their external name.'
	],
	not_activated: [
		409,
		'This person has not signed in yet. Have the one-time link used first, and approve when you know who did.'
	],
	last_administrator: [409, 'This is the last one who can do this work. Give somebody else the role first.'],
	sample_person: [409, 'This is a sample person of the demo city, who is not changed.']
};

export const badField = (field: string, code: FieldCode): AccountProblem =>
	new AccountProblem('bad_request', { fields: { [field]: code } });

/**
 * A door whose refusals are thrown as `AccountProblem`; anything else thrown is a fault of ours. `name`: as it is
 * registered, such as `POST /api/people`.
 */
export function answering(audit: Audit, name: string, route: Route): Route {
	return async (request, response, url, caller) => {
		try {
			await route(request, response, url, caller);
		} catch (error) {
			if (!(error instanceof AccountProblem)) throw error;
			noteRefusal(audit, name, caller, error);
			sendAccountProblem(response, error);
		}
	};
}

const REFUSING_STATUS: readonly number[] = [403, 423, 429];
/** Refusals of other statuses: what may not be, and links that open nothing. */
const REFUSING: readonly ProblemCode[] = [
	'forbidden_pair',
	'last_administrator',
	'link_unknown',
	'link_used',
	'link_expired'
];
/** Recorded where they are judged, with whose they are. */
const RECORDED: readonly ProblemCode[] = ['wrong_code', 'wrong_password'];

/** Somebody wanted what they may not. A form that was filled in wrongly is nobody's business. */
export function noteRefusal(audit: Audit, name: string, caller: Caller, { status, code }: AccountProblem): void {
	if (RECORDED.includes(code) || !(REFUSING_STATUS.includes(status) || REFUSING.includes(code))) return;
	audit.refused({ actor: actorOf(caller), action: 'door.refused', object: name, detail: { code } });
}

function sendAccountProblem(response: ServerResponse, { status, code, message, more }: AccountProblem): void {
	if (more.retryAfterSeconds !== undefined) response.setHeader('retry-after', more.retryAfterSeconds);
	const problem: Problem = { code, message, ...more };
	sendJson(response, status, problem);
}
