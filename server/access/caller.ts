/**
 * Who stands at a door: a person in a session, a wall screen, or nobody. Made by `Access` from what the request proves,
 * never from what it says of itself. Sources of events have keys of their own (server/ingest).
 */
import type { Grant } from '#domain/permission.ts';
import type { Role, ScreenLayout } from '#domain/role.ts';
import type { Scope } from '#domain/scope.ts';

/** What a person has to do before anything else is open to them. */
export type Need =
	/** the password was right; the code of the second factor is to come */
	| 'second_factor'
	/** a role asks for a second factor and there is none yet */
	| 'enrol_second_factor'
	/** the password is older than the rules allow */
	| 'new_password';

export interface PersonCaller {
	readonly kind: 'person';
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly sessionId: string;
	/** null = nothing: the grants count. Else they are empty until it is done. */
	readonly need: Need | null;
	readonly roles: readonly Role[];
	readonly grants: readonly Grant[];
	/** ms: when the session ends if no hand moves, and when it ends whatever is done */
	readonly idleAt: number;
	readonly endsAt: number;
	/** ms: when something of this ends by its date: the session, the account, a grant */
	readonly changesAt: number;
	/** a made-up person of the demo city */
	readonly isSample: boolean;
	readonly address: string;
}

export interface ScreenCaller {
	readonly kind: 'screen';
	/** number of the screen, as text */
	readonly id: string;
	readonly name: string;
	readonly scope: Scope;
	readonly layout: ScreenLayout;
	readonly grants: readonly Grant[];
	/** ms */
	readonly endsAt: number;
	readonly address: string;
}

export interface NobodyCaller {
	readonly kind: 'nobody';
	readonly grants: readonly [];
	readonly address: string;
	/** What was shown and is not worth anything (any more); null = nothing was shown */
	readonly lost: LostReason | null;
}

export type LostReason =
	/** no such token was ever given */
	| 'unknown'
	/** a screen that comes from an address not on its list */
	| 'address'
	| 'idle'
	| 'expired'
	| 'revoked'
	| 'disabled'
	| 'signed_out'
	| 'password_changed'
	| 'replaced';

export type Caller = PersonCaller | ScreenCaller | NobodyCaller;

/** Who did something, for the audit. */
export interface Actor {
	readonly kind: 'person' | 'screen' | 'source' | 'operator' | 'system' | 'nobody';
	readonly id: string | null;
	readonly name: string | null;
	/** where it came from; null = from inside */
	readonly address: string | null;
}

export const SYSTEM: Actor = { kind: 'system', id: null, name: null, address: null };
/** The command line: whoever may start programs on the machine. */
export const OPERATOR: Actor = { kind: 'operator', id: null, name: 'operator', address: null };

export function actorOf(caller: Caller): Actor {
	switch (caller.kind) {
		case 'person':
			return { kind: 'person', id: caller.id, name: caller.userName, address: caller.address };
		case 'screen':
			return { kind: 'screen', id: caller.id, name: caller.name, address: caller.address };
		case 'nobody':
			return { kind: 'nobody', id: null, name: null, address: caller.address };
	}
}
