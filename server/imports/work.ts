/**
 * The work behind an import: a table, what its rows mean, and a plan. Runs in a thread of its own, for the table and the plan
 * of a large file are neither quick nor small. Nothing here knows of threads, requests or the database.
 */
import { readFile } from 'node:fs/promises';
import { guessColumns, mappingOf } from '#server/registry/columns.ts';
import { readDrafts } from '#server/registry/drafts.ts';
import { exportRegistry } from '#server/registry/export.ts';
import type { Finding } from '#server/registry/finding.ts';
import { planImport, type ImportPlan } from '#server/registry/plan.ts';
import { withoutPersonalNumbers } from '#server/registry/privacy.ts';
import { readTable, type Table } from '#server/registry/table.ts';
import { cellOf, errorListOf, findingItem, siteItems } from './pages.ts';
import { doubtsOf, isDatumNeeded, placingOf } from './placing.ts';
import type { Inspection, JobName, Jobs, Page, Phase, PlanSummary } from './protocol.ts';

export type Work = { [N in JobName]: (input: Jobs[N]['input']) => Promise<Jobs[N]['output']> | Jobs[N]['output'] };

export type Tell = (phase: Phase, rows: number, total: number) => void;

interface Planned {
	readonly plan: ImportPlan;
	readonly mapping: Jobs['plan']['input']['mapping'];
	readonly warnings: readonly Finding[];
	readonly errors: readonly Finding[];
}

const SAMPLES = 3;
const SAMPLE_LENGTH = 60;
/** A sample is looked for in so many rows. */
const SAMPLE_ROWS = 200;

/** `tell` is called at every step and at every thousand rows or so. */
export function openWork(tell: Tell): Work {
	let table: Table | null = null;
	let planned: Planned | null = null;
	const tableNow = (): Table => {
		if (table === null) throw new Error('No file has been read yet.');
		return table;
	};
	const planNow = (): Planned => {
		if (planned === null) throw new Error('No preview has been made yet.');
		return planned;
	};
	const counting = (phase: Phase, total: number) => (rows: number) => {
		if (rows % 1000 === 0) tell(phase, rows, total);
	};
	const idle = <T>(result: T): T => {
		tell('idle', 0, 0);
		return result;
	};
	return {
		async read({ from, fileName, sheet }) {
			tell('reading', 0, 0);
			table = planned = null;
			const bytes = typeof from === 'string' ? await readFile(from) : from;
			const result = await readTable(bytes, fileName, { sheet, onRows: counting('reading', 0) });
			if (!result.ok) return idle(result);
			table = result.table;
			return idle({ ok: true, inspection: inspectionOf(table) } as const);
		},
		place({ mapping, areas }) {
			tell('placing', 0, tableNow().rows.length);
			return idle(placingOf(tableNow(), mappingOf(tableNow().headers, mapping), areas));
		},
		doubt({ mapping, registry }) {
			tell('placing', 0, tableNow().rows.length);
			return idle(doubtsOf(tableNow(), mappingOf(tableNow().headers, mapping), registry));
		},
		plan(input) {
			const found = tableNow();
			const columns = mappingOf(found.headers, input.mapping);
			if (input.datum === null && isDatumNeeded(found, columns)) return null;
			tell('reading', 0, found.rows.length);
			const reading = readDrafts(found, columns, input.datum ?? 'unknown', counting('reading', found.rows.length));
			tell('planning', 0, found.rows.length);
			const plan = planImport(reading.drafts, input.registry.sites, input.registry.areas, input.scopes);
			const warnings = byLine([...reading.warnings, ...plan.warnings]);
			const errors = byLine([...reading.errors, ...plan.errors]);
			planned = { plan, mapping: input.mapping, warnings, errors };
			return idle(summaryOf(planned, input.datum, reading.rows, columns.ignored));
		},
		page({ kind, after, limit }) {
			const { plan, warnings, errors, mapping } = planNow();
			if (kind === 'warnings' || kind === 'errors') {
				const cell = cellOf(tableNow(), mapping);
				const list = kind === 'errors' ? errors : warnings;
				return pageOf(list, after, limit, (part) => part.map((finding) => findingItem(finding, cell)));
			}
			return pageOf<unknown>(plan[kind], after, limit, (part) => siteItems(kind, part, tableNow(), mapping));
		},
		added: ({ from, count }) => planNow().plan.added.slice(from, from + count),
		changed: ({ from, count }) => planNow().plan.changed.slice(from, from + count),
		export: ({ registry, format, terms }) => exportRegistry(registry.sites, registry.areas, format, terms),
		findings: () => ({ warnings: planNow().warnings, errors: planNow().errors }),
		errorList: () => errorListOf(tableNow(), planNow().mapping, planNow().warnings, planNow().errors)
	};
}

function pageOf<T>(
	list: readonly T[],
	after: number,
	limit: number,
	items: (part: readonly T[]) => Page['items']
): Page {
	const end = after + limit;
	return { total: list.length, items: items(list.slice(after, end)), next: end < list.length ? end : null };
}

function inspectionOf(table: Table): Inspection {
	const guesses = guessColumns(table.headers);
	const { format, encoding, sheets, sheet, unit, headerLine } = table;
	const columns = table.headers.map((header, place) => ({
		header,
		sample: sampleOf(table, place),
		guess: guesses[place] ?? null
	}));
	return { format, encoding, sheets, sheet, unit, headerLine, rows: table.rows.length + table.errors.length, columns };
}

function sampleOf(table: Table, place: number): string[] {
	const found = new Set<string>();
	for (const { cells } of table.rows.slice(0, SAMPLE_ROWS)) {
		const cell = cells[place];
		if (cell === undefined || cell === null || cell === '') continue;
		const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
		found.add(withoutPersonalNumbers(text).text?.slice(0, SAMPLE_LENGTH) ?? '***');
		if (found.size === SAMPLES) break;
	}
	return [...found];
}

function summaryOf(
	{ plan, warnings, errors }: Planned,
	datum: PlanSummary['datum'],
	rows: number,
	ignoredColumns: readonly string[]
): PlanSummary {
	return {
		datum,
		rows,
		added: plan.added.length,
		changed: plan.changed.length,
		unchanged: plan.unchanged.length,
		warnings: warnings.length,
		errors: errors.length,
		warningsByCode: countByCode(warnings),
		errorsByCode: countByCode(errors),
		newAreas: plan.newAreas,
		ignoredColumns
	};
}

function countByCode(findings: readonly Finding[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
	return counts;
}

function byLine(findings: readonly Finding[]): Finding[] {
	return findings.toSorted((a, b) => a.line - b.line);
}
