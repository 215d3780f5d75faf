/**
 * Imports in the database: written in one transaction with the image of every site before and after, listed, and taken
 * back. The same queries run on PGlite and PostgreSQL.
 */
import { desc, eq, max, sql, type SQL } from 'drizzle-orm';
import { areas, importChanges, imports, settings, sites } from '#db/schema.ts';
import type { Scope } from '#domain/scope.ts';
import type { Datum } from '#domain/site.ts';
import type { AddedSite, ChangedSite, ImportPlan } from '#server/registry/plan.ts';
import type { NewArea, RegisteredSite, SiteFields } from '#server/registry/site-fields.ts';
import { query, type Database } from './query.ts';
import { registryRevision, REVISION_KEY } from './registry-store.ts';

/** What an import writes. Batches come one after another, so that a large plan need not be in one place. */
export interface ImportSource {
	readonly counts: { readonly added: number; readonly changed: number; readonly unchanged: number };
	/** Parents before children */
	readonly newAreas: readonly NewArea[];
	added(): Batches<AddedSite>;
	changed(): Batches<ChangedSite>;
}

type Batches<T> = AsyncIterable<readonly T[]> | Iterable<readonly T[]>;

export interface ImportMeta {
	readonly fileName: string;
	readonly datum: Datum;
	/** `registryRevision` at the time the plan was made */
	readonly plannedOn: number;
	/** Errors of the whole import, rows that never became drafts included */
	readonly errors: number;
	readonly warnings: number;
	/** user name, or `operator` (the command line) */
	readonly importedBy: string;
}

export interface ImportResult {
	/** Null when the plan changes nothing: then nothing is written either */
	readonly importId: number | null;
	readonly revision: number;
}

/** The registry was changed by someone else between planning and writing. Plan again. */
export class RegistryMoved extends Error {
	constructor(plannedOn: number, revision: number) {
		super(`The registry moved from revision ${plannedOn} to ${revision} while the import was planned. Import again.`);
		this.name = 'RegistryMoved';
	}
}

/** Rows per statement: some 600 kB of JSON. */
const BATCH_ROWS = 500;

/** The part of a transaction that the steps of an import need. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** A plan that is here as a whole. */
export function sourceOf(plan: ImportPlan): ImportSource {
	const counts = { added: plan.added.length, changed: plan.changed.length, unchanged: plan.unchanged.length };
	return {
		counts,
		newAreas: plan.newAreas,
		added: () => batches(plan.added),
		changed: () => batches(plan.changed)
	};
}

/**
 * Writes a plan in one transaction: areas, sites, the trail and the revision, or nothing. A plan without changes
 * writes nothing. Throws `RegistryMoved` when the registry is not the one the plan was made on.
 */
export async function applyImport(db: Database, source: ImportSource, meta: ImportMeta): Promise<ImportResult> {
	const { added, changed } = source.counts;
	if (added === 0 && changed === 0 && source.newAreas.length === 0)
		return { importId: null, revision: await registryRevision(db) };
	return db.transaction(async (tx) => {
		const revision = await bumpRevision(tx);
		if (revision !== meta.plannedOn + 1) throw new RegistryMoved(meta.plannedOn, revision - 1);
		const { plannedOn: _, ...facts } = meta;
		const newAreas = source.newAreas.map(({ code }) => code);
		const importId = await insertImport(tx, { kind: 'stations', ...facts, ...source.counts, newAreas });
		await ensureCity(tx);
		await insertAreas(tx, source.newAreas);
		for await (const batch of source.added()) await insertSites(tx, batch, importId);
		for await (const batch of source.changed()) await changeSites(tx, batch, importId);
		return { importId, revision };
	});
}

/** First in the transaction: its row lock makes imports and undos follow one another. */
export async function bumpRevision(tx: Transaction): Promise<number> {
	await tx.insert(settings).values({ key: REVISION_KEY, value: '0' }).onConflictDoNothing();
	const [row] = await tx
		.update(settings)
		.set({ value: sql`(${settings.value}::bigint + 1)::text` })
		.where(eq(settings.key, REVISION_KEY))
		.returning({ value: settings.value });
	return Number(row?.value);
}

