/** All doors of people: signing in, one's own account, accounts of others, grants. */
import type { Routes } from '#server/http/route.ts';
import { grantRoutes } from './grants.ts';
import { linkRoutes } from './links.ts';
import { oidcRoutes } from './oidc-doors.ts';
import { openOffice, type AccountOptions } from './options.ts';
import { ownPasswordRoutes } from './own-password.ts';
import { peopleRoutes } from './people.ts';
import { answering } from './problem.ts';
import { profileRoutes } from './profile.ts';
import { sampleRoutes } from './samples.ts';
import { secondFactorRoutes } from './second-factor.ts';
import { sessionRoutes } from './session-doors.ts';
import { signInRoutes } from './sign-in.ts';

export type { AccountOptions } from './options.ts';

export function accountRoutes(options: AccountOptions): Routes {
	const office = openOffice(options);
	const doors: Routes = new Map([
		...signInRoutes(office),
		...sessionRoutes(office),
		...sampleRoutes(office),
		...secondFactorRoutes(office),
		...oidcRoutes(office),
		...linkRoutes(office),
		...profileRoutes(office),
		...ownPasswordRoutes(office),
		...peopleRoutes(office),
		...grantRoutes(office)
	]);
	return new Map(
		[...doors].map(([name, { rule, answer }]) => [name, { rule, answer: answering(office.audit, name, answer) }])
	);
}
