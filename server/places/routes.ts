/**
 * `GET /api/registry…`, `GET /api/places` and `GET /api/stations/contact`: the registry for search, station cards, the data
 * page and the choice of scopes.
 */
import { scopesFor } from '#domain/permission.ts';
import { formatScope, parseScope, type Scope } from '#domain/scope.ts';
import { ableAnywhere, ableInScope } from '#server/access/rule.ts';
import { sendPrepared, type Prepared } from '#server/http/prepared.ts';
import { sendProblem, type Route, type Routes } from '#server/http/route.ts';
import { loadReadSites } from '#server/store/registry-read.ts';
import { loadAreas, registryRevision } from '#server/store/registry-store.ts';
import { contactDoor, type ContactOptions } from './contact.ts';
import { RegistryShelf } from './list.ts';

/** `?scope=` city when absent. */
export function placesRoutes(options: ContactOptions): Routes {
	const { db, places } = options;
	const shelf = new RegistryShelf({
		revision: () => registryRevision(db),
		load: async () => ({ sites: await loadReadSites(db), areas: await loadAreas(db) })
	});
	const door =
		(answer: (scope: Scope, name: string) => Promise<Prepared | null>): Route =>
		async (request, response, url) => {
			const scope = parseScope(url.searchParams.get('scope') ?? 'city');
			if (!scope) {
				const message = 'Use scope=city, district:CODE, street:CODE or station:CODE.';
				return sendProblem(response, 400, 'bad_query', message);
			}
			const prepared = await answer(scope, formatScope(scope));
			if (prepared) return sendPrepared(request, response, prepared);
			sendProblem(response, 404, 'unknown_scope', 'Nothing of the registry lies in this scope.');
		};
	const sendNames: Route = async (request, response, _, caller) => {
		const scopes = scopesFor(caller.grants, { object: 'person', right: 'propose' }, places);
		sendPrepared(request, response, await shelf.names(scopes));
	};
	const rule = ableInScope('station', 'read');
	return new Map([
		['GET /api/registry', { rule, answer: door((scope, name) => shelf.list(scope, name)) }],
		['GET /api/registry/problems', { rule, answer: door((scope, name) => shelf.problems(scope, name)) }],
		['GET /api/places', { rule: ableAnywhere('person', 'propose'), answer: sendNames }],
		contactDoor(options)
	]);
}
