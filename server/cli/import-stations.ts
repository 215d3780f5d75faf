/** `import stations FILE`: reads, plans, writes, and says what happened line by line. */
import type { Datum } from '#domain/site.ts';
import { must } from '#domain/must.ts';
import { OPERATOR } from '#server/access/caller.ts';
import { draftOf } from '#server/audit/draft.ts';
import type { PlanSummary } from '#server/imports/protocol.ts';
import { threadSource } from '#server/imports/thread-source.ts';
import { startWorkThread, type WorkThread } from '#server/imports/work-thread.ts';
import type { Finding } from '#server/registry/finding.ts';
import type { FieldChange } from '#server/registry/plan.ts';
import type { NewArea } from '#server/registry/site-fields.ts';
import { appendAudit } from '#server/store/audit-store.ts';
import type { Database } from '#server/store/query.ts';
import { applyImport } from '#server/store/import-store.ts';
import { loadAreas, loadRegisteredSites, registryRevision } from '#server/store/registry-store.ts';

export interface ImportRequest {
	readonly db: Database;
	readonly fileName: string;
	readonly bytes: Uint8Array;
	/** Datum of the coordinates in the file; `unknown` takes them as they are and says so */
	readonly datum: Datum;
	/** Plans and reports, writes nothing */
	readonly dryRun: boolean;
}

/** Plain JSON, so that it can travel over a socket. */
export interface ImportReport {
	readonly fileName: string;
	readonly datum: Datum;
	readonly dryRun: boolean;
	/** Of text, or `xlsx`; null for a file that could not be read */
	readonly encoding: string | null;
	readonly rows: number;
	readonly added: readonly SiteLine[];
	readonly changed: readonly (SiteLine & { readonly changes: readonly FieldChange[] })[];
	readonly unchanged: number;
	readonly newAreas: readonly NewArea[];
	readonly ignoredColumns: readonly string[];
	readonly warnings: readonly Finding[];
	readonly errors: readonly Finding[];
	/** Revision of the registry after the import */
	readonly revision: number;
	/** Null when nothing was written */
	readonly importId: number | null;
}

export interface SiteLine {
	readonly line: number;
	readonly code: string;
	readonly name: string;
}

/**
 * Imports a file: good rows in one transaction, bad rows named. The work is done in a thread, as that of the import desk: the
 * command runs inside a server that must go on. Throws what the database throws, `RegistryMoved` included, and
 * `ImportProblem` for a file that is too heavy.
 */
export async function importStations(request: ImportRequest): Promise<ImportReport> {
	const thread = startWorkThread();
	try {
		return await importBy(thread, request);
	} finally {
		await thread.close();
	}
}

async function importBy(thread: WorkThread, request: ImportRequest): Promise<ImportReport> {
	const { db, fileName, bytes, datum, dryRun } = request;
	const read = await thread.run('read', { from: bytes, fileName });
	const plannedOn = await registryRevision(db);
	if (!read.ok) return unreadable(request, read.problem, plannedOn);
	const { encoding, format, columns } = read.inspection;
	const registry = { sites: await loadRegisteredSites(db), areas: await loadAreas(db) };
	const mapping = columns.map(({ guess }) => guess);
	const summary = must(
		await thread.run('plan', { mapping, datum, registry, scopes: [{ level: 'city' }] }),
		'The datum is given.'
	);
	const findings = await thread.run('findings', null);
	const added = await thread.run('added', { from: 0, count: summary.added });
	const changed = await thread.run('changed', { from: 0, count: summary.changed });
	const isUnnamed = datum === 'unknown' && (await thread.run('place', { mapping, areas: [] })).isDatumNeeded;
	const warnings = [...datumWarnings(isUnnamed), ...findings.warnings];
	const meta = {
		fileName,
		datum,
		plannedOn,
		warnings: warnings.length,
		errors: findings.errors.length,
		importedBy: 'operator'
	};
	const written = dryRun
		? { importId: null, revision: plannedOn }
		: await applyImport(db, threadSource(thread, summary), meta);
	if (written.importId !== null) await recordImport(db, written.importId, fileName, summary);
	return {
		...{ fileName, datum, dryRun, rows: summary.rows },
		encoding: encoding ?? format,
		added: added.map(({ line, site }) => ({ line, code: site.code, name: site.name })),
		changed: changed.map(({ line, site, changes }) => ({ line, code: site.code, name: site.name, changes })),
		unchanged: summary.unchanged,
		newAreas: summary.newAreas,
		ignoredColumns: summary.ignoredColumns,
		warnings,
		errors: findings.errors,
		...written
	};
}

