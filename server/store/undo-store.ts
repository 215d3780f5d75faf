/**
 * Taking an import back: every site gets the image it had before, in one transaction. Nothing that happened since is lost:
 * a site that was changed again stands in the way and is named, and a site that has history stays, closed.
 */
import { eq, sql } from 'drizzle-orm';
import { areas, importChanges, imports } from '#db/schema.ts';
import type { Scope } from '#domain/scope.ts';
import { mayWriteSite, type WrittenPlace } from '#server/registry/writer-scope.ts';
import { ASSIGNMENTS, batches, bumpRevision, imageOf, insertImport, type Transaction } from './import-store.ts';
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
			readonly code:
				'unknown_import' | 'not_an_import' | 'already_undone' | 'no_images' | 'changed_since' | 'outside_scope';
			/** The sites in the way of it, at most `LISTED_BLOCKS` */
			readonly blocks: readonly UndoBlock[];
	  };

export interface UndoOptions {
	/** Whether the live part has heard of the site: events of the last minutes are in no table yet */
	readonly hasLived: (slot: number) => boolean;
	/** Where the person may write */
	readonly scopes: readonly Scope[];
	/** user name */
	readonly undoneBy: string;
}

const LISTED_BLOCKS = 100;

/** Refusals are results; only what the database throws is thrown, and then nothing was changed. */
export async function undoImport(db: Database, importId: number, options: UndoOptions): Promise<UndoResult> {
	const run = async (tx: Transaction): Promise<UndoResult> => {
		const refusal = await refusalOf(tx, importId);
		if (refusal !== null) return { ok: false, code: refusal, blocks: [] };
		// Imports wait from here on, so what is compared below stays as it is.
		const revision = await bumpRevision(tx);
		if (await isOutside(tx, importId, options.scopes)) throw new Blocked('outside_scope', []);
		const blocks = await blocksOf(tx, importId);
		if (blocks.length > 0) throw new Blocked('changed_since', blocks);
		return { ok: true, revision, ...(await takeBack(tx, importId, options)) };
	};
	try {
		return await db.transaction(run);
	} catch (error) {
		// thrown so that the transaction, the revision included, is rolled back
		if (error instanceof Blocked) return { ok: false, code: error.code, blocks: error.blocks };
		throw error;
	}
}

class Blocked extends Error {
	readonly code: 'changed_since' | 'outside_scope';
	readonly blocks: readonly UndoBlock[];
	constructor(code: 'changed_since' | 'outside_scope', blocks: readonly UndoBlock[]) {
		super('Sites stand in the way.');
		this.code = code;
		this.blocks = blocks;
	}
}

interface ChangedPlace {
	readonly code: string;
	/** as it is now; null = the site is gone */
	readonly now: WrittenPlace | null;
	/** as it would be again; null = the site would go */
	readonly then: WrittenPlace | null;
}

