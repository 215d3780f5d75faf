/** `npm run bench [-- NAME …]`: figures, as ratios measured in one run. Nothing here is a test. */
import { benchDrain } from './drain.ts';
import { printTable, type Row } from './table.ts';

const BENCHES: Record<string, () => Promise<Row[]>> = { drain: benchDrain };

const asked = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, run] of Object.entries(BENCHES)) {
	if (asked.length > 0 && !asked.includes(name)) continue;
	console.log(`measuring ${name} …`);
	rows.push(...(await run()));
}
printTable(rows);
process.exit(0);
