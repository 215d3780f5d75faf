import { doorOptions, sleep, untilInterrupted } from './door-options.ts';
import { simulateCommand } from './simulate.ts';
import { numberOption, print, type CommandLine } from './usage.ts';

const MOST = Number.MAX_SAFE_INTEGER;

/** `simulate`: until Ctrl-C, or for `--seconds`. */
export async function runSimulate(line: CommandLine): Promise<number> {
	const number = (name: string, min: number): number | undefined =>
		line.options[name] === undefined ? undefined : numberOption(line, name, 0, { min, max: MOST });
	const [rate, stations, seconds] = [number('rate', 0.1), number('stations', 1), number('seconds', 1)];
	const sites = await line.operator.run('listStations', {});
	const summary = await simulateCommand({
		...(await doorOptions(line, 'simulator')),
		sites,
		seed: numberOption(line, 'seed', 1, { min: 0, max: MOST }),
		...(rate !== undefined && { rate }),
		...(stations !== undefined && { stations }),
		...(seconds !== undefined && { seconds }),
		now: Date.now,
		sleep,
		print,
		signal: untilInterrupted()
	});
	const perSecond = Math.round(summary.sent / Math.max(summary.seconds, 1));
	print(`sent ${summary.sent} events (${perSecond} a second), ${summary.accepted} accepted`);
	for (const [code, count] of summary.rejected) print(`refused ${count} × ${code}`);
	return summary.rejected.size > 0 ? 1 : 0;
}
