/** The machine as it is while nothing of ours runs: what a figure of this bench must be read against. */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 3000;
/** Above this share of the machine, figures are not to be trusted. */
const LOUD_FROM = 0.1;

export const CORES = cpus().length;

/** Producer, Redis, server and clients of every row run here together. */
export const SHARED = `all on the same ${CORES} cores`;

export function machineFacts(): string {
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${CORES} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${memory} GiB, Node ${process.version}`;
}

/** One line on what others use of the machine at this moment. Takes 3 s. */
export async function loadOfOthers(): Promise<string> {
	const before = readCpuTimes();
	await delay(LOOK_MS);
	const after = readCpuTimes();
	const busy = 1 - (after.idle - before.idle) / (after.total - before.total);
	const line = `idle before it ${Math.round((1 - busy) * 100)} %`;
	return busy > LOUD_FROM ? `${line}: OTHERS USE ${Math.round(busy * 100)} % OF THE MACHINE` : line;
}

/** Ticks of all cores since boot (proc(5): user nice system idle iowait irq softirq steal …). */
function readCpuTimes(): { idle: number; total: number } {
	const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
	const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
	return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), total: ticks.reduce((sum, one) => sum + one, 0) };
}