export async function insertImport(tx: Transaction, values: typeof imports.$inferInsert): Promise<number> {
	const [row] = await tx.insert(imports).values(values).returning({ id: imports.id });
	if (row === undefined) throw new Error('The database gave no number for the import.');
	return row.id;
}

/** History is summed for the city too, so a registry that came by import alone needs one. */
async function ensureCity(tx: Transaction): Promise<void> {
	const [city] = await tx.select({ code: areas.code }).from(areas).where(eq(areas.level, 'city'));
	if (!city) await tx.insert(areas).values({ code: 'city', name: '全市', level: 'city' });
}

/** New areas are listed after the known ones, in the order of the file. */
async function insertAreas(tx: Transaction, newAreas: readonly NewArea[]): Promise<void> {
	const [last] = await tx.select({ sort: max(areas.sort) }).from(areas);
	const first = (last?.sort ?? 0) + 1;
	const rows = newAreas.map((area, index) => ({ ...area, sort: first + index }));
	for (const batch of batches(rows)) await tx.insert(areas).values(batch);
}

/** A plain insert: an upsert would draw a slot for every row it meets, also for those it only updates. */
async function insertSites(tx: Transaction, added: readonly AddedSite[], importId: number): Promise<void> {
	for (const batch of batches(added))
		await query(
			tx,
			sql`with fresh as (
					insert into sites (${COLUMN_LIST}, import_id)
					select ${COLUMN_LIST}, ${importId}::int
						from jsonb_populate_recordset(null::sites, ${rowsOf(batch.map(({ site }) => site))}::jsonb)
					returning *
				)
				insert into import_changes (import_id, slot, code, after)
				select ${importId}::int, slot, code, ${imageOf('fresh')} from fresh`
		);
}

/**
 * One statement per batch, not per site: a round trip and a plan for each of 10,000 sites is what made imports slow. The images
 * are taken by the database itself, so they are what stood there.
 */
async function changeSites(tx: Transaction, changed: readonly ChangedSite[], importId: number): Promise<void> {
	for (const batch of batches(changed))
		await query(
			tx,
			sql`with fresh as (
					update sites set ${ASSIGNMENTS}, import_id = ${importId}::int, updated_at = now()
						from jsonb_populate_recordset(null::sites, ${rowsOf(batch.map(({ site }) => site))}::jsonb) as new
							join sites as old on old.slot = new.slot
						where sites.slot = new.slot
					returning sites.slot, sites.code, ${imageOf('old')} as before, ${imageOf('sites')} as after
				)
				insert into import_changes (import_id, slot, code, before, after)
				select ${importId}::int, slot, code, before, after from fresh`
		);
}

/** Field of a site → its column; slot finds the row and is never written. */
const COLUMN_OF = Object.entries({
	code: sites.code,
	externalCode: sites.externalCode,
	name: sites.name,
	alias: sites.alias,
	kind: sites.kind,
	form: sites.form,
	ownership: sites.ownership,
	hostType: sites.hostType,
	districtCode: sites.districtCode,
	streetCode: sites.streetCode,
	address: sites.address,
	lng: sites.lng,
	lat: sites.lat,
	originalLng: sites.originalLng,
	originalLat: sites.originalLat,
	datum: sites.datum,
	floorAreaM2: sites.floorAreaM2,
	capacity: sites.capacity,
	openedOn: sites.openedOn,
	lifecycle: sites.lifecycle,
	hoursText: sites.hoursText,
	hours: sites.hours,
	hoursExceptions: sites.hoursExceptions,
	isOpen24h: sites.isOpen24h,
	entryMethods: sites.entryMethods,
	facilities: sites.facilities,
	services: sites.services,
	honours: sites.honours,
	star: sites.star,
	phone: sites.phone,
	keeperRole: sites.keeperRole,
	telemetry: sites.telemetry,
	periodSeconds: sites.periodSeconds,
	note: sites.note
} satisfies Record<Exclude<keyof RegisteredSite, 'slot'>, unknown>).map(
	([field, column]) => [field as Exclude<keyof RegisteredSite, 'slot'>, column.name] as const
);

const COLUMN_LIST = sql.raw(COLUMN_OF.map(([, name]) => `"${name}"`).join(', '));
/** For `update sites set … from … as new` */
export const ASSIGNMENTS = sql.raw(COLUMN_OF.map(([, name]) => `"${name}" = new."${name}"`).join(', '));

