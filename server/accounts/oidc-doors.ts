/**
 * The federation's own sign-in (OpenID Connect, authorization code with PKCE, state and nonce). What the browser has to bring
 * back is in a cookie of ten minutes, signed, that one answer of the provider uses up. Who is not in our table stays out [PP].
 */
import type { ServerResponse } from 'node:http';
import { clearCookie, readCookie, setCookie } from '#server/access/cookies.ts';
import { everyone } from '#server/access/rule.ts';
import type { Door, Routes } from '#server/http/route.ts';
import { bindSubject, activate, personBySubject, type PersonRecord } from '#server/store/people-store.ts';
import { isPlainText, localPath } from './body.ts';
import { FLOW_MS, FlowSeal } from './oidc-flow.ts';
import { OidcProvider, OidcRefusal, type Identity } from './oidc-provider.ts';
import type { Office, OidcSettings } from './options.ts';
import { AccountProblem, noteRefusal } from './problem.ts';
import { maySignIn } from './sign-in.ts';
import { enterAs, objectOf, type Visit } from './visit.ts';

const FLOW_COOKIE = 'yizhan-oidc';
const CALLBACK = '/api/session/oidc/callback';

export function oidcRoutes(office: Office): Routes {
	const desk = office.oidc === null ? null : openDesk(office, office.oidc);
	return new Map([
		['GET /api/session/oidc/start', going(office, desk, start)],
		[`GET ${CALLBACK}`, going(office, desk, finish)]
	]);
}

interface OidcDesk {
	readonly provider: OidcProvider;
	readonly seal: FlowSeal;
}

const openDesk = ({ now }: Office, settings: OidcSettings): OidcDesk => ({
	provider: new OidcProvider(settings, now),
	seal: new FlowSeal(settings.clientSecret)
});

/** A door that answers with another address: a browser stands there, not a program. */
function going(
	office: Office,
	desk: OidcDesk | null,
	work: (office: Office, desk: OidcDesk, visit: Visit) => Promise<string>
): Door {
	const rule = everyone('who signs in elsewhere has no session yet');
	return {
		rule,
		async answer(request, response, url, caller) {
			if (!desk) throw new AccountProblem('not_here');
			const visit = { request, response, url, caller };
			redirect(response, await work(office, desk, visit).catch((error) => signInAgain(office, visit, error)));
		}
	};
}

/** Back to the page of sign-in with what went wrong; faults of ours are thrown on. */
function signInAgain({ onError, audit }: Office, { url, caller }: Visit, error: unknown): string {
	if (error instanceof AccountProblem) {
		noteRefusal(audit, `GET ${url.pathname}`, caller, error);
		// A browser stands there: it is shown a page, not a problem.
		return `/sign-in?problem=${error.code}`;
	}
	if (!(error instanceof OidcRefusal)) throw error;
	onError(error);
	return `/sign-in?problem=${error.problem}`;
}

function redirect(response: ServerResponse, to: string): void {
	response.writeHead(302, { location: to, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
	response.end();
}

async function start(office: Office, { provider, seal }: OidcDesk, visit: Visit): Promise<string> {
	const next = localPath(visit.url.searchParams.get('next'));
	const { to, ...flow } = await provider.begin(addressOf(office, visit) + CALLBACK);
	const value = seal.close({ ...flow, next, startedAt: office.now() });
	setCookie(visit.response, {
		name: FLOW_COOKIE,
		value,
		isSecure: isSecure(office, visit),
		maxAgeSeconds: FLOW_MS / 1000
	});
	return to.href;
}

async function finish(office: Office, { provider, seal }: OidcDesk, visit: Visit): Promise<string> {
	await office.limit.take(visit.caller.address);
	const flow = seal.open(readCookie(visit.request, FLOW_COOKIE, isSecure(office, visit)), office.now());
	// Used up, whatever comes of it.
	clearCookie(visit.response, FLOW_COOKIE, isSecure(office, visit));
	if (!flow) {
		refuse(office, visit, 'no_flow', null);
		throw new OidcRefusal('oidc_failed', new Error('The browser brought no sign-in that was begun here.'));
	}
	const identity = await identify(office, provider, visit, flow);
	const person = await personOf(office, identity);
	if (!person || !maySignIn(person, office.now())) {
		refuse(office, visit, person ? 'not_active' : 'unknown', person);
		const message = `Nobody here is ${identity.externalName ?? 'without a name'} to the provider, or may sign in.`;
		throw new OidcRefusal('oidc_unknown', new Error(message));
	}
	await office.limit.giveBack(visit.caller.address);
	const { need } = await enterAs(office, visit, person, { method: 'oidc', hasSecondFactor: false, next: flow.next });
	return need === null ? flow.next : `/sign-in?next=${encodeURIComponent(flow.next)}`;
}

async function identify(
	office: Office,
	provider: OidcProvider,
	visit: Visit,
	flow: Parameters<OidcProvider['finish']>[1]
): Promise<Identity> {
	const address = new URL(addressOf(office, visit) + CALLBACK);
	address.search = visit.url.search;
	try {
		return await provider.finish(address, flow);
	} catch (error) {
		refuse(office, visit, error instanceof OidcRefusal ? error.problem : 'failed', null);
		throw error;
	}
}

/** By the subject that was bound before; else whoever waits under the external name, who is bound now. */
async function personOf({ db }: Office, { subject, externalName }: Identity): Promise<PersonRecord | null> {
	if (!isPlainText(subject + (externalName ?? ''))) return null;
	const known = await personBySubject(db, subject);
	if (known) return known;
	const bound = externalName === null ? null : await bindSubject(db, externalName, subject);
	if (bound?.state !== 'invited') return bound;
	await activate(db, bound.id);
	return personBySubject(db, subject);
}

function refuse({ audit }: Office, { caller }: Visit, reason: string, person: PersonRecord | null): void {
	audit.refused({
		actor: { kind: 'nobody', id: null, name: null, address: caller.address },
		action: 'session.refused',
		object: person ? objectOf(person) : null,
		detail: { method: 'oidc', reason }
	});
}

const isSecure = ({ access }: Office, { request }: Visit): boolean => access.clientOf(request).isHttps;

/** The address of this site as the browser knows it. */
function addressOf({ access, origin }: Office, { request }: Visit): string {
	const { isHttps, host } = access.clientOf(request);
	return origin ?? `${isHttps ? 'https' : 'http'}://${host ?? 'localhost'}`;
}
