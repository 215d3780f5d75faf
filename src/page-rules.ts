/**
 * Who may open which page. Every route has an entry, by the type of SvelteKit's own list of them: a new page without a rule
 * does not compile. The rule is asked on the server, before a page loads anything (hooks.server.ts).
 */
import type { RouteId } from '$app/types';
import type { ObjectName, Right } from '#domain/role.ts';

export type PageRule =
	/** anybody: the page itself says who one has to be */
	| 'everyone'
	/** a person who is signed in, also before a second factor or a new password */
	| 'person'
	| {
			readonly object: ObjectName;
			readonly right: Right;
			/** `own`: the page cuts itself to the scopes of who looks · else the area or station of the address */
			readonly scope: 'own' | 'district' | 'street' | 'station';
	  };

const own = (object: ObjectName, right: Right): PageRule => ({ object, right, scope: 'own' });

export const PAGE_RULES: Readonly<Record<RouteId, PageRule>> = {
	'/': 'everyone',
	'/refused': 'everyone',
	'/sign-in': 'everyone',
	'/link': 'everyone',
	'/link/[token]': 'everyone',
	// Without a session or a screen's token it shows a pairing code and nothing else.
	'/wall': 'everyone',
	'/profile': 'person',
	'/map': own('station', 'read'),
	'/districts': own('figures', 'read'),
	'/districts/[code]': { object: 'figures', right: 'read', scope: 'district' },
	'/streets': 'everyone',
	'/streets/[code]': { object: 'figures', right: 'read', scope: 'street' },
	'/stations': 'everyone',
	'/stations/[code]': { object: 'station', right: 'read', scope: 'station' },
	'/data': own('intake', 'see'),
	'/data/quality': own('intake', 'see'),
	'/data/import': own('station', 'write'),
	'/shell': 'person',
	'/admin': 'person',
	'/admin/people': own('person', 'read'),
	'/admin/people/[id]': own('person', 'read'),
	// Who proposes without a list of people: the administrators of districts.
	'/admin/grants': own('person', 'propose'),
	'/admin/screens': own('screen', 'read'),
	'/admin/sources': own('source', 'read'),
	'/admin/audit': own('audit', 'read')
};
