/**
 * What the doors of people ask and answer, as JSON. Times are ISO texts in UTC, or null. A refusal is a `Problem` with the
 * status named at its door; every door may also answer 401 and 403 of its rule (server/access/rule.ts).
 */
import type { Role, ServiceLine, GrantState, PersonState } from '#domain/role.ts';
import type { PasswordProblem } from '#domain/password.ts';
import type { Need } from '#server/access/caller.ts';

type Iso = string;

/** Every refusal. `fields` names what is wrong beside which field of the form. */
export interface Problem {
	readonly code: ProblemCode;
	readonly message: string;
	readonly fields?: { readonly [field: string]: FieldCode };
	/** with `locked` and `too_many_tries`: whole seconds until the next try is taken (also as `Retry-After`) */
	readonly retryAfterSeconds?: number;
}

export type ProblemCode =
	/** 400: the body is no JSON object, or not the form of this door; `fields` says which */
	| 'bad_request'
	/** 401: name or password is wrong; the same for unknown, disabled and expired accounts */
	| 'sign_in_failed'
	/** 403: the code of the second factor (or a recovery code) is wrong or was used before */
	| 'wrong_code'
	/** 403: the present password is not right (change of password, start of a second factor); `fields.password` */
	| 'wrong_password'
	/** 403: as the rules of doors say it: something else has to be done first */
	| 'second_factor_needed'
	| 'new_password_needed'
	/** 423: five failures within 15 minutes; `retryAfterSeconds` */
	| 'locked'
	/** 429: too many tries from this address; `retryAfterSeconds` */
	| 'too_many_tries'
	/** 404, 410, 410: the one-time link */
	| 'link_unknown'
	| 'link_used'
	| 'link_expired'
	/** 409: there is one already / there is none / the roles ask for one, so it cannot go without another person's reset */
	| 'second_factor_present'
	| 'second_factor_absent'
	/** 404 */
	| 'unknown_person'
	| 'unknown_grant'
	| 'unknown_session'
	| 'not_here'
	/** 409: another state than the one that this change needs: somebody else was faster, or it was done already */
	| 'wrong_state'
	/** 409: `user_name` was given before (also to somebody who is gone) or the external name belongs to somebody */
	| 'taken'
	/** 403: nobody decides what they proposed, nor about themselves */
	| 'own_proposal'
	| 'own_grant'
	/** 403: as the rules of doors say it */
	| 'no_right'
	/** 403: outside of what this person may propose */
	| 'not_yours_to_propose'
	/** 409: the three administrators are never one person */
	| 'forbidden_pair'
	/** 403: somebody else who is, or is to be, one of the three administrators: no key of theirs is given here */
	| 'separate_administrator'
	/** 409: who becomes one of the three administrators has signed in before; the link is made while it waits */
	| 'not_activated'
	/** 409: the last active security administrator, system administrator or auditor */
	| 'last_administrator'
	/** 409: a sample person of the demo city is not changed */
	| 'sample_person';

export type FieldCode =
	| PasswordProblem
	| 'missing'
	/** user name: 2 to 32 of a-z, 0-9, dot, hyphen, underscore · display name: 1 to 60 characters · a time: ISO, in the future */
	| 'bad_form'
	| 'taken'
	/** the new password is the present one, or one of the last five: see `used_before` of PasswordProblem */
	| 'wrong'
	/** a scope that the registry does not know */
	| 'unknown_scope'
	/** the role works in the whole city only (`city`), or in one station only (`station:…`) */
	| 'needs_city'
	| 'needs_station'
	| 'in_the_past';

// ── Sessions ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** POST /api/session · 200 SignedIn · 400, 401 sign_in_failed, 423 locked, 429 too_many_tries */
export interface SignInRequest {
	readonly userName: string;
	readonly password: string;
	/** a path of this site to go to afterwards; anything else is taken as `/` */
	readonly next?: string;
}

/** The answer of every door that opens or raises a session; the cookie comes with it. */
export interface SignedIn {
	/** what has to be done before anything else is open; null = nothing */
	readonly need: Need | null;
	/** path of this site */
	readonly next: string;
}

