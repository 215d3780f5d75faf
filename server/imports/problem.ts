/** A refusal of the import desk: an HTTP status, a code for programs, a sentence that says what to do. */
export class ImportProblem extends Error {
	readonly status: number;
	readonly code: string;
	/** More for the page: the line of a broken file, the sites in the way of an undo */
	readonly details: Readonly<Record<string, unknown>>;
	constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
		super(message);
		this.name = 'ImportProblem';
		this.status = status;
		this.code = code;
		this.details = details;
	}
}
