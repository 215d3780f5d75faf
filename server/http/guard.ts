/**
 * Who may change something at the desk (import, undo, resend). There are no people in the product yet, so only the
 * machine itself is trusted: a server that listens on loopback alone and is reached under a loopback name. A foreign
 * page in the same browser is kept out by `Origin`, and a foreign name that resolves to loopback by `Host`.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { sendProblem, type Route } from './route.ts';

export interface DeskProblem {
	readonly code: 'sign_in_needed' | 'origin_not_allowed';
	/** One sentence: why, and what to do */
	readonly message: string;
}

/** The refusal of a request, to be sent with 403; null = go on. */
export type DeskGuard = (request: Pick<IncomingMessage, 'headers'>) => DeskProblem | null;

export interface DeskGuardOptions {
	/** HOST: the address that the server listens on */
	readonly host: string;
	/** ORIGIN: the address that browsers use, when it differs from what the server sees; null = the same */
	readonly origin: string | null;
}

const SIGN_IN_NEEDED: DeskProblem = {
	code: 'sign_in_needed',
	message:
		'There is no sign-in yet, so changes are taken only on the machine itself. Listen on loopback (HOST=127.0.0.1, no ORIGIN of another machine) and open the page there, or use the command line.'
};
const ORIGIN_NOT_ALLOWED: DeskProblem = {
	code: 'origin_not_allowed',
	message:
		'The request comes from a page of another address. Open the page of this server itself, under localhost or 127.0.0.1.'
};

/** Headers that a proxy adds: what it passes on may come from anywhere. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

export function deskGuard({ host, origin }: DeskGuardOptions): DeskGuard {
	const isLocal = isLoopback(host) && (origin === null || isLoopback(new URL(origin).hostname));
	return ({ headers }) => {
		const own = URL.parse(`http://${headers.host ?? ''}`);
		if (!isLocal || PROXY_HEADERS.some((name) => headers[name] !== undefined)) return SIGN_IN_NEEDED;
		// A page of evil.example that lets its name point here would otherwise be its own, allowed, origin.
		if (!own || !isLoopback(own.hostname)) return ORIGIN_NOT_ALLOWED;
		return isOwnPage(headers, own.host, origin) ? null : ORIGIN_NOT_ALLOWED;
	};
}

/** A door behind the guard. */
export function guarded(guard: DeskGuard, route: Route): Route {
	return (request, response, url) => {
		const problem = guard(request);
		if (!problem) return route(request, response, url);
		// What a refused sender still has to say is not read.
		response.setHeader('connection', 'close');
		sendProblem(response, 403, problem.code, problem.message);
	};
}

/** Browsers send `Origin` with everything that changes something; programs do not, and run on this machine. */
function isOwnPage(headers: IncomingMessage['headers'], host: string, allowed: string | null): boolean {
	const site = headers['sec-fetch-site'];
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
	const { origin } = headers;
	if (origin === undefined) return true;
	return origin === allowed || URL.parse(origin)?.host === host;
}

/** 127.0.0.0/8, ::1 (with or without brackets) and localhost. */
function isLoopback(host: string): boolean {
	const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
	if (isIP(plain) === 4) return plain.startsWith('127.');
	return plain === '::1' || plain === '::ffff:127.0.0.1' || plain === 'localhost' || plain.endsWith('.localhost');
}
