/** What is to be said about one place of a file. An error keeps its row out; a warning lets it in. */
export interface Finding {
	/** Line of the file, from 1 (row of a sheet, element of JSON on one line); of a record over several lines the first */
	readonly line: number;
	/** Header of the column, as the file writes it */
	readonly column?: string;
	/** What the registry calls it; absent where the finding is about the whole row */
	readonly field?: string;
	readonly code: string;
	/** One sentence: what is wrong and what was done or is to do. Never repeats personal data. */
	readonly message: string;
}
