/**
 * Taking an import back: every site gets the image it had before, in one transaction. Nothing that happened since is lost:
 * a site that was changed again stands in the way and is named, and a site that has history stays, closed.
 */
import { and, asc, eq, gt, inArray, isNull, ne, sql } from 'drizzle-orm';
import { isDeepStrictEqual } from 'node:util';
import { importChanges, imports, sites } from '#db/schema.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import { batches, bumpRevision, insertChanges, insertImport, updateSites, type Transaction } from './import-store.ts';
import { query, type Database } from './query.ts';

export interface UndoBlock {
	readonly code: string;
	readonly name: string;
	/** The later import that changed the site; null when something else did */
	readonly importId: number | null;
}

export type UndoResult =
	| {
			readonly ok: true;
			/** The undo's own row among the imports */
			readonly importId: number;
			readonly revision: number;
			readonly restored: number;
			readonly deleted: number;
			/** Codes of sites that the import had added and that have history: they stay, closed */
			readonly closed: readonly string[];
	  }
	| {
			readonly ok: false;
			readonly code: 'unknown_import' | 'not_an_import' | 'already_undone' | 'no_images' | 'changed_since';
			/** The sites in the way of it, at most `LISTED_BLOCKS` */
			readonly blocks: readonly UndoBlock[];
	  };

export interface UndoOptions {
	/** Whether the live part has heard of the site: events of the last minutes are in no table yet */
	readonly hasLived: (slot: number) => boolean;
}

const LISTED_BLOCKS = 100;

interface Change {
	readonly slot: number;
	readonly code: string;
	readonly before: RegisteredSite | null;
	readonly after: RegisteredSite;
}

/** Refusals are results; only what the database throws is thrown, and then nothing was changed. */
export async function undoImport(db: Database, importId: number, options: UndoOptions): Promise<UndoResult> {
	const run = async (tx: Transaction): Promise<UndoResult> => {
		const refusal = await refusalOf(tx, importId);
		if (refusal !== null) return { ok: false, code: refusal, blocks: [] };
		// Imports wait from here on, so what is compared below stays as it is.
		const revision = await bumpRevision(tx);
		const changes = await changesOf(tx, importId);
		const blocks = await blocksOf(tx, importId, changes);
		if (blocks.length > 0) throw new Blocked(blocks);
		return { ok: true, revision, ...(await takeBack(tx, importId, changes, options)) };
	};
	try {
		return await db.transaction(run);
	} catch (error) {
		// thrown so that the transaction, the revision included, is rolled back
		if (error instanceof Blocked) return { ok: false, code: 'changed_since', blocks: error.blocks };
		throw error;
	}
}

class Blocked extends Error {
	readonly blocks: readonly UndoBlock[];
	constructor(blocks: readonly UndoBlock[]) {
		super('Sites were changed since.');
		this.blocks = blocks;
	}
}

async function refusalOf(tx: Transaction, importId: number) {
	const [row] = await tx.select().from(imports).where(eq(imports.id, importId)).for('update');
	if (row === undefined) return 'unknown_import';
	if (row.kind === 'undo') return 'not_an_import';
	if (row.undoneBy !== null) return 'already_undone';
	const [image] = await tx
		.select({ slot: importChanges.slot })
		.from(importChanges)
		.where(eq(importChanges.importId, importId))
		.limit(1);
	return image === undefined && row.newAreas.length === 0 ? 'no_images' : null;
}

async function changesOf(tx: Transaction, importId: number): Promise<Change[]> {
	const rows = await tx
		.select()
		.from(importChanges)
		.where(eq(importChanges.importId, importId))
		.orderBy(asc(importChanges.slot));
	return rows.map(({ slot, code, before, after }) => ({
		slot,
		code,
		before: before as RegisteredSite | null,
		after: after as unknown as RegisteredSite
	}));
}

/** Sites that are no longer as the import left them, and who changed them as far as that is known. */
async function blocksOf(tx: Transaction, importId: number, changes: readonly Change[]): Promise<UndoBlock[]> {
	const blocks: UndoBlock[] = [];
	for (const batch of batches(changes)) {
		const slots = batch.map(({ slot }) => slot);
		const now = new Map(
			(await tx.select().from(sites).where(inArray(sites.slot, slots))).map((site) => [site.slot, site])
		);
		const moved = batch.filter(({ slot, after }) => !isAs(now.get(slot), after));
		if (moved.length === 0) continue;
		const later = await laterImports(tx, importId, moved);
		for (const { slot, after } of moved)
			blocks.push({ code: after.code, name: after.name, importId: later.get(slot) ?? null });
		if (blocks.length >= LISTED_BLOCKS) break;
	}
	return blocks.slice(0, LISTED_BLOCKS);
}

