/** Puts the parts of access together: the audit, who asks, and the channel on which processes tell each other of changes. */
import type { Places } from '#domain/scope.ts';
import type { Config } from '#server/config.ts';
import { headText } from '#server/audit/verify.ts';
import { auditHead } from '#server/store/audit-store.ts';
import type { Database } from '#server/store/query.ts';
import { findScreen } from '#server/store/screen-store.ts';
import { endSession, findSession, touchSession } from '#server/store/session-store.ts';
import type { Redis } from '#server/stream/redis-link.ts';
import { Access, ACCESS_CHANNEL } from './access.ts';
import { openAudit, type OpenAudit } from './audit-log.ts';
import { SYSTEM } from './caller.ts';
import { clientOf, proxyTrust } from './client-address.ts';
import type { SessionPolicy } from './policy.ts';

export interface AccessParts {
	readonly access: Access;
	readonly audit: OpenAudit;
	close(): Promise<void>;
}

export interface OpenAccessOptions {
	readonly config: Config;
	readonly db: Database;
	readonly redis: Redis;
	/** a connection of its own: one that listens can do nothing else */
	readonly openListener: () => Promise<Redis>;
	readonly places: Places;
	readonly now: () => number;
	readonly onError: (error: Error) => void;
	/** Where the chain of the audit ends, from time to time: a log that is kept elsewhere tells when all of it was made anew. */
	readonly onAuditHead: (head: string) => void;
}

const HEAD_EVERY_MS = 3_600_000;

export function policyOf(config: Config): SessionPolicy {
	return {
		idleMs: config.idleMinutes * 60_000,
		dutyIdleMs: config.dutyIdleMinutes * 60_000,
		sessionMs: config.sessionHours * 3_600_000,
		passwordMaxAgeMs: config.passwordMaxDays * 86_400_000
	};
}

export async function openAccess(options: OpenAccessOptions): Promise<AccessParts> {
	const { config, db, redis, places, now, onError, onAuditHead } = options;
	const trust = proxyTrust(config.trustedProxies, config.origin);
	const audit = openAudit({ db, now, onError });
	const access = new Access({
		findSession: (hash, at) => findSession(db, hash, at),
		findScreen: (hash) => findScreen(db, hash),
		async endSession(id, reason) {
			const isFirst = await endSession(db, id, reason, now());
			const entry = { actor: SYSTEM, action: 'session.ended', object: `session:${id}`, result: 'ok' } as const;
			if (isFirst) await audit.record({ ...entry, detail: { reason } });
		},
		touchSession: (id, at) => touchSession(db, id, at),
		policy: policyOf(config),
		places,
		clientOf: (asking) => clientOf(asking, trust),
		redis,
		now,
		onError
	});
	const tellHead = async (): Promise<void> => onAuditHead(headText(await auditHead(db)));
	await tellHead();
	const heads = setInterval(() => void tellHead().catch(onError), HEAD_EVERY_MS);
	heads.unref();
	const listener = await options.openListener();
	await listener.subscribe(ACCESS_CHANNEL, (message) => access.heard(message));
	return {
		access,
		audit,
		async close() {
			listener.destroy();
			clearInterval(heads);
			await audit.close();
			await tellHead().catch(onError);
		}
	};
}
