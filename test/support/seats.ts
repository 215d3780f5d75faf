/** People and screens for tests that hold the database: made as a finished sign-in would leave them. */
import { randomUUID } from 'node:crypto';
import { grants, people, screens } from '#db/schema.ts';
import type { Role, ServiceLine } from '#domain/role.ts';
import { hashOf, newToken, SCREEN_TOKEN_PREFIX } from '#server/access/tokens.ts';
import type { Database } from '#server/store/query.ts';
import { openSession } from '#server/store/session-store.ts';

export interface Seat {
	readonly personId: string;
	readonly userName: string;
	readonly sessionId: string;
	/** what a request or a handshake sends */
	readonly headers: { readonly cookie: string };
}

export interface SeatOptions {
	readonly userName?: string;
	readonly lines?: readonly ServiceLine[];
	readonly hasTotp?: boolean;
	readonly hasSecondFactor?: boolean;
	readonly now?: number;
}

/** A person with these roles in a scope, signed in with both factors. */
export async function takeSeat(
	db: Database,
	roles: readonly Role[],
	scope: string,
	options: SeatOptions = {}
): Promise<Seat> {
	const now = options.now ?? Date.now();
	const personId = randomUUID();
	const userName = options.userName ?? `p-${personId.slice(0, 8)}`;
	await db.insert(people).values({
		...{ id: personId, userName, displayName: `Person ${userName}`, state: 'active', createdBy: 'test' },
		passwordSetAt: new Date(now),
		...(options.hasTotp !== false && { totpSecret: 'JBSWY3DPEHPK3PXP', totpConfirmedAt: new Date(now) })
	});
	for (const role of roles) {
		await db.insert(grants).values({
			...{ personId, role, scope, lines: options.lines ? [...options.lines] : null, state: 'active' },
			...{ proposedBy: 'test', proposedAt: new Date(now), decidedBy: 'test', decidedAt: new Date(now) }
		});
	}
	const { id, token } = await openSession(db, {
		...{ personId, method: 'password', hasSecondFactor: options.hasSecondFactor ?? true, at: now },
		...{ endsAt: now + 12 * 3_600_000, address: '127.0.0.1', userAgent: 'test' }
	});
	return { personId, userName, sessionId: id, headers: { cookie: `yizhan-session=${token}` } };
}

/** A paired screen; `token` is what its cookie, or a program's header, carries. */
export async function pairScreen(
	db: Database,
	scope: string,
	now = Date.now()
): Promise<{ id: number; token: string }> {
	const token = newToken(SCREEN_TOKEN_PREFIX);
	const [row] = await db
		.insert(screens)
		.values({
			...{ name: 'Test screen', tokenHash: hashOf(token), scope, layout: 'overview', pairedBy: 'test' },
			...{ pairedAt: new Date(now), expiresAt: new Date(now + 86_400_000) }
		})
		.returning({ id: screens.id });
	return { id: row!.id, token };
}