/** POST /api/session/second-factor · 200 SignedIn · 400, 403 wrong_code, 423 locked, 409 wrong_state (none is asked for) */
export interface SecondFactorRequest {
	/** six digits, or a recovery code (`xxxxx-xxxxx`); blanks and hyphens do not matter */
	readonly code: string;
	readonly next?: string;
}

/** POST /api/session/end (no body) · 200 {} also when there was no session. DELETE /api/session does the same. */

/** GET /api/session · 200 always */
export interface SessionAnswer {
	/** null = not signed in (a wall screen included) */
	readonly person: {
		readonly id: string;
		readonly userName: string;
		readonly displayName: string;
		readonly isSample: boolean;
	} | null;
	readonly need: Need | null;
	readonly roles: readonly Role[];
	readonly grants: readonly {
		readonly role: Role;
		readonly scope: string;
		readonly scopeName: string | null;
		readonly lines: readonly ServiceLine[] | null;
	}[];
	/** the session ends then if no hand moves / whatever is done; null without a session */
	readonly idleAt: Iso | null;
	readonly endsAt: Iso | null;
	/** the server's clock, to count from */
	readonly now: Iso;
	/** ways to sign in here */
	readonly methods: {
		readonly password: true;
		/** the federation's own sign-in: a link to /api/session/oidc/start?next=… with this label; null = none */
		readonly oidc: { readonly label: string } | null;
		/** demo city: GET /api/session/sample lists people to sign in as */
		readonly sample: boolean;
	};
}

/** POST /api/session/activity (no body): a hand moved; at most one a minute is needed · 200 */
export interface ActivityAnswer {
	readonly idleAt: Iso;
	readonly endsAt: Iso;
}

/** GET /api/session/sample · 200 · 404 not_here outside of the demo city */
export interface SampleList {
	readonly people: readonly {
		readonly userName: string;
		readonly displayName: string;
		readonly roles: readonly Role[];
		readonly scope: string;
		readonly scopeName: string | null;
	}[];
}

/** POST /api/session/sample · 200 SignedIn · 404 not_here, unknown_person */
export interface SampleRequest {
	readonly userName: string;
	readonly next?: string;
}

/**
 * GET /api/session/oidc/start?next=/path · 302 to the provider, or to /sign-in?problem=oidc_unavailable; 404 not_here.
 * GET /api/session/oidc/callback · 302 to `next` (with a session), to /sign-in?next=… (a need is left: ask GET /api/session), or to
 * /sign-in?problem=oidc_unknown (no such person here), oidc_refused (the provider said no), oidc_failed (state, code or
 * token was not right), oidc_unavailable, too_many_tries.
 */
export type OidcProblem = 'oidc_unknown' | 'oidc_refused' | 'oidc_failed' | 'oidc_unavailable';

// ── One-time links ──────────────────────────────────────────────────────────────────────────────────────────────────

/** POST /api/link/view: what a link is for; using it up is another door · 200 LinkView · 404, 410, 429 */
export interface LinkViewRequest {
	readonly token: string;
}
export interface LinkView {
	readonly kind: 'set_password' | 'first_administrator';
	/** null = the first administrator, who chooses it */
	readonly userName: string | null;
	readonly displayName: string | null;
	readonly expiresAt: Iso;
}

/** POST /api/link · 200 LinkUsed · 400 with fields · 404, 410 · 409 taken · 429. Signs in: the cookie comes with it. */
export type LinkRequest =
	| { readonly token: string; readonly password: string }
	| {
			readonly token: string;
			readonly password: string;
			readonly userName: string;
			readonly displayName: string;
			/** fields of a refusal: `securityAdmin.userName`, `auditor.displayName`, … */
			readonly securityAdmin: { readonly userName: string; readonly displayName: string };
			readonly auditor: { readonly userName: string; readonly displayName: string };
	  };
export interface LinkUsed extends SignedIn {
	/** links of the two other administrators, shown this once; empty for `set_password` */
	readonly links: readonly MadeLink[];
}
export interface MadeLink {
	readonly userName: string;
	readonly displayName: string;
	readonly role: Role | null;
	/** the path `/link/TOKEN`: put the address of this site before it */
	readonly path: string;
	readonly expiresAt: Iso;
}