/** Compared field by field of the image: a column that is younger than the image says nothing. */
function isAs(site: object | undefined, image: RegisteredSite): boolean {
	if (site === undefined) return false;
	const fields = site as Readonly<Record<string, unknown>>;
	return Object.entries(image).every(([field, value]) => isDeepStrictEqual(fields[field], value));
}

/** The newest standing import that changed each of the sites. */
async function laterImports(
	tx: Transaction,
	importId: number,
	changes: readonly Change[]
): Promise<Map<number, number>> {
	const rows = await tx
		.select({ slot: importChanges.slot, importId: importChanges.importId })
		.from(importChanges)
		.innerJoin(imports, eq(imports.id, importChanges.importId))
		.where(
			and(
				inArray(
					importChanges.slot,
					changes.map(({ slot }) => slot)
				),
				gt(importChanges.importId, importId),
				ne(imports.kind, 'undo'),
				isNull(imports.undoneBy)
			)
		)
		.orderBy(asc(importChanges.importId));
	return new Map(rows.map((row) => [row.slot, row.importId]));
}

async function takeBack(tx: Transaction, importId: number, changes: readonly Change[], { hasLived }: UndoOptions) {
	const known = await slotsWithHistory(tx, changes);
	const restored = changes.filter(({ before }) => before !== null);
	const added = changes.filter(({ before }) => before === null);
	const closed = added.filter(({ slot }) => known.has(slot) || hasLived(slot));
	const deleted = added.filter((change) => !closed.includes(change));
	const [row] = await tx.select().from(imports).where(eq(imports.id, importId));
	const undoId = await insertImport(tx, {
		kind: 'undo',
		fileName: row?.fileName ?? '',
		datum: row?.datum ?? 'unknown',
		added: 0,
		changed: restored.length + closed.length,
		unchanged: 0,
		warnings: closed.length,
		errors: 0,
		undoes: importId
	});
	const after = [
		...restored.flatMap(({ before }) => (before === null ? [] : [before])),
		...closed.map((change): RegisteredSite => ({ ...change.after, lifecycle: 'closed' }))
	];
	await updateSites(tx, after, undoId);
	for (const batch of batches(deleted)) await deleteSites(tx, batch);
	await insertChanges(tx, undoImages(undoId, changes, after));
	await tx.update(imports).set({ undoneBy: undoId }).where(eq(imports.id, importId));
	await deleteEmptyAreas(tx, row?.newAreas ?? []);
	return {
		importId: undoId,
		restored: restored.length,
		deleted: deleted.length,
		closed: closed.map(({ code }) => code)
	};
}

function undoImages(undoId: number, changes: readonly Change[], after: readonly RegisteredSite[]) {
	const bySlot = new Map(after.map((site) => [site.slot, site]));
	return changes.map((change) => {
		const left = bySlot.get(change.slot);
		return {
			importId: undoId,
			slot: change.slot,
			code: left?.code ?? change.code,
			before: { ...change.after },
			after: left === undefined ? null : { ...left }
		};
	});
}

/** Sites that have buckets, or a day on which somebody said whether they were open. */
async function slotsWithHistory(tx: Transaction, changes: readonly Change[]): Promise<Set<number>> {
	const known = new Set<number>();
	for (const batch of batches(changes.filter(({ before }) => before === null))) {
		const slots = batch.map(({ slot }) => slot);
		const rows = await query<{ slot: number }>(
			tx,
			sql`select distinct slot from site_buckets where period_seconds = 86400 and slot = any (${arrayText(slots)}::int[])
				union select distinct slot from site_days
					where slot = any (${arrayText(slots)}::int[]) and open_s + closed_s > 0`
		);
		for (const { slot } of rows) known.add(slot);
	}
	return known;
}

/** With the days of which nothing is known but that hours were posted. */
async function deleteSites(tx: Transaction, changes: readonly Change[]): Promise<void> {
	const slots = changes.map(({ slot }) => slot);
	await tx.delete(sites).where(inArray(sites.slot, slots));
	await query(tx, sql`delete from site_days where slot = any (${arrayText(slots)}::int[])`);
}

/** An array as PostgreSQL writes it: one parameter however long it is. */
function arrayText(numbers: readonly number[]): string {
	return `{${numbers.join(',')}}`;
}

/** Areas that the import made and that nothing uses: no site, no area below, no office, no history. Streets before districts. */
async function deleteEmptyAreas(tx: Transaction, codes: readonly string[]): Promise<void> {
	for (const level of ['street', 'district'])
		for (const batch of batches(codes))
			await query(
				tx,
				sql`delete from areas a where a.level = ${level}
					and a.code in (select jsonb_array_elements_text(${JSON.stringify(batch)}::jsonb))
					and not exists (select 1 from sites s where s.district_code = a.code or s.street_code = a.code)
					and not exists (select 1 from areas below where below.parent_code = a.code)
					and not exists (select 1 from organisation_areas o where o.area_code = a.code)
					and not exists (select 1 from area_buckets b where b.area_code = a.code)`
			);
}
