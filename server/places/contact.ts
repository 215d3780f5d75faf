/**
 * `GET /api/stations/contact?code=`: how a station and its keeper are reached. Apart from the registry, because not
 * everybody who may read a station may read this, and because every look at it is recorded [PE22].
 */
import type { Audit } from '#server/access/audit.ts';
import { actorOf } from '#server/access/caller.ts';
import { ableAnywhere, verdictOf } from '#server/access/rule.ts';
import { ViewLog } from '#server/access/view-log.ts';
import { isPlainText } from '#domain/plain-text.ts';
import type { Places } from '#domain/scope.ts';
import { sendJson, sendProblem, type Door } from '#server/http/route.ts';
import { findContact } from '#server/store/registry-read.ts';
import type { Database } from '#server/store/query.ts';

/** What the door answers. */
export interface StationContact {
	readonly code: string;
	/** an office's; null = the registry has none */
	readonly phone: string | null;
	/** an office or a post, never a name */
	readonly keeperRole: string | null;
}

export interface ContactOptions {
	readonly db: Database;
	readonly audit: Audit;
	readonly places: Places;
	/** ms since 1970 */
	readonly now: () => number;
}

const NAME = 'GET /api/stations/contact';
const MAX_CODE = 100;

export function contactDoor({ db, audit, places, now }: ContactOptions): readonly [name: string, door: Door] {
	const looks = new ViewLog({ audit, now });
	return [
		NAME,
		{
			rule: ableAnywhere('contact', 'read'),
			async answer(_, response, url, caller) {
				const [code = '', ...others] = url.searchParams.getAll('code');
				if (code === '' || code.length > MAX_CODE || others.length > 0)
					return sendProblem(response, 400, 'bad_query', 'Use code: the code of one station.');
				const scope = { level: 'station', code } as const;
				// The rule asked whether it is had at all; where is in the code.
				const verdict = verdictOf(caller, { object: 'contact', right: 'read', scope }, places);
				const name = `station:${code}`;
				if (!verdict.isAllowed) {
					const detail = { code: verdict.code };
					audit.refused({ actor: actorOf(caller), action: 'door.refused', object: NAME, scope: name, detail });
					return sendProblem(response, verdict.status, verdict.code, verdict.message);
				}
				// What no registry can hold is not looked for.
				const contact = isPlainText(code) ? await findContact(db, code) : null;
				if (!contact) return sendProblem(response, 404, 'unknown_scope', 'The registry has no station of this code.');
				await looks.viewed(caller, { action: 'contact.viewed', object: name, scope: name });
				sendJson(response, 200, { code, ...contact } satisfies StationContact);
			}
		}
	];
}
