/** `import stations FILE`: reads, plans, writes, and says what happened line by line. */
import type { Datum } from '#domain/site.ts';
import { readDrafts } from '#server/registry/drafts.ts';
import type { Finding } from '#server/registry/finding.ts';
import { planImport, type FieldChange } from '#server/registry/plan.ts';
import type { NewArea } from '#server/registry/site-fields.ts';
import type { Database } from '#server/store/query.ts';
import { applyImport, loadAreas, loadRegisteredSites, registryRevision } from '#server/store/registry-store.ts';

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

/** Imports a file: good rows in one transaction, bad rows named. Throws only what the database throws, `RegistryMoved` included. */
export async function importStations(request: ImportRequest): Promise<ImportReport> {
	const { db, fileName, bytes, datum, dryRun } = request;
	const reading = readDrafts(bytes, fileName, datum);
	const plannedOn = await registryRevision(db);
	const plan = planImport(reading.drafts, await loadRegisteredSites(db), await loadAreas(db));
	const warnings = byLine([
		...datumWarnings(reading.drafts.some(isUnplacedDatum)),
		...reading.warnings,
		...plan.warnings
	]);
	const errors = byLine([...reading.errors, ...plan.errors]);
	const meta = { fileName, datum, plannedOn, warnings: warnings.length, errors: errors.length };
	const written = dryRun ? { importId: null, revision: plannedOn } : await applyImport(db, plan, meta);
	return {
		fileName,
		datum,
		dryRun,
		encoding: reading.encoding,
		rows: reading.rows,
		added: plan.added.map(({ line, site }) => ({ line, code: site.code, name: site.name })),
		changed: plan.changed.map(({ line, site, changes }) => ({ line, code: site.code, name: site.name, changes })),
		unchanged: plan.unchanged.length,
		newAreas: plan.newAreas,
		ignoredColumns: reading.ignoredColumns,
		warnings,
		errors,
		...written
	};
}

function isUnplacedDatum(draft: { values: { datum?: Datum } }): boolean {
	return draft.values.datum === 'unknown';
}

function datumWarnings(isUnknown: boolean): Finding[] {
	const message =
		'The datum of the coordinates was not named; they were taken as WGS-84. Points from Amap or Tencent are GCJ-02: import with --datum gcj02.';
	return isUnknown ? [{ line: 1, code: 'datum_not_named', message }] : [];
}

function byLine(findings: readonly Finding[]): Finding[] {
	return findings.toSorted((a, b) => a.line - b.line);
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
