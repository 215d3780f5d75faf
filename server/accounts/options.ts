/** What the doors of people need of the rest of the server, and what they share among themselves. */
import type { Access } from '#server/access/access.ts';
import type { Audit } from '#server/access/audit.ts';
import type { SessionPolicy } from '#server/access/policy.ts';
import { ViewLog } from '#server/access/view-log.ts';
import type { Database } from '#server/store/query.ts';
import { addressLimit, StrangerLockout, type AddressLimit } from './limits.ts';
import { Passwords } from './passwords.ts';

/** The federation's own sign-in. */
export interface OidcSettings {
	/** as the provider calls itself: https, or http on loopback */
	readonly issuer: string;
	readonly clientId: string;
	/** null = a public client */
	readonly clientSecret: string | null;
	/** what the button says */
	readonly label: string;
	/** the claim that holds a person's external name */
	readonly claim: string;
}

export interface AccountOptions {
	readonly db: Database;
	readonly access: Pick<Access, 'changed' | 'clientOf' | 'places'>;
	readonly audit: Audit;
	readonly policy: SessionPolicy;
	readonly now: () => number;
	/** Sample people may sign in. */
	readonly isDemoCity: boolean;
	/** ORIGIN; null = the address that a request names */
	readonly origin: string | null;
	readonly oidc: OidcSettings | null;
	/** A fault that is not the person's: a provider away, for example */
	readonly onError: (error: Error) => void;
	/** for tests: cheaper hashes, other limits */
	readonly passwords?: Passwords;
	readonly limit?: AddressLimit;
}

/** The options with everything in its place, made once. */
export interface Office extends AccountOptions {
	readonly passwords: Passwords;
	readonly limit: AddressLimit;
	readonly strangers: StrangerLockout;
	readonly looks: ViewLog;
}

export const openOffice = (options: AccountOptions): Office => ({
	passwords: new Passwords(),
	limit: addressLimit(),
	...options,
	strangers: new StrangerLockout(),
	looks: new ViewLog(options)
});
