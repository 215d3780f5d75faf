/** The first minute: one link, three administrators, two starts at once that make one of each. Times are ms. */
import { sql } from 'drizzle-orm';
import { grants, people } from '#db/schema.ts';
import { setPassword } from './credential-store.ts';
import { makeLink, useLink, voidLinks } from './link-store.ts';
import { insertPerson, type Tx } from './people-store.ts';
import { query, type Database } from './query.ts';

/** A new link for the first administrator, the old one void; null = there are people already. */
export async function makeFirstLink(db: Database, link: { at: number; expiresAt: number }): Promise<string | null> {
	return db.transaction(async (tx) => {
		await lockPeople(tx);
		if (await hasPeople(tx)) return null;
		return makeLink(tx, { kind: 'first_administrator', personId: null, createdBy: 'setup', ...link });
	});
}

export interface FirstPerson {
	readonly userName: string;
	readonly displayName: string;
	readonly role: 'system_admin' | 'security_admin' | 'auditor';
}

/**
 * The three administrators, with their grants in force, in one go; the first has a password, the others get links. null =
 * the link was not good any more, or somebody was faster.
 */
export async function makeFirstPeople(
	db: Database,
	input: { token: string; first: readonly FirstPerson[]; hash: string; at: number; linksUntil: number; keep: number }
): Promise<readonly (FirstPerson & { id: string; link: string | null })[] | null> {
	const { token, first, hash, at, linksUntil, keep } = input;
	return db.transaction(async (tx) => {
		await lockPeople(tx);
		if ((await hasPeople(tx)) || !(await useLink(tx, token, at))) return null;
		const made = [];
		for (const person of first) {
			const { role, ...names } = person;
			const id = await insertPerson(tx, { ...names, externalName: null, expiresAt: null, createdBy: 'setup', at });
			if (id === null) throw new Error('Two of the first people have one name.');
			const moment = new Date(at);
			const decided = { state: 'active', decidedBy: 'setup', decidedAt: moment } as const;
			await tx.insert(grants).values({
				personId: id,
				role,
				scope: 'city',
				lines: null,
				proposedBy: 'setup',
				proposedAt: moment,
				...decided
			});
			if (role === 'system_admin') await setPassword(tx, id, hash, at, keep);
			const link = { kind: 'set_password', personId: id, createdBy: 'setup', at, expiresAt: linksUntil } as const;
			made.push({ ...person, id, link: role === 'system_admin' ? null : await makeLink(tx, link) });
		}
		await voidLinks(tx, null);
		return made;
	});
}

/** Two starts at once stand in a row. */
async function lockPeople(tx: Tx): Promise<void> {
	await query(tx, sql`lock table people in share row exclusive mode`);
}

async function hasPeople(tx: Tx): Promise<boolean> {
	return (await tx.select({ id: people.id }).from(people).limit(1)).length > 0;
}