// ── Own profile ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** GET /api/profile · 200 */
export interface Profile {
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly isSample: boolean;
	readonly hasPassword: boolean;
	readonly passwordSetAt: Iso | null;
	/** when the present password has to be replaced */
	readonly passwordEndsAt: Iso | null;
	readonly hasSecondFactor: boolean;
	/** the roles ask for one */
	readonly needsSecondFactor: boolean;
	readonly recoveryCodesLeft: number;
	/** null = not known to the federation's own sign-in */
	readonly externalName: string | null;
	readonly lastSignInAt: Iso | null;
	readonly expiresAt: Iso | null;
	readonly grants: readonly GrantRow[];
}

/** GET /api/profile/sessions · 200; open sessions, newest first */
export interface SessionList {
	readonly sessions: readonly SessionRow[];
}
export interface SessionRow {
	readonly id: string;
	readonly isThis: boolean;
	readonly method: 'password' | 'oidc' | 'sample';
	readonly createdAt: Iso;
	readonly activeAt: Iso;
	readonly endsAt: Iso;
	readonly address: string;
	readonly userAgent: string;
}

/** POST /api/profile/sessions/end: one of one's own, or all but this · 200 · 404 unknown_session */
export type EndSessionsRequest = { readonly id: string } | { readonly allOthers: true };
export interface EndedSessions {
	readonly ended: number;
}

/** POST /api/profile/password · 200 SignedIn (other sessions end) · 400 fields, 403 wrong_password, 423 locked */
export interface PasswordRequest {
	/** the present one; not asked of somebody who has none */
	readonly password?: string;
	readonly newPassword: string;
}

/** POST /api/profile/second-factor/start · 200 · 403 wrong_password, 409 second_factor_present, 423 */
export interface FactorStartRequest {
	/** the present password, unless the session needs the factor (`need: 'enrol_second_factor'`) or there is no password */
	readonly password?: string;
}
export interface FactorStart {
	/** Base32, in groups of four for typing */
	readonly secret: string;
	/** otpauth://totp/… */
	readonly uri: string;
	/** the code as one SVG path: <svg viewBox="0 0 size size"><path d=path/></svg>, dark squares, quiet zone included */
	readonly qr: { readonly path: string; readonly size: number };
}

/** POST /api/profile/second-factor/confirm · 200 · 403 wrong_code, 409 second_factor_absent (start first) | second_factor_present */
export interface FactorConfirmRequest {
	readonly code: string;
}
export interface FactorConfirmed extends SignedIn {
	/** ten, shown this once */
	readonly recoveryCodes: readonly string[];
}

/** POST /api/profile/second-factor/remove: takes it away, to set up another · 200 SignedIn (need: 'enrol_second_factor' where roles ask for it) · 403 wrong_code, 409 second_factor_absent, 423 */
export interface FactorRemoveRequest {
	/** a code of the factor, or a recovery code */
	readonly code: string;
}

// ── People (system administrators write; security administrators and auditors read) ─────────────────────────────────

/** GET /api/people?q=&state= (both optional) · 200 */
export interface PeopleList {
	readonly people: readonly PersonRow[];
	/** what this caller may do here */
	readonly may: { readonly write: boolean; readonly propose: boolean; readonly decide: boolean };
}
export interface PersonRow {
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly state: PersonState;
	readonly isSample: boolean;
	readonly hasPassword: boolean;
	readonly hasSecondFactor: boolean;
	readonly externalName: string | null;
	/** that name has signed in once and is bound to it */
	readonly isExternalBound: boolean;
	readonly lockedUntil: Iso | null;
	readonly expiresAt: Iso | null;
	readonly lastSignInAt: Iso | null;
	readonly createdAt: Iso;
	readonly createdBy: Who;
	/** open ones */
	readonly sessions: number;
	/** an unused link is out until then */
	readonly linkUntil: Iso | null;
	/** newest first; declined and withdrawn ones too */
	readonly grants: readonly GrantRow[];
}
/** Somebody as the pages name them: `operator`, `demo` and `setup` have no user name of their own. */
export interface Who {
	readonly id: string;
	readonly name: string;
}
export interface GrantRow {
	readonly id: number;
	readonly personId: string;
	readonly userName: string;
	readonly displayName: string;
	readonly role: Role;
	readonly scope: string;
	/** name of the area or site; null = the registry does not know it (any more) or the whole city */
	readonly scopeName: string | null;
	readonly lines: readonly ServiceLine[] | null;
	readonly state: GrantState;
	/** an active grant whose time is over */
	readonly isExpired: boolean;
	readonly reason: string | null;
	readonly proposedBy: Who;
	readonly proposedAt: Iso;
	readonly decidedBy: Who | null;
	readonly decidedAt: Iso | null;
	readonly expiresAt: Iso | null;
	/** this caller may approve or decline it / may withdraw it */
	readonly mayDecide: boolean;
	readonly mayWithdraw: boolean;
}

