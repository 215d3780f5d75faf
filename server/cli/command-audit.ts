import { open, rm } from 'node:fs/promises';
import { headText, readHead } from '#server/audit/verify.ts';
import { EXPORT_FORMATS, type ExportPiece, type ExportPosition } from '#server/audit/export-file.ts';
import { print, textOption, UsageProblem, type CommandLine } from './usage.ts';

/** `audit verify [--expect SEQ:HASH]` · `audit export FILE [--from DAY] [--to DAY]` */
export async function runAudit(line: CommandLine): Promise<number> {
	const [action] = line.words;
	if (action === 'verify') return verify(line);
	if (action === 'export') return exportFile(line);
	throw new UsageProblem('Use: audit verify [--expect SEQ:HASH], or: audit export FILE [--from DAY] [--to DAY]');
}

/** 1 when the chain does not hold. */
async function verify(line: CommandLine): Promise<number> {
	const expect = textOption(line, 'expect');
	if (expect !== null && !readHead(expect)) {
		throw new UsageProblem('--expect: give the head as it was written down, SEQ:HASH.');
	}
	const { ok, records, head, problems, found } = await line.operator.run('verifyAudit', { expect });
	for (const { message } of problems) print(message);
	if (found > problems.length) print(`… and ${found - problems.length} more.`);
	print(
		ok ? `The chain of ${records} records holds.` : `The chain of ${records} records does not hold. Problems: ${found}.`
	);
	print(`Head, to be written down: ${headText(head)}`);
	return ok ? 0 : 1;
}

async function exportFile(line: CommandLine): Promise<number> {
	const path = line.words[1];
	const format = EXPORT_FORMATS.find((known) => path?.endsWith(`.${known}`));
	if (path === undefined || !format) {
		throw new UsageProblem('Use: audit export FILE [--from DAY] [--to DAY], with FILE ending in .csv or .jsonl');
	}
	const [from, to] = [textOption(line, 'from'), textOption(line, 'to')];
	// An earlier export is evidence: it is not written over.
	const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') throw error;
		throw new UsageProblem(`${path} is there already and is not written over. Name another file.`);
	});
	try {
		const { taken } = await line.operator.run('startAuditExport', { format, from, to });
		let position: ExportPosition | null = { after: 0, count: 0 };
		let count = 0;
		while (position) {
			const piece: ExportPiece = await line.operator.run('auditExportPiece', { format, taken, position });
			await file.write(piece.text);
			({ next: position, count } = piece);
		}
		await file.sync();
		print(`${count} records → ${path}`);
		return 0;
	} catch (error) {
		// A part of an export looks like a whole one until its end is read.
		await rm(path, { force: true });
		throw error;
	} finally {
		await file.close();
	}
}
