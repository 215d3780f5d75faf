/** One-time links: made, looked at, used once. Only a hash of the secret is kept. Times are ms. */
import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import { oneTimeLinks } from '#db/schema.ts';
import { hashOf, newToken } from '#server/access/tokens.ts';
import type { Database } from './query.ts';

/** `reset_factor` sets a password as well, and takes the second factor away when it is used, not before. */
export type LinkKind = 'first_administrator' | 'set_password' | 'reset_factor';

export interface NewLink {
	readonly kind: LinkKind;
	/** null = the first administrator, who has no account yet */
	readonly personId: string | null;
	readonly createdBy: string;
	readonly at: number;
	readonly expiresAt: number;
}

export interface LinkRecord {
	readonly kind: LinkKind;
	readonly personId: string | null;
	readonly expiresAt: number;
	readonly usedAt: number | null;
}

type Tx = Pick<Database, 'insert' | 'update' | 'delete' | 'select'>;

const sameOwner = (personId: string | null) =>
	personId === null ? isNull(oneTimeLinks.personId) : eq(oneTimeLinks.personId, personId);

/** The secret is readable here and never again. Unused links of the same person are void with it. */
export async function makeLink(tx: Tx, link: NewLink): Promise<string> {
	const token = newToken();
	await voidLinks(tx, link.personId);
	await tx.insert(oneTimeLinks).values({
		hash: hashOf(token),
		kind: link.kind,
		personId: link.personId,
		createdBy: link.createdBy,
		createdAt: new Date(link.at),
		expiresAt: new Date(link.expiresAt)
	});
	return token;
}

/** Unused links of a person (null: of the first administrator) stop to work. */
export async function voidLinks(tx: Tx, personId: string | null): Promise<void> {
	await tx.delete(oneTimeLinks).where(and(sameOwner(personId), isNull(oneTimeLinks.usedAt)));
}

/** null = there is no such link. */
export async function findLink(db: Tx, token: string): Promise<LinkRecord | null> {
	const [row] = await db
		.select()
		.from(oneTimeLinks)
		.where(eq(oneTimeLinks.hash, hashOf(token)));
	if (!row) return null;
	const { kind, personId } = row;
	return { kind, personId, expiresAt: row.expiresAt.getTime(), usedAt: row.usedAt?.getTime() ?? null };
}

/** What the link was for, if it was good until now; of several who try at once, one is told so. null = not good. */
export async function useLink(tx: Tx, token: string, at: number): Promise<LinkKind | null> {
	const rows = await tx
		.update(oneTimeLinks)
		.set({ usedAt: new Date(at) })
		.where(
			and(eq(oneTimeLinks.hash, hashOf(token)), isNull(oneTimeLinks.usedAt), gt(oneTimeLinks.expiresAt, new Date(at)))
		)
		.returning({ kind: oneTimeLinks.kind });
	return rows[0]?.kind ?? null;
}

/** Until when unused links are out; people without one are not in it. */
export async function openLinks(db: Tx, personIds: readonly string[], now: number): Promise<Map<string, number>> {
	if (personIds.length === 0) return new Map();
	const rows = await db
		.select({ personId: oneTimeLinks.personId, expiresAt: oneTimeLinks.expiresAt })
		.from(oneTimeLinks)
		.where(
			and(
				inArray(oneTimeLinks.personId, [...personIds]),
				isNull(oneTimeLinks.usedAt),
				gt(oneTimeLinks.expiresAt, new Date(now))
			)
		);
	return new Map(rows.map(({ personId, expiresAt }) => [personId ?? '', expiresAt.getTime()]));
}