/** POST /api/people · 201 PersonMade · 400 fields, 409 taken (fields.userName or fields.externalName) */
export interface NewPersonRequest {
	readonly userName: string;
	readonly displayName: string;
	readonly externalName?: string | null;
	readonly expiresAt?: Iso | null;
	/** no link to set a password: signs in through OIDC only. Needs an external name. */
	readonly withoutPassword?: boolean;
}
export interface PersonMade {
	readonly person: PersonRow;
	/** shown this once; null with `withoutPassword` */
	readonly link: MadeLink | null;
}

/** POST /api/people/change · 200 { person } · 400, 403 separate_administrator (externalName), 404, 409 taken | last_administrator | sample_person | own_grant (nobody disables themselves) */
export interface ChangePersonRequest {
	readonly id: string;
	readonly displayName?: string;
	readonly externalName?: string | null;
	readonly expiresAt?: Iso | null;
	/** true: sessions end at once; false: the account works again (with its grants) */
	readonly isDisabled?: boolean;
	/** true: the lockout is lifted */
	readonly unlock?: true;
}
export interface PersonChanged {
	readonly person: PersonRow;
}

/** POST /api/people/link · 200 { link } · 403 separate_administrator, 404, 409 wrong_state (disabled), sample_person. Older links of the person are void. */
export interface NewLinkRequest {
	readonly id: string;
	/** the second factor and its recovery codes go too, when the link is used */
	readonly resetSecondFactor?: boolean;
}
export interface NewLink {
	readonly link: MadeLink;
}

/** GET /api/people/sessions?id= · 200 SessionList · 404. POST /api/people/sessions/end · 200 EndedSessions · 404 */
export interface EndPersonSessionsRequest {
	readonly id: string;
	/** one of them; absent = all */
	readonly sessionId?: string;
}

// ── Grants ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** GET /api/grants: for those who may propose (system and district administrators) · 200. In their scope only, and their own proposals. */
export interface GrantList {
	readonly grants: readonly GrantRow[];
	/** what this caller may propose, and within which scopes (`city` = anywhere) */
	readonly may: { readonly roles: readonly Role[]; readonly scopes: readonly string[] };
}

/**
 * POST /api/grants/propose · 201 { grant } · 400 fields (role, scope, lines, expiresAt, userName), 403 not_yours_to_propose,
 * 404 unknown_person, 409 forbidden_pair | sample_person | wrong_state (the same grant is there already, or the person is disabled)
 */
export interface ProposeRequest {
	/** by id, or by user name (district administrators have no list of people) */
	readonly personId?: string;
	readonly userName?: string;
	readonly role: Role;
	/** city | district:CODE | street:CODE | station:CODE */
	readonly scope: string;
	/** null or absent = all */
	readonly lines?: readonly ServiceLine[] | null;
	readonly reason?: string | null;
	readonly expiresAt?: Iso | null;
}
/** POST /api/grants/decide · 200 { grant } · 403 own_proposal | own_grant, 404, 409 wrong_state | forbidden_pair | not_activated */
export interface DecideRequest {
	readonly id: number;
	readonly isApproved: boolean;
	readonly reason?: string | null;
}
/** POST /api/grants/withdraw · 200 { grant } · 404, 409 wrong_state | last_administrator | sample_person */
export interface WithdrawRequest {
	readonly id: number;
	readonly reason?: string | null;
}
export interface GrantChanged {
	readonly grant: GrantRow;
}
