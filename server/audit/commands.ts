/** What an operator may ask of the audit from the command line. It is recorded as any other reading is. */
import type { AuditEntry } from '#server/access/audit.ts';
import { OPERATOR } from '#server/access/caller.ts';
import { appendAudit, auditHead } from '#server/store/audit-store.ts';
import type { Database } from '#server/store/query.ts';
import { draftOf } from './draft.ts';
import { exportPiece, type ExportFormat, type ExportPosition, type Taken } from './export-file.ts';
import { filterDetail, readFilter } from './filter.ts';
import { headText, readHead, verifyAudit } from './verify.ts';

interface Context {
	readonly db: Database;
}

interface ExportAsked {
	readonly format: ExportFormat;
	/** a day or a moment; null = from the first, to the last */
	readonly from: string | null;
	readonly to: string | null;
}

export const AUDIT_COMMANDS = {
	async verifyAudit({ db }: Context, { expect }: { expect: string | null }) {
		const expected = expect === null ? null : readHead(expect);
		if (expect !== null && !expected) throw new Error('The expected head is no SEQ:HASH.');
		const report = await verifyAudit(db, expected);
		const { ok, records, head, found } = report;
		const detail = { records, head: headText(head), problems: found, ...(expect && { expected: expect }) };
		await note(db, { action: 'audit.verified', result: ok ? 'ok' : 'failed', detail }).catch((error: Error) => {
			// A chain without its head takes no record; who looks for the damage must still be told.
			if (ok) throw error;
		});
		return report;
	},
	async startAuditExport({ db }: Context, { format, from, to }: ExportAsked): Promise<{ taken: Taken }> {
		const read = readFilter(new URLSearchParams({ from: from ?? '', to: to ?? '' }));
		if (!read.ok) throw new Error(read.message);
		const { filter } = read;
		const head = await auditHead(db);
		const detail = { format, ...filterDetail(filter), upTo: head.seq };
		await note(db, { action: 'audit.exported', result: 'ok', detail });
		return { taken: { by: 'operator', at: Date.now(), scope: 'city', filter, head } };
	},
	auditExportPiece({ db }: Context, asked: { format: ExportFormat; taken: Taken; position: ExportPosition }) {
		return exportPiece(db, asked.format, asked.taken, asked.position);
	}
};

async function note(db: Database, entry: Pick<AuditEntry, 'action' | 'result' | 'detail'>): Promise<void> {
	await appendAudit(db, [draftOf({ actor: OPERATOR, object: 'audit', scope: 'city', ...entry }, Date.now())]);
}
