/**
 * The registry in the database: areas, sites, imports and the revision that tells every process when it has changed.
 * The same queries run on PGlite and PostgreSQL.
 */
import { asc, eq, max, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { areas, imports, settings, sites } from '#db/schema.ts';
import type { Area, Datum, Site, Telemetry } from '#domain/site.ts';
import type { ImportPlan } from '#server/registry/plan.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';

export type SiteRecord = typeof sites.$inferSelect;

export interface ImportMeta {
	readonly fileName: string;
	readonly datum: Datum;
	/** `registryRevision` at the time the plan was made */
	readonly plannedOn: number;
	/** Errors of the whole import, rows that never became drafts included */
	readonly errors: number;
	readonly warnings: number;
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

/** Expected seconds between two signs of life where a site names none: a device speaks each minute, a keeper each day. */
export const DEFAULT_PERIOD_SECONDS: Readonly<Record<Telemetry, number | null>> = {
	live: 60,
	manual: 86_400,
	none: null
};

const REVISION_KEY = 'registry_revision';
/** Rows per insert: 35 parameters each, of the 65,535 that the protocol allows. */
const BATCH_ROWS = 500;

/** The part of a transaction that the steps of an import need. */
type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Every site as the live part knows it, ordered by slot. */
export async function loadSites(db: Database): Promise<Site[]> {
	const rows = await db
		.select({
			slot: sites.slot,
			code: sites.code,
			name: sites.name,
			kind: sites.kind,
			district: sites.districtCode,
			street: sites.streetCode,
			lng: sites.lng,
			lat: sites.lat,
			lifecycle: sites.lifecycle,
			telemetry: sites.telemetry,
			periodSeconds: sites.periodSeconds,
			hours: sites.hours,
			hoursExceptions: sites.hoursExceptions
		})
		.from(sites)
		.orderBy(asc(sites.slot));
	return rows.map((row) => ({ ...row, periodSeconds: row.periodSeconds ?? DEFAULT_PERIOD_SECONDS[row.telemetry] }));
}

/** Every area, in the order in which a screen lists them. */
export async function loadAreas(db: Database): Promise<Area[]> {
	return db
		.select({ code: areas.code, name: areas.name, level: areas.level, parentCode: areas.parentCode })
		.from(areas)
		.orderBy(asc(areas.sort), asc(areas.code));
}

/** Every site with all that an import compares, ordered by slot. */
export async function loadRegisteredSites(db: Database): Promise<RegisteredSite[]> {
	const columns = { organisationId: false, importId: false, updatedAt: false } as const;
	return db.query.sites.findMany({ columns, orderBy: asc(sites.slot) });
}

/** The whole row of a site; null where the code is not known. */
export async function siteRecord(db: Database, code: string): Promise<SiteRecord | null> {
	const [row] = await db.select().from(sites).where(eq(sites.code, code)).limit(1);
	return row ?? null;
}

export async function isRegistryEmpty(db: Database): Promise<boolean> {
	const [row] = await db.select({ slot: sites.slot }).from(sites).limit(1);
	return row === undefined;
}

/** Grows by one with every change of the registry; 0 before the first. */
export async function registryRevision(db: Database): Promise<number> {
	const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, REVISION_KEY));
	return Number(row?.value ?? 0);
}

/**
 * Writes a plan in one transaction: areas, sites, the trail and the revision, or nothing. A plan without changes
 * writes nothing. Throws `RegistryMoved` when the registry is not the one the plan was made on.
 */
export async function applyImport(db: Database, plan: ImportPlan, meta: ImportMeta): Promise<ImportResult> {
	const isIdle = plan.added.length === 0 && plan.changed.length === 0 && plan.newAreas.length === 0;
	if (isIdle) return { importId: null, revision: await registryRevision(db) };
	return db.transaction(async (tx) => {
		const revision = await bumpRevision(tx, meta.plannedOn);
		const importId = await insertImport(tx, plan, meta);
		await ensureCity(tx);
		await insertAreas(tx, plan);
		await insertSites(tx, plan, importId);
		await updateSites(tx, plan, importId);
		return { importId, revision };
	});
}

/** First in the transaction: its row lock makes imports follow one another. */
async function bumpRevision(tx: Transaction, plannedOn: number): Promise<number> {
	await tx.insert(settings).values({ key: REVISION_KEY, value: '0' }).onConflictDoNothing();
	const [row] = await tx
		.update(settings)
		.set({ value: sql`(${settings.value}::bigint + 1)::text` })
		.where(eq(settings.key, REVISION_KEY))
		.returning({ value: settings.value });
	const revision = Number(row?.value);
	if (revision !== plannedOn + 1) throw new RegistryMoved(plannedOn, revision - 1);
	return revision;
}

async function insertImport(tx: Transaction, plan: ImportPlan, meta: ImportMeta): Promise<number | null> {
	const [row] = await tx
		.insert(imports)
		.values({
			kind: 'stations',
			fileName: meta.fileName,
			datum: meta.datum,
			added: plan.added.length,
			changed: plan.changed.length,
			unchanged: plan.unchanged.length,
			warnings: meta.warnings,
			errors: meta.errors
		})
		.returning({ id: imports.id });
	return row?.id ?? null;
}

/** New areas are listed after the known ones, in the order of the file. */
/** History is summed for the city too, so a registry that came by import alone needs one. */
async function ensureCity(tx: Transaction): Promise<void> {
	const [city] = await tx.select({ code: areas.code }).from(areas).where(eq(areas.level, 'city'));
	if (!city) await tx.insert(areas).values({ code: 'city', name: '全市', level: 'city' });
}

async function insertAreas(tx: Transaction, plan: ImportPlan): Promise<void> {
	const [last] = await tx.select({ sort: max(areas.sort) }).from(areas);
	const first = (last?.sort ?? 0) + 1;
	const rows = plan.newAreas.map((area, index) => ({ ...area, sort: first + index }));
	for (const batch of batches(rows)) await tx.insert(areas).values(batch);
}

/** Plain inserts: an upsert would draw a slot for every row it meets, also for those it only updates. */
async function insertSites(tx: Transaction, plan: ImportPlan, importId: number | null): Promise<void> {
	for (const batch of batches(plan.added))
		await tx.insert(sites).values(batch.map(({ site }) => ({ ...site, importId })));
}

async function updateSites(tx: Transaction, plan: ImportPlan, importId: number | null): Promise<void> {
	for (const { site } of plan.changed) {
		const { slot, ...fields } = site;
		await tx
			.update(sites)
			.set({ ...fields, importId, updatedAt: sql`now()` })
			.where(eq(sites.slot, slot));
	}
}

function batches<T>(rows: readonly T[]): T[][] {
	return Array.from({ length: Math.ceil(rows.length / BATCH_ROWS) }, (_, index) =>
		rows.slice(index * BATCH_ROWS, (index + 1) * BATCH_ROWS)
	);
}
