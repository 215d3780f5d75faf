import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { doorOptions, sleep, untilInterrupted } from './door-options.ts';
import { eventDoor } from './event-door.ts';
import { ADAPTERS, replay } from './replay.ts';
import type { ReplayAdapter } from './replay-adapter.ts';
import { countCodes } from './simulate.ts';
import { numberOption, print, textOption, UsageProblem, type CommandLine } from './usage.ts';

const QUARTER_HOUR_SECONDS = 900;
const DAY_SECONDS = 82_800;
const PRINT_EVERY_MS = 2000;

/** `replay FILE`: the whole record in `--seconds` (a quarter of an hour unless said otherwise; 0 = as fast as it goes). */
export async function runReplay(line: CommandLine): Promise<number> {
	const [file] = line.words;
	if (file === undefined) throw new UsageProblem('Use: replay FILE [--adapter oslo] [--seconds T] [--register] …');
	const adapter = adapterOption(line);
	const order = textOption(line, 'order') ?? 'file';
	if (order !== 'file' && order !== 'shuffled') throw new UsageProblem(`--order ${order}: use file or shuffled.`);
	const lines = (await readFile(file, 'utf8')).split('\n').filter((text) => text.trim() !== '');
	if (line.options['register'] === true) await registerStations(line, adapter, lines, basename(file));
	const signal = untilInterrupted();
	let printedAt = Date.now();
	const summary = await replay({
		adapter,
		lines,
		order,
		door: eventDoor({ ...(await doorOptions(line, 'replay')), sleep }),
		seconds: numberOption(line, 'seconds', QUARTER_HOUR_SECONDS, { min: 0, max: DAY_SECONDS }),
		seed: numberOption(line, 'seed', 1, { min: 0, max: Number.MAX_SAFE_INTEGER }),
		duplicateShare: numberOption(line, 'duplicates', 0, { min: 0, max: 1 }),
		now: Date.now,
		sleep,
		signal,
		onProgress({ sent, total }) {
			if (Date.now() - printedAt < PRINT_EVERY_MS) return;
			printedAt = Date.now();
			print(`${sent} of ${total} events`);
		}
	});
	print(`${summary.events} events, sent ${summary.sent} (${summary.duplicates} twice), ${summary.accepted} accepted`);
	const codes = new Map<string, number>();
	countCodes(codes, summary.rejected, print);
	for (const [code, count] of codes) print(`refused ${count} × ${code}`);
	return summary.rejected.length > 0 ? 1 : 0;
}

function adapterOption(line: CommandLine): ReplayAdapter {
	const name = textOption(line, 'adapter') ?? 'oslo';
	const adapter = ADAPTERS.find((known) => known.name === name);
	if (adapter) return adapter;
	throw new UsageProblem(`--adapter ${name}: use one of ${ADAPTERS.map((known) => known.name).join(', ')}.`);
}

/** Brings the stations of the record into the registry, by code alone, where they are not there yet. */
async function registerStations(
	line: CommandLine,
	adapter: ReplayAdapter,
	lines: string[],
	file: string
): Promise<void> {
	const rows = adapter.stationsOf(lines).map((code) => ({ code, name: code, telemetry: 'manual' }));
	const report = await line.operator.run('importStations', {
		fileName: `stations of ${file}.json`,
		base64: Buffer.from(JSON.stringify(rows)).toString('base64'),
		datum: 'wgs84',
		dryRun: false
	});
	print(`stations of the record: ${report.added.length} new, ${report.unchanged} known`);
	for (const { line: row, message } of report.errors) print(`row ${row}: ${message}`);
}