/** Whether a site of the import lies outside of the scopes, as it is or as it would be again. */
async function isOutside(tx: Transaction, importId: number, scopes: readonly Scope[]): Promise<boolean> {
	if (scopes.some(({ level }) => level === 'city')) return false;
	const streets = await tx.select({ code: areas.code, parent: areas.parentCode }).from(areas);
	const parents = new Map(streets.map(({ code, parent }) => [code, parent]));
	const places = await query<ChangedPlace & Record<string, unknown>>(
		tx,
		sql`select c.code,
				case when s.slot is null then null else jsonb_build_object('code', s.code, 'districtCode', s.district_code,
					'streetCode', s.street_code) end as "now",
				case when c.before is null then null else jsonb_build_object('code', c.before->>'code', 'districtCode',
					c.before->>'district_code', 'streetCode', c.before->>'street_code') end as "then"
			from import_changes c left join sites s on s.slot = c.slot where c.import_id = ${importId}`
	);
	return places.some(({ now, then }) => !mayWriteSite(scopes, now, then, (street) => parents.get(street) ?? null));
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

/**
 * Sites that are no longer as the import left them, and who changed them as far as that is known. An image laid over the row
 * changes nothing where it holds; a column that is younger than the image says nothing.
 */
function blocksOf(tx: Transaction, importId: number): Promise<UndoBlock[]> {
	return query<UndoBlock & Record<string, unknown>>(
		tx,
		sql`select c.after->>'code' as "code", c.after->>'name' as "name", (
				select max(later.import_id) from import_changes later join imports i on i.id = later.import_id
				where later.slot = c.slot and later.import_id > c.import_id and i.kind <> 'undo' and i.undone_by is null
			) as "importId"
			from import_changes c left join sites s on s.slot = c.slot
			where c.import_id = ${importId} and (s.slot is null or to_jsonb(s) || c.after <> to_jsonb(s))
			order by c.slot limit ${LISTED_BLOCKS}`
	);
}

async function takeBack(tx: Transaction, importId: number, { hasLived, undoneBy: importedBy }: UndoOptions) {
	const added = await addedBy(tx, importId);
	const closed = added.filter(({ slot, isKnown }) => isKnown || hasLived(slot));
	const deleted = added.filter((site) => !closed.includes(site));
	const [row] = await tx.select().from(imports).where(eq(imports.id, importId));
	const facts = { kind: 'undo', fileName: row?.fileName ?? '', datum: row?.datum ?? 'unknown' } as const;
	const counts = { added: 0, changed: (row?.changed ?? 0) + added.length, unchanged: 0, errors: 0 };
	const undoId = await insertImport(tx, { ...facts, ...counts, warnings: closed.length, undoes: importId, importedBy });
	await restoreSites(tx, importId, undoId);
	await closeSites(tx, closed, undoId);
	await deleteSites(tx, deleted, undoId);
	await tx.update(imports).set({ undoneBy: undoId }).where(eq(imports.id, importId));
	await deleteEmptyAreas(tx, row?.newAreas ?? []);
	const codes = closed.map(({ code }) => code);
	return { importId: undoId, restored: row?.changed ?? 0, deleted: deleted.length, closed: codes };
}

interface AddedSlot {
	readonly slot: number;
	readonly code: string;
	/** It has buckets, or a day on which somebody said whether it was open */
	readonly isKnown: boolean;
}

function addedBy(tx: Transaction, importId: number): Promise<AddedSlot[]> {
	return query<AddedSlot & Record<string, unknown>>(
		tx,
		sql`select slot, code, slot in (select slot from site_buckets where period_seconds = 86400)
				or slot in (select slot from site_days where open_s + closed_s > 0) as "isKnown"
			from import_changes where import_id = ${importId} and before is null order by slot`
	);
}

/** The image is laid over the row as it is: a column that is younger than the image keeps its value. */
async function restoreSites(tx: Transaction, importId: number, undoId: number): Promise<void> {
	await query(
		tx,
		sql`with fresh as (
				update sites set ${ASSIGNMENTS}, import_id = ${undoId}::int, updated_at = now()
					from import_changes c join sites as old on old.slot = c.slot,
						lateral jsonb_populate_record(old, c.before) as new
					where c.import_id = ${importId} and c.before is not null and sites.slot = c.slot
				returning sites.slot, sites.code, ${imageOf('old')} as before, ${imageOf('sites')} as after
			)
			insert into import_changes (import_id, slot, code, before, after)
			select ${undoId}::int, slot, code, before, after from fresh`
	);
}

async function closeSites(tx: Transaction, closed: readonly AddedSlot[], undoId: number): Promise<void> {
	await query(
		tx,
		sql`with fresh as (
				update sites set lifecycle = 'closed', import_id = ${undoId}::int, updated_at = now()
					from sites as old
					where old.slot = sites.slot and sites.slot = any (${slotsOf(closed)}::int[])
				returning sites.slot, sites.code, ${imageOf('old')} as before, ${imageOf('sites')} as after
			)
			insert into import_changes (import_id, slot, code, before, after)
			select ${undoId}::int, slot, code, before, after from fresh`
	);
}

/** With the days of which nothing is known but that hours were posted. */
async function deleteSites(tx: Transaction, deleted: readonly AddedSlot[], undoId: number): Promise<void> {
	await query(
		tx,
		sql`with old as (delete from sites where slot = any (${slotsOf(deleted)}::int[]) returning *)
			insert into import_changes (import_id, slot, code, before)
			select ${undoId}::int, slot, code, ${imageOf('old')} from old`
	);
	await query(tx, sql`delete from site_days where slot = any (${slotsOf(deleted)}::int[])`);
}

/** An array as PostgreSQL writes it: one parameter however long it is. */
function slotsOf(sites: readonly AddedSlot[]): string {
	return `{${sites.map(({ slot }) => slot).join(',')}}`;
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
