/**
 * The audit as a file, piece by piece. It says itself who took it, when, of what, and where the chain ended; its last line
 * says how many records it has, so that a file that was cut is seen. CSV is safe to open in a spreadsheet [AU8].
 */
import { CSV_MARK, csvLine, guarded } from '#server/registry/csv-text.ts';
import { nextAudit, type AuditFilter } from '#server/store/audit-store.ts';
import type { Executor } from '#server/store/query.ts';
import type { AuditHead, AuditRecord } from './chain.ts';
import { filterDetail } from './filter.ts';
import { headText } from './verify.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
	csv: 'text/csv; charset=utf-8',
	jsonl: 'application/x-ndjson; charset=utf-8'
};

/** Who takes a file away, and of what. */
export interface Taken {
	readonly by: string;
	/** ms */
	readonly at: number;
	/** where the taker may see the audit */
	readonly scope: string;
	readonly filter: AuditFilter;
	/** the chain as it is taken: nothing behind it is in the file */
	readonly head: AuditHead;
}

const PAGE = 500;
const COLUMNS = [
	...(['seq', 'at', 'actorKind', 'actorId', 'actorName', 'address', 'action', 'object', 'scope', 'result'] as const),
	...(['detail', 'previousHash', 'hash'] as const)
];

interface Writer {
	begin(taken: Taken): string;
	record(record: AuditRecord): string;
	end(count: number): string;
}

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
	csv: {
		begin: (taken) => CSV_MARK + saidOf(taken).map(line).join('') + '\r\n' + csvLine(COLUMNS),
		record: (record) => line(COLUMNS.map((name) => String(record[name] ?? ''))),
		end: (count) => '\r\n' + line(['records', String(count)])
	},
	jsonl: {
		begin: (taken) => jsonLine({ export: Object.fromEntries(saidOf(taken)) }),
		record: (record) => jsonLine(record),
		end: (count) => jsonLine({ end: { records: count } })
	}
};

/** How far a file has come; both are 0 at its beginning. */
export interface ExportPosition {
	/** number of the last record looked at */
	readonly after: number;
	/** records written */
	readonly count: number;
}

export interface ExportPiece {
	readonly text: string;
	/** where the next piece begins; null = the file is whole */
	readonly next: ExportPosition | null;
	readonly count: number;
}

/** A piece of the file, oldest record first. */
export async function exportPiece(
	db: Executor,
	format: ExportFormat,
	taken: Taken,
	{ after, count }: ExportPosition
): Promise<ExportPiece> {
	const writer = WRITERS[format];
	const { records, next } = await nextAudit(db, taken.filter, { after, to: taken.head.seq, limit: PAGE });
	const written = count + records.length;
	const begin = after === 0 ? writer.begin(taken) : '';
	const end = next === null ? writer.end(written) : '';
	const text = [begin, ...records.map(writer.record), end].join('');
	return { text, next: next === null ? null : { after: next, count: written }, count: written };
}

function saidOf({ by, at, scope, filter, head }: Taken): [string, string][] {
	const asked = Object.entries(filterDetail(filter)).map(
		([name, value]) => [`filter.${name}`, value] as [string, string]
	);
	return [['by', by], ['at', new Date(at).toISOString()], ['scope', scope], ...asked, ['head', headText(head)]];
}

const line = (cells: readonly string[]): string => csvLine(cells.map(guarded));
const jsonLine = (value: object): string => `${JSON.stringify(value)}\n`;
