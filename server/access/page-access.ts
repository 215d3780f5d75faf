/** What the pages' bundle may ask about who looks: the part of `PageServices` (src/app.d.ts) that access answers. */
import type { Access, Asking } from './access.ts';
import type { Audit } from './audit.ts';
import { actorOf, type Caller } from './caller.ts';

export function pageAccess(access: Access, audit: Audit) {
	return {
		callerOf: (request: Asking) => access.callerOf(request),
		places: access.places,
		pageRefused(caller: Caller, path: string, scope: string | null, code: string): void {
			// Somebody who opens the product to sign in was refused nothing; who shows a session that is over, was.
			if (caller.kind === 'nobody' && caller.lost === null) return;
			const object = `page ${path.slice(0, 200)}`;
			audit.refused({ actor: actorOf(caller), action: 'page.refused', object, scope, detail: { code } });
		}
	};
}