/** What an import and its undo do not touch is no part of an image. */
export function imageOf(row: 'fresh' | 'old' | 'sites'): SQL {
	return sql.raw(`to_jsonb(${row}) - '{import_id,updated_at,organisation_id}'::text[]`);
}

/** Sites as rows of their table, in JSON: one parameter for a batch instead of 35 per site. */
function rowsOf(changed: readonly (SiteFields & { readonly code: string; readonly slot?: number })[]): string {
	return JSON.stringify(
		changed.map((site) =>
			Object.fromEntries([['slot', site.slot], ...COLUMN_OF.map(([field, name]) => [name, site[field]])])
		)
	);
}

export function batches<T>(rows: readonly T[]): T[][] {
	return Array.from({ length: Math.ceil(rows.length / BATCH_ROWS) }, (_, index) =>
		rows.slice(index * BATCH_ROWS, (index + 1) * BATCH_ROWS)
	);
}

export interface ImportRecord {
	readonly id: number;
	readonly kind: 'stations' | 'undo';
	readonly fileName: string;
	readonly datum: Datum;
	readonly added: number;
	readonly changed: number;
	readonly unchanged: number;
	readonly warnings: number;
	readonly errors: number;
	/** ISO 8601, UTC */
	readonly importedAt: string;
	/** user name, or `operator` (the command line); null = from before there were people */
	readonly who: string | null;
	/** Of an undo: the import it took back */
	readonly undoes: number | null;
	/** Of an import: the undo that took it back */
	readonly undoneBy: number | null;
	/** Its images are kept and it has not been taken back; a later import may still stand in the way */
	readonly isUndoable: boolean;
}

/** Who asks for imports: of these scopes, or their own. */
export interface ImportReader {
	readonly userName: string | null;
	readonly scopes: readonly Scope[];
}

/** Those that touch a scope of the reader or are their own, newest first. */
export async function listImports(
	db: Database,
	limit: number,
	{ userName, scopes }: ImportReader
): Promise<ImportRecord[]> {
	const { importId, before, after } = importChanges;
	const own = sql`from ${importChanges} where ${importId} = ${imports.id}`;
	const touches = (image: SQL): SQL => sql`(${image} is not null and ${placedIn(scopes, image)})`;
	const isTouched = sql`exists (select 1 ${own} and (${touches(sql`${before}`)} or ${touches(sql`${after}`)}))`;
	const isOutside = sql`exists (select 1 ${own} and not (${lies(scopes, sql`${before}`)} and ${lies(scopes, sql`${after}`)}))`;
	const isCity = hasCity(scopes);
	const canUndo = sql<boolean>`exists (select 1 ${own}) and ${isCity ? sql`true` : sql`not ${isOutside}`}`;
	const rows = await db
		.select({ row: imports, canUndo })
		.from(imports)
		.where(isCity ? sql`true` : sql`${imports.importedBy} = ${userName} or ${isTouched}`)
		.orderBy(desc(imports.id))
		.limit(limit);
	return rows.map(({ row, canUndo: isOpen }) => {
		const { newAreas: _, kind, importedAt, importedBy, ...rest } = row;
		const isImport = kind !== 'undo';
		return {
			...rest,
			kind: isImport ? 'stations' : 'undo',
			importedAt: importedAt.toISOString(),
			who: importedBy,
			isUndoable: isImport && row.undoneBy === null && isOpen
		};
	});
}

const hasCity = (scopes: readonly Scope[]): boolean => scopes.some(({ level }) => level === 'city');
const lies = (scopes: readonly Scope[], image: SQL): SQL => sql`(${image} is null or ${placedIn(scopes, image)})`;

/** Whether the image of a site lies in one of the scopes; an image of null lies nowhere. */
function placedIn(scopes: readonly Scope[], image: SQL): SQL {
	const terms = scopes.map((scope): SQL => {
		switch (scope.level) {
			case 'city':
				return sql`true`;
			case 'district':
				return sql`${image}->>'district_code' = ${scope.code}`;
			case 'street':
				return sql`${image}->>'street_code' = ${scope.code}`;
			case 'station':
				return sql`${image}->>'code' = ${scope.code}`;
		}
	});
	return terms.length === 0 ? sql`false` : sql`coalesce(${sql.join(terms, sql` or `)}, false)`;
}
