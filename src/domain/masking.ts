/**
 * Small counts [PE20]: one or two visits of an occupation in a street or at a station may be somebody whom people know. They
 * are hidden (null), and with them as many others as are needed so that none is found by subtraction: within a row, whose
 * total everybody sees, and between an area and the parts that sum to it. Pure, and the same for the same numbers.
 */

/** Counts below this are hidden; 0 is no person. */
export const FEWEST_TOLD = 3;

/** Counts of one place; null = hidden, which may be any number. */
export type MaskedCounts = readonly (number | null)[];

export interface CountRow {
	readonly counts: readonly number[];
	/** place of the row that this one is a part of; -1 = none. The parts of a row sum to it. */
	readonly parent: number;
	/** its own small counts are hidden; else only what would give away another's */
	readonly isSmall: boolean;
}

/** All rows of a tree, in their order. */
export function maskTree(rows: readonly CountRow[]): MaskedCounts[] {
	const table = new Table(rows, null);
	table.settle();
	return rows.map((_, row) => table.told(row));
}

/**
 * The parts of one area whose own row is told already as `told`. Where what the area tells would give away one of them,
 * nothing is told of any.
 */
export function maskParts(counts: readonly number[], told: MaskedCounts, parts: readonly (readonly number[])[]) {
	const rows = [
		{ counts, parent: -1, isSmall: false },
		...parts.map((one) => ({ counts: one, parent: 0, isSmall: true }))
	];
	const table = new Table(rows, told);
	const isKept = table.settle();
	return parts.map((one, index): MaskedCounts => (isKept ? table.told(index + 1) : one.map(() => null)));
}

/** One row by itself. */
export function maskRow(counts: readonly number[]): MaskedCounts {
	return maskTree([{ counts, parent: -1, isSmall: true }])[0] ?? counts;
}

interface Cell {
	readonly row: number;
	readonly column: number;
}

class Table {
	readonly #rows: readonly CountRow[];
	readonly #hidden: boolean[][];
	readonly #parts: number[][];
	readonly #totals: number[];
	/** the first row is told already and cannot be changed */
	readonly #isFirstFixed: boolean;

	constructor(rows: readonly CountRow[], firstTold: MaskedCounts | null) {
		this.#rows = rows;
		this.#isFirstFixed = firstTold !== null;
		this.#parts = rows.map(() => []);
		this.#totals = rows.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
		this.#hidden = rows.map(({ counts, parent, isSmall }, row) => {
			if (parent >= 0) this.#parts[parent]?.push(row);
			if (row === 0 && firstTold) return firstTold.map((count) => count === null);
			return counts.map((count) => isSmall && count > 0 && count < FEWEST_TOLD);
		});
	}

	told(row: number): MaskedCounts {
		return (this.#rows[row]?.counts ?? []).map((count, column) => (this.#isHidden(row, column) ? null : count));
	}

	/** Hides until nothing gives away anything; cells are never shown again, so it ends. False: the fixed row would have to change. */
	settle(): boolean {
		for (let isChanged = true; isChanged;) {
			isChanged = false;
			for (let row = this.#rows.length - 1; row >= 0; row--) {
				const result = this.#settleParts(row);
				if (result === null) return false;
				if (this.#settleRow(row) || result) isChanged = true;
			}
		}
		return true;
	}

	/** A row and its total. */
	#settleRow(row: number): boolean {
		if (row === 0 && this.#isFirstFixed) return false;
		const cells = this.#cells(row);
		let isChanged = false;
		for (let next = this.#nextOf(cells); next !== undefined; next = this.#nextOf(cells)) {
			this.#hide(next);
			isChanged = true;
		}
		return isChanged;
	}

	/** The parts of a row and each of its counts that is told; null: only the fixed row is left to hide. */
	#settleParts(row: number): boolean | null {
		// A row without any visit has nothing that its total would not say.
		const parts = (this.#parts[row] ?? []).filter((part) => (this.#totals[part] ?? 0) > 0);
		let isChanged = false;
		for (let column = 0; parts.length > 0 && column < (this.#rows[row]?.counts.length ?? 0); column++) {
			if (this.#isHidden(row, column)) continue;
			const cells = parts.map((part) => ({ row: part, column }));
			while (!this.#isHidden(row, column) && this.#isFound(cells)) {
				const next = this.#nextOf(cells) ?? { row, column };
				if (next.row === 0 && this.#isFirstFixed) return null;
				this.#hide(next);
				isChanged = true;
			}
		}
		return isChanged;
	}

	/** Whether what is hidden of these is known from the sum of all: one alone, only zeros, or only ones. */
	#isFound(cells: readonly Cell[]): boolean {
		const hidden = cells.filter(({ row, column }) => this.#isHidden(row, column)).map((cell) => this.#count(cell));
		const first = hidden[0];
		if (first === undefined) return false;
		return hidden.length === 1 || (first <= 1 && hidden.every((count) => count === first));
	}

	/**
	 * What to hide beside what would be found: the smallest, rather where the area above tells nothing anyhow, and a 0 only
	 * when there is nothing else. Undefined: nothing has to be, or nothing is left.
	 */
	#nextOf(cells: readonly Cell[]): Cell | undefined {
		if (!this.#isFound(cells)) return undefined;
		const told = cells.filter(({ row, column }) => !this.#isHidden(row, column));
		const rank = (cell: Cell): readonly number[] => {
			const count = this.#count(cell);
			const above = this.#rows[cell.row]?.parent ?? -1;
			const isFree = above < 0 || this.#isHidden(above, cell.column);
			// Of zeros the one whose column has the most to hide it among.
			const among = count > 0 || above < 0 ? 0 : -this.#count({ row: above, column: cell.column });
			return [count === 0 ? 1 : 0, isFree ? 0 : 1, count, among];
		};
		return told.map((cell) => [cell, rank(cell)] as const).toSorted(([, a], [, b]) => compare(a, b))[0]?.[0];
	}

	#cells = (row: number): Cell[] => (this.#rows[row]?.counts ?? []).map((_, column) => ({ row, column }));
	#count = ({ row, column }: Cell): number => this.#rows[row]?.counts[column] ?? 0;
	#isHidden = (row: number, column: number): boolean => this.#hidden[row]?.[column] ?? false;

	#hide({ row, column }: Cell): void {
		const hidden = this.#hidden[row];
		if (hidden) hidden[column] = true;
	}
}

function compare(a: readonly number[], b: readonly number[]): number {
	for (let i = 0; i < a.length; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}