async function recordImport(db: Database, importId: number, file: string, summary: PlanSummary): Promise<void> {
	const { added, changed, unchanged, errors } = summary;
	const entry = {
		...{
			actor: OPERATOR,
			action: 'import.applied',
			object: `import:${importId}`,
			scope: 'city',
			result: 'ok' as const
		},
		detail: { file, added, changed, unchanged, errors }
	};
	await appendAudit(db, [draftOf(entry, Date.now())]);
}

function unreadable({ fileName, datum, dryRun }: ImportRequest, problem: Finding, revision: number): ImportReport {
	const nothing = { added: [], changed: [], unchanged: 0, newAreas: [], ignoredColumns: [], warnings: [] };
	return { fileName, datum, dryRun, encoding: null, rows: 0, ...nothing, errors: [problem], revision, importId: null };
}

function datumWarnings(isUnknown: boolean): Finding[] {
	const message =
		'The datum of the coordinates was not named; they were taken as WGS-84. Points from Amap or Tencent are GCJ-02: import with --datum gcj02.';
	return isUnknown ? [{ line: 1, code: 'datum_not_named', message }] : [];
}

/** New sites listed by name before the rest is only counted; warnings and errors are always listed whole. */
const LISTED_SITES = 20;

/** The report as text for a terminal. */
export function formatImportReport(report: ImportReport): string {
	const { rows, added, changed, unchanged, newAreas, warnings, errors } = report;
	const written = report.dryRun ? 'dry run, nothing written' : outcome(report);
	const head = `${report.fileName}: ${rows} rows (${report.encoding ?? 'not read'}, ${report.datum})`;
	const counts = `new ${added.length} · changed ${changed.length} · unchanged ${unchanged} · new areas ${newAreas.length} · warnings ${warnings.length} · errors ${errors.length}`;
	const ignored = report.ignoredColumns.length > 0 ? [`columns not used: ${report.ignoredColumns.join(', ')}`] : [];
	return [
		head,
		...ignored,
		...section('New', shortened(added.map(siteLine))),
		...section(
			'Changed',
			changed.flatMap((site) => [siteLine(site), ...site.changes.map(changeLine)])
		),
		...section('New areas', newAreas.map(areaLine)),
		...section('Warnings', warnings.map(findingLine)),
		...section('Errors (rows left out)', errors.map(findingLine)),
		'',
		`${counts} (${written})`
	].join('\n');
}

function outcome({ importId, revision }: ImportReport): string {
	return importId === null ? 'nothing to write' : `import ${importId}, registry revision ${revision}`;
}

function section(title: string, lines: readonly string[]): string[] {
	return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function shortened(lines: readonly string[]): string[] {
	const rest = lines.length - LISTED_SITES;
	return rest <= 0 ? [...lines] : [...lines.slice(0, LISTED_SITES), `  … and ${rest} more`];
}

function siteLine({ line, code, name }: SiteLine): string {
	return `  line ${line}: ${code} ${name}`;
}

function changeLine({ field, before, after }: FieldChange): string {
	return `    ${field}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`;
}

function areaLine({ code, name, level, gbCode }: NewArea): string {
	return `  ${level} ${name} (${code}${gbCode === null ? ', no GB/T 2260 code' : ''})`;
}

function findingLine({ line, column, code, message }: Finding): string {
	return `  line ${line}${column === undefined ? '' : `, ${column}`}: ${message} [${code}]`;
}
