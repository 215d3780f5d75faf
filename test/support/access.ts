/** Who asks, as tests need it: one caller for everybody, who can be changed, and what was refused to them. */
import type { Places } from '#domain/scope.ts';
import type { Change } from '#server/access/access.ts';
import type { AuditEntry } from '#server/access/audit.ts';
import type { Caller } from '#server/access/caller.ts';
import type { DoorkeeperOptions } from '#server/push/doorkeeper.ts';
import { EVERYTHING } from './doors.ts';

/** A registry that knows nothing: whoever has the city has all of it. */
export const NO_PLACES: Places = { districtOfStreet: () => null, site: () => null };

export interface TestAccess {
	/** for `LiveServerOptions` */
	readonly options: Pick<DoorkeeperOptions, 'access' | 'audit' | 'onError'>;
	/** what was audited as refused */
	readonly refused: Omit<AuditEntry, 'result'>[];
	/** From now on whoever asks is this caller, or what the token says; who is connected is told of a change. */
	/** Who asks from now on is told who they are, and hears it only once the answer to this is called. */
	hold(): () => void;
	become(next: Caller | ((token: string | undefined) => Caller), change?: Change): void;
}

export function testAccess(caller: Caller = EVERYTHING, places: Places = NO_PLACES): TestAccess {
	let held: Promise<unknown> = Promise.resolve();
	let who: (token: string | undefined) => Caller = () => caller;
	const listeners = new Set<(change: Change) => void>();
	const refused: Omit<AuditEntry, 'result'>[] = [];
	return {
		refused,
		options: {
			access: {
				places,
				async callerOf(_, token) {
					const caller = who(token);
					await held;
					return caller;
				},
				clientOf: ({ headers }) => ({ address: '127.0.0.1', isHttps: false, host: headers.host ?? null }),
				onChange(listener) {
					listeners.add(listener);
					return () => listeners.delete(listener);
				}
			},
			audit: { refused: (entry) => void refused.push(entry) },
			onError: (error) => process.emitWarning(error)
		},
		hold() {
			const { promise, resolve } = Promise.withResolvers<undefined>();
			held = promise;
			return () => {
				held = Promise.resolve();
				resolve(undefined);
			};
		},
		become(next, change) {
			who = typeof next === 'function' ? next : () => next;
			if (change) for (const listener of listeners) listener(change);
		}
	};
}
