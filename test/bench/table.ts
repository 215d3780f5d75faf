/** What a measurement prints. */
export interface Row {
	readonly what: string;
	readonly measured: string;
	/** null where the target is no ratio */
	readonly ratio: number | null;
	/** `≥ 0.6` or `≤ 1.15` of the ratio, a sentence with `isMet` otherwise, empty for a row that only informs */
	readonly target: string;
	/** where the target is no ratio */
	readonly isMet?: boolean;
}

export function median(values: readonly number[]): number {
	return percentile(values, 0.5);
}

/** Nearest rank: the smallest value that `share` (0 < share ≤ 1) of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

export function printTable(rows: readonly Row[]): void {
	const cells = rows.map((row) => [row.what, row.measured, row.ratio?.toFixed(3) ?? '', row.target, verdict(row)]);
	const table = [['what', 'measured', 'ratio', 'target', ''], ...cells];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
	for (const row of table)
		console.log(
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd()
		);
}

function verdict({ target, ratio, isMet }: Row): string {
	if (target === '') return '';
	return (isMet ?? meets(target, ratio ?? Number.NaN)) ? 'ok' : 'MISS';
}

function meets(target: string, ratio: number): boolean {
	const [sign, limit] = target.split(' ');
	return sign === '≥' ? ratio >= Number(limit) : ratio <= Number(limit);
}
