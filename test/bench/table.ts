/** What a measurement prints. */
export interface Row {
	readonly what: string;
	readonly measured: string;
	/** null where the target is no ratio */
	readonly ratio: number | null;
	readonly target: string;
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function printTable(rows: readonly Row[]): void {
	const cells = rows.map(({ what, measured, ratio, target }) => [what, measured, ratio?.toFixed(3) ?? '', target]);
	const table = [['what', 'measured', 'ratio', 'target'], ...cells];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
	for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}
