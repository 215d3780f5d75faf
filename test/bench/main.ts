/** `npm run bench [-- NAME …]`: figures, as ratios measured in one run. Nothing here is a test: a miss is printed, not failed. */
import { ensureBuild, ensureServerPrograms } from '../../scripts/setup.mjs';
import { benchAccess } from './access.ts';
import { benchBytes } from './bytes.ts';
import { benchDrain } from './drain.ts';
import { benchFanout } from './fanout.ts';
import { benchImport } from './import.ts';
import { benchLatency } from './latency.ts';
import { loadOfOthers, machineFacts } from './machine.ts';
import { benchMap } from './map.ts';
import { benchRestart } from './restart.ts';
import { printTable, type Row } from './table.ts';
import { benchWall } from './wall-page.ts';

const BENCHES = new Map<string, () => Promise<Row[]>>([
	['drain', benchDrain],
	['latency', benchLatency],
	['fanout', benchFanout],
	['bytes', benchBytes],
	['access', benchAccess],
	['restart', benchRestart],
	['import', benchImport],
	['map', benchMap],
	['wall', benchWall]
]);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !BENCHES.has(name));
if (unknown.length > 0) {
	console.error(
		`There is no bench ${unknown.join(', ')}; use some of ${[...BENCHES.keys()].join(', ')}, or none for all.`
	);
	process.exit(1);
}

await ensureServerPrograms();
await ensureBuild();
const rows: Row[] = [];
const loads: string[] = [];
const failures: string[] = [];
for (const [name, run] of BENCHES) {
	if (asked.length > 0 && !asked.includes(name)) continue;
	const load = `${name}: ${await loadOfOthers()}`;
	console.log(`measuring ${load} …`);
	const started = performance.now();
	try {
		rows.push(...(await run()));
	} catch (error) {
		console.error(error);
		failures.push(name);
	}
	loads.push(`${load}; took ${Math.round((performance.now() - started) / 1000)} s`);
}
console.log(`\n${machineFacts()}\n${loads.join('\n')}\n`);
printTable(rows);
if (failures.length > 0) console.log(`\nnot measured, see the errors above: ${failures.join(', ')}`);
process.exit(failures.length > 0 ? 1 : 0);
