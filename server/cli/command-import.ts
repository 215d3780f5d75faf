import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DATUMS, type Datum } from '#domain/site.ts';
import { formatImportReport } from './import-stations.ts';
import { print, textOption, UsageProblem, type CommandLine } from './usage.ts';

/** `import stations FILE`. Exit code 1 when the file has errors, though its good rows were taken. */
export async function runImport(line: CommandLine): Promise<number> {
	const [what, file] = line.words;
	if (what !== 'stations' || file === undefined)
		throw new UsageProblem('Use: import stations FILE [--datum gcj02] [--dry-run]');
	const bytes = await readFile(file);
	const report = await line.operator.run('importStations', {
		fileName: basename(file),
		base64: bytes.toString('base64'),
		datum: datumOption(line),
		dryRun: line.options['dry-run'] === true
	});
	print(formatImportReport(report));
	return report.errors.length > 0 ? 1 : 0;
}

function datumOption(line: CommandLine): Datum {
	const text = textOption(line, 'datum') ?? 'wgs84';
	const datum = DATUMS.find((known) => known === text);
	if (datum) return datum;
	throw new UsageProblem(`--datum ${text}: use one of ${DATUMS.join(', ')}.`);
}
