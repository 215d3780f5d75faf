/** Who looks at the pages, as far as the pages need to know; the server made it (src/page-session.ts) and decides by it. */
import type { Grant } from '#domain/permission.ts';
import type { Role, ScreenLayout } from '#domain/role.ts';

export interface PersonSession {
	readonly kind: 'person';
	readonly id: string;
	readonly userName: string;
	readonly displayName: string;
	readonly roles: readonly Role[];
	readonly grants: readonly Grant[];
	/** the widest scope whose figures they may see, in the words of scopes; null = none */
	readonly home: string | null;
	/** all of these, the widest first */
	readonly scopes: readonly string[];
	readonly need: 'second_factor' | 'enrol_second_factor' | 'new_password' | null;
	/** ms: when it ends if no hand moves, and whatever is done */
	readonly idleAt: number;
	readonly endsAt: number;
	readonly isSample: boolean;
}

export interface ScreenSession {
	readonly kind: 'screen';
	readonly id: string;
	readonly name: string;
	readonly grants: readonly Grant[];
	readonly home: string;
	readonly scopes: readonly string[];
	readonly layout: ScreenLayout;
}

/** null = nobody */
export type Session = PersonSession | ScreenSession | null;
